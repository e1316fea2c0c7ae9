"""The next nine as pages show them: the list of causes, one cause with its mails, and what is said above an editor."""

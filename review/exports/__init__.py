"""One conversation to take away, with the dossier of each draft: who saw which evidence, for how long, what changed, under which setup.

`json_file` has all of it for programs, `pdf` the same for people.
"""

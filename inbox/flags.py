"""Flags of a message whose bytes are not all here, for whoever needs to know without what brings mails."""

TRUNCATED = "truncated"
"""Only the start of a mail over the limit is kept."""
WITHHELD = "withheld"
"""The server lists the mail and does not hand it out; no more than its header is kept."""

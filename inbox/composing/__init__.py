"""The MIME of what we write. All but the body and its files is decided here, by code: recipient, subject, threading, quote, signature."""

from inbox.composing.body import QUOTED_CHARS
from inbox.composing.files import File
from inbox.composing.headers import MOST_REFERENCES, address_of, recipient_of, reply_subject
from inbox.composing.mails import Composed, compose, compose_follow_up, compose_new

__all__ = [
    "MOST_REFERENCES",
    "QUOTED_CHARS",
    "Composed",
    "File",
    "address_of",
    "compose",
    "compose_follow_up",
    "compose_new",
    "recipient_of",
    "reply_subject",
]

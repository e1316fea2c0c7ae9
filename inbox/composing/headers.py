"""The headers of what we write: to whom, about what, and what it answers."""

import re
from collections.abc import Sequence

from inbox.errors import Refused
from inbox.models import Message
from inbox.subjects import base_subject

MOST_REFERENCES = 20
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]{1,255}")
_ID = re.compile(r"[!-;=?-~]{1,250}")


def recipient_of(message: Message) -> str:
    """Who gets the answer: the address that the message is from, and nobody else. Raises Refused where there is none to write to.

    Reply-To is what the sender claims and is not followed: whoever forges one would get another person's answer.
    """
    if message.kind in {Message.Kind.BOUNCE, Message.Kind.OWN}:
        raise Refused("Nobody would read an answer to this mail: it is a bounce or our own.")
    address = address_of(message.from_address)
    if not address:
        raise Refused(f"This mail names no sender that can be written to ({message.from_address or 'no address'}).")
    return address


def address_of(text: str) -> str:
    """One mail address as it goes into a header, its domain in ASCII (IDNA); "" for what is not one address."""
    local, _, domain = text.rpartition("@")
    try:
        address = f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError:
        return ""
    return address if _ADDRESS.fullmatch(address) else ""


def reply_subject(subject: str) -> str:
    """One "Re: " before the subject, whatever marks and line breaks it had."""
    return f"Re: {clean_line(base_subject(clean_line(subject)))[:300]}".strip()


def threading(answered: str, before: Sequence[str]) -> dict[str, str]:
    """RFC 5322, 3.6.4: the id that is answered, and those `before` it, oldest first. Of a very long thread the first and the last ids."""
    if not _ID.fullmatch(answered):
        return {}
    ids = [one for one in before if _ID.fullmatch(one) and one != answered]
    if len(ids) >= MOST_REFERENCES:
        ids = [ids[0], *ids[2 - MOST_REFERENCES :]]
    own = f"<{answered}>"
    return {"In-Reply-To": own, "References": " ".join([*(f"<{one}>" for one in ids), own])}


def clean_line(text: str) -> str:
    """One line: what came out of a header may hold line breaks, which would start headers of their own."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\u2028\u2029]", " ", text.encode("utf-8", "replace").decode()).split())

"""What a mail provider writes on top of a mail that it takes in, and what it must not believe."""

import re
from collections.abc import Collection
from email.parser import BytesHeaderParser
from email.utils import formatdate, getaddresses

from deploy.demo import places

_LINE_END = re.compile(rb"\r?\n")
_FIELD_START = re.compile(rb"\r?\n(?![ \t])")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


def stamp(raw: bytes, *, login: str | None, mail_from: str, recipient: str, local: Collection[str]) -> bytes:
    """The mail with Return-Path, Received and Authentication-Results on top; forged ones are taken off (RFC 8601, 5)."""
    fields, rest = _split(raw)
    kept = [field for field in fields if not _is_ours_to_write(field)]
    result, domain = dmarc(b"\r\n".join(kept), login=login, local=local)
    top = [
        f"Return-Path: <{mail_from}>",
        f"Received: from {'a signed-in sender' if login else 'outside'} by {places.AUTHSERV_ID} with ESMTP{'A' if login else ''}\r\n"
        f" for <{recipient}>; {formatdate(localtime=True)}",
        f"Authentication-Results: {places.AUTHSERV_ID}; dmarc={result} header.from={domain}",
    ]
    return b"\r\n".join([*(line.encode("ascii", "replace") for line in top), *kept]) + rest


def dmarc(header: bytes, *, login: str | None, local: Collection[str]) -> tuple[str, str]:
    """What DMARC (RFC 7489) would say of the From header, and the domain there.

    The provider hosts every domain that publishes a policy here, so the sign-in stands for SPF and DKIM: it passes when the login owns the
    From address, and there is nothing to check for a domain that the provider does not know.
    """
    senders = BytesHeaderParser().parsebytes(header + b"\r\n\r\n").get_all("From", [])
    addresses = [address.lower() for _, address in getaddresses([str(sender) for sender in senders]) if "@" in address]
    if len(addresses) != 1:
        return "permerror", "unknown"
    domain = re.sub(r"[^a-z0-9.-]", "", addresses[0].rpartition("@")[2])
    if addresses[0] == login:
        return "pass", domain
    return ("fail" if domain in {address.rpartition("@")[2] for address in local} else "none"), domain


def _split(raw: bytes) -> tuple[list[bytes], bytes]:
    """The header's fields, each with its folded lines, and everything from the blank line on."""
    text = b"\r\n" + raw
    blank = _BLANK_LINE.search(text)
    head, rest = (text[: blank.start()], text[blank.start() :]) if blank else (text, b"\r\n")
    return [field for field in _FIELD_START.split(head) if field], rest


def _is_ours_to_write(field: bytes) -> bool:
    name, _, value = field.partition(b":")
    if name.strip().lower() == b"authentication-results":
        return places.AUTHSERV_ID.encode() in _LINE_END.sub(b"", value).partition(b";")[0].lower()
    return name.strip().lower() == b"return-path"

"""Attachments: their names as stated and cleaned, their bytes, and how much of them is read."""

import hashlib
import re
from pathlib import PurePosixPath
from urllib.parse import unquote, unquote_to_bytes

from inbox import charsets, file_types
from inbox.parsing.headers import decode_words
from inbox.parsing.mime import Part, undo_transfer_encoding
from inbox.parsing.model import Attachment, Limits
from inbox.parsing.values import read_id

_UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f<>"\u202a-\u202e\u2066-\u2069]')

_SHOWN_ID = re.compile(r"cid:([^\"'\s<>)]{1,500})", re.IGNORECASE)
_START = 1_024


def file_name(part: Part) -> str:
    """The name a part gives its file, decoded, as stated; "" if it gives none."""
    for parameters, name in (
        (part.disposition_parameters, "filename"),
        (part.parameters, "name"),
        (part.disposition_parameters, "name"),
        (part.parameters, "filename"),
    ):
        value = parameters.get(name, "")
        if value:
            return decode_words(value) if "=?" in value else _percent_decoded(value)
    return ""


def _percent_decoded(value: str) -> str:
    """Some programs forget the asterisk of RFC 2231 but write its syntax."""
    found = re.fullmatch(r"([A-Za-z0-9_-]{2,20})'[A-Za-z-]{0,8}'((?:[^%']|%[0-9A-Fa-f]{2})+)", value)
    if not found or "%" not in found[2]:
        return value
    return charsets.decode(unquote_to_bytes(found[2]), found[1])


def clean_name(name: str) -> str:
    """A name that is safe to show and to store: no path, no control or direction characters, at most 200 characters."""
    name = PurePosixPath(name.replace("\\", "/")).name if "/" in name or "\\" in name else name
    name = " ".join(charsets.storable(_UNSAFE_IN_NAME.sub("_", name)).split()).rstrip(". ") if name else ""
    if len(name) <= 200:
        return name
    stem, dot, extension = name.rpartition(".")
    return f"{stem[: 190 - len(extension)]}.{extension}" if dot and len(extension) < 20 else name[:200]


def read_attachments(raw: bytes, parts: list[Part], *, html: str, limits: Limits, flags: list[str]) -> tuple[Attachment, ...]:
    """Every attached part. Beyond the limit of decoded bytes a part is listed with its encoded size and without a hash.

    `html` is where the parts that belong into the text are shown.
    """
    shown = frozenset(unquote(found) for found in _SHOWN_ID.findall(html))
    found: list[Attachment] = []
    room = limits.decoded_bytes
    for index, part in enumerate(parts):
        encoded = part.end - part.start
        if encoded > room:
            flags.append("attachments_too_large")
            start = undo_transfer_encoding(raw[part.start : part.start + _START], part.transfer_encoding)
            found.append(_attachment(index, part, encoded, "", start=start, shown=shown, is_last=part.end >= len(raw)))
            continue
        data = decoded_attachment(raw, part)
        room -= len(data)
        sha256 = hashlib.sha256(data).hexdigest()
        found.append(_attachment(index, part, len(data), sha256, start=data[:_START], shown=shown, is_last=part.end >= len(raw)))
    return tuple(found)


def decoded_attachment(raw: bytes, part: Part) -> bytes:
    """The bytes of an attachment; an enclosed message is never transfer-encoded by the standard, though some are."""
    data = part.decoded(raw)
    return data if data or part.start == part.end else part.encoded(raw)


def _attachment(index: int, part: Part, size: int, sha256: str, *, start: bytes, shown: frozenset[str], is_last: bool) -> Attachment:
    name = clean_name(file_name(part))
    content_type = file_types.sniff(name, start, declared=part.content_type)
    content_id = read_id(part.headers.unfolded("content-id"))
    is_inline = _is_inline(part, content_id, shown)
    return Attachment(index, name, content_type, size, sha256, content_id, is_inline, part.packed is not None, is_last=is_last)


def _is_inline(part: Part, content_id: str, shown: frozenset[str]) -> bool:
    """Whether the text shows it. A file with a name that only asks to be shown, as phones send photos, was sent for its own sake."""
    if part.disposition == "attachment":
        return False
    return content_id in shown if content_id else part.disposition == "inline" and not file_name(part)

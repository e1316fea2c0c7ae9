"""Files that leave with a mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from urllib.parse import quote

from inbox.parsing.attachments import clean_name

_PIECE = 55
"""Characters of a name in one parameter; a line of a header should have 78 at most (RFC 5322, 2.1.1)."""


@dataclass(frozen=True)
class File:
    """A file to attach. `content_type` is of the form "application/pdf"."""

    name: str
    content_type: str
    content: bytes


def with_files(text: MIMEMultipart, files: Sequence[File]) -> MIMEMultipart:
    """`text` alone, or in front of its files in a multipart/mixed (RFC 2046, 5.1.3)."""
    if not files:
        return text
    mixed = MIMEMultipart("mixed")
    mixed.attach(text)
    for file in files:
        mixed.attach(_part(file))
    return mixed


def _part(file: File) -> MIMEBase:
    maintype, _, subtype = file.content_type.partition("/")
    part = MIMEBase(maintype, subtype)
    part.set_payload(file.content)
    encode_base64(part)
    part["Content-Disposition"] = "; ".join(["attachment", *_file_name(clean_name(file.name) or "file")])
    return part


def _file_name(name: str) -> list[str]:
    """The parameter that names a file, in pieces where it is long or not in ASCII (RFC 2183, 2.3; RFC 2231, 3 and 4)."""
    if name.isascii() and len(name) <= _PIECE:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return [f'filename="{escaped}"']
    pieces = _pieces([quote(char, safe="") for char in name])
    pieces[0] = f"utf-8''{pieces[0]}"
    if len(pieces) == 1:
        return [f"filename*={pieces[0]}"]
    return [f"filename*{number}*={piece}" for number, piece in enumerate(pieces)]


def _pieces(chars: Sequence[str]) -> list[str]:
    """`chars` in as many pieces as needed; none is torn apart."""
    pieces = [""]
    for char in chars:
        if len(pieces[-1]) + len(char) > _PIECE:
            pieces.append("")
        pieces[-1] += char
    return pieces

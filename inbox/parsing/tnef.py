"""What Outlook packs into winmail.dat: text and files (Microsoft's MS-OXTNEF)."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import NamedTuple

from inbox import charsets

_SIGNATURE = b"\x78\x9f\x3e\x22"
_BODY, _PROPERTIES, _FILE_BEGINS, _FILE_NAME, _FILE_DATA, _FILE_PROPERTIES, _CODEPAGE = (
    *(0x0002800C, 0x00069003, 0x00069002, 0x00018010, 0x0006800F, 0x00069005, 0x00069007),
)
_HTML, _TEXT, _RTF, _LONG_NAME, _CONTENTS = 0x1013, 0x1000, 0x1009, 0x3707, 0x3701
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
"""Sizes of the values of a type, padded to four bytes (MS-OXCDATA §2.11.1)."""
_SEVERAL = 0x1000
_MOST_FILES = 200
_MOST_PROPERTIES = 5_000


class File(NamedTuple):
    """A file inside, under its own name."""

    name: str
    content: bytes


class Packed(NamedTuple):
    """Text and files of a winmail.dat; `html` or `rtf` (compressed) where the text was formatted."""

    text: str = ""
    html: str = ""
    files: tuple[File, ...] = ()
    rtf: bytes = b""


def unpack(data: bytes) -> Packed:
    """What is inside. Damage ends the reading: what was read until then is answered."""
    text = html = ""
    codepage, rtf = "cp1252", b""
    files: list[File] = []
    for number, value in _attributes(data):
        if number == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{int.from_bytes(value[:4], 'little')}"
        elif number == _BODY:
            text = charsets.decode(value.rstrip(b"\0"), codepage)
        elif number == _PROPERTIES:
            properties = dict(_properties(value))
            text = text or charsets.decode(properties.get(_TEXT, b"").rstrip(b"\0"), codepage)
            html = charsets.decode(properties.get(_HTML, b"").rstrip(b"\0"), codepage)
            rtf = properties.get(_RTF, b"")
        elif number == _FILE_BEGINS and len(files) < _MOST_FILES:
            files.append(File("", b""))
        elif files:
            files[-1] = _with(files[-1], number, value, codepage)
    return Packed(text, html, tuple(one for one in files if one.content), rtf)


def _with(file: File, number: int, value: bytes, codepage: str) -> File:
    if number == _FILE_NAME:
        return file._replace(name=file.name or charsets.decode(value.rstrip(b"\0"), codepage))
    if number == _FILE_DATA:
        return file._replace(content=value)
    if number == _FILE_PROPERTIES:
        properties = dict(_properties(value))
        name = charsets.decode(properties.get(_LONG_NAME, b"").rstrip(b"\0"), codepage)
        return File(name or file.name, file.content or properties.get(_CONTENTS, b""))
    return file


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Numbers and values: level (1 byte), number, length (4 each), value, check sum (2)."""
    position = 6
    while data.startswith(_SIGNATURE) and position + 9 <= len(data):
        number = int.from_bytes(data[position + 1 : position + 5], "little")
        length = int.from_bytes(data[position + 5 : position + 9], "little")
        position += 9
        if position + length > len(data):
            return
        yield number, data[position : position + length]
        position += length + 2


def _properties(data: bytes) -> Iterator[tuple[int, bytes]]:
    """MAPI properties, each with its first value; one of an unknown type ends the reading."""
    reader = _Reader(data, 4)
    for _ in range(min(int.from_bytes(data[:4], "little"), _MOST_PROPERTIES)):
        kind, number = reader.number(2), reader.number(2)
        if number >= 0x8000:
            reader.skip_name()
        several, kind = bool(kind & _SEVERAL), kind & ~_SEVERAL
        count = reader.number(4) if several or kind not in _FIXED else 1
        values = [reader.value(kind) for _ in range(min(count, 1_000))]
        if reader.is_over or None in values:
            return
        if values:
            yield number, values[0] or b""


class _Reader:
    """Takes numbers and values from bytes; past their end there is nothing, and `is_over` says so."""

    def __init__(self, data: bytes, position: int) -> None:
        self.data, self.position = data, position

    @property
    def is_over(self) -> bool:
        return self.position > len(self.data)

    def take(self, length: int) -> bytes:
        start, self.position = self.position, self.position + length
        return self.data[start : self.position]

    def number(self, length: int) -> int:
        return int.from_bytes(self.take(length), "little")

    def value(self, kind: int) -> bytes | None:
        """A value by its type: text in UTF-16 as UTF-8 with its mark, an object without the id of its interface."""
        if kind in _FIXED:
            return self.take(_FIXED[kind])
        if kind not in {0x0D, 0x1E, 0x1F, 0x102}:
            return None
        length = self.number(4)
        found = self.take(length)
        self.take(-length % 4)
        if kind == 0x1F:
            return BOM_UTF8 + found.decode("utf-16-le", "replace").encode("utf-8", "replace")
        return found[16:] if kind == 0x0D else found

    def skip_name(self) -> None:
        """A property with a name has a GUID, and its number or its name before the value."""
        self.take(16)
        if self.number(4):
            length = self.number(4)
            self.take(length + -length % 4)
        else:
            self.take(4)

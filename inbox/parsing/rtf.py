"""Formatted text as Outlook packs it: compressed (MS-OXRTFCP), as Rich Text Format, and with HTML hidden in that (MS-OXRTFEX)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from inbox import charsets

_COMPRESSED, _STORED = b"LZFu", b"MELA"
_KNOWN_BEFORE = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New "
    rb"RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What every compressed text may refer to as if it stood before it (MS-OXRTFCP §2.1.2.1)."""
_WINDOW = 4_096
_MOST = 1_000_000
_MOST_GROUPS = 500
_MOST_TOKENS = 200_000
_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,9})? ?|\\'(?P<byte>[0-9A-Fa-f]{2})|\\(?P<sign>[^A-Za-z'])|(?P<brace>[{}])"
    rb"|(?P<text>[^\\{}\r\n]+)"
)
_UNSEEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr themedata datastore generator"
    b" listtable listoverridetable rsidtbl xmlnstbl fldinst mhtmltag".split()
)
_BREAKS = {b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t"}
_SIGNS = {
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"emspace": " ",
    b"enspace": " ",
    b"~": "\u00a0",
    b"_": "-",
    b"{": "{",
    b"}": "}",
    b"\\": "\\",
    b"\n": "\n",
    b"\r": "\n",
}
_CODEPAGES = dict(
    zip(
        (b"128", b"129", b"134", b"136", b"161", b"162", b"163", b"177", b"178", b"186", b"204", b"222", b"238"),
        (932, 949, 936, 950, 1253, 1254, 1258, 1255, 1256, 1257, 1251, 874, 1250),
        strict=True,
    )
)
"""Of the charsets that a font table names."""


class Formatted(NamedTuple):
    """Plain text, or the HTML that the text was made of."""

    text: str = ""
    html: str = ""


def decompress(data: bytes) -> bytes:
    """The RTF source; of damaged or overlong data what can be read until there."""
    if data[8:12] == _STORED:
        return data[16 : 16 + _MOST]
    if data[8:12] != _COMPRESSED:
        return b""
    out = bytearray(_KNOWN_BEFORE)
    position = 16
    while position < len(data) and len(out) < _MOST:
        flags, position = data[position], position + 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[position : position + 1]
                position += 1
                continue
            reference = int.from_bytes(data[position : position + 2], "big")
            distance = (len(out) - (reference >> 4)) % _WINDOW
            if position + 2 > len(data) or not distance or distance > len(out):
                return bytes(out[len(_KNOWN_BEFORE) :])
            _repeat(out, distance, (reference & 15) + 2)
            position += 2
    return bytes(out[len(_KNOWN_BEFORE) :])


def _repeat(out: bytearray, distance: int, length: int) -> None:
    """What stands `distance` back, once more; it may reach into itself."""
    piece = out[len(out) - distance : len(out) - distance + length]
    out += (piece * (length // len(piece) + 1))[:length]


def read_rtf(source: bytes) -> Formatted:
    """What a reader of the source sees."""
    reader = _Reader(source[:_MOST])
    text = "".join(reader.read()).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Formatted(html=text) if reader.holds_html else Formatted(text=text.strip())


@dataclass(frozen=True, slots=True)
class _Group:
    unseen: bool = False
    hidden: bool = False
    suppressed: bool = False
    is_tag: bool = False
    is_font_table: bool = False
    font: bytes = b""
    after_unicode: int = 1


class _Reader:
    """Walks the tokens once, with a stack of groups. Bytes wait until their charset ends, as two may be one character."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.holds_html = b"\\fromhtml" in source[:2_000]
        found = re.search(rb"\\ansicpg([0-9]{2,5})", source[:2_000])
        self.codepage = f"cp{int(found[1])}" if found else "cp1252"
        self.fonts: dict[bytes, str] = {}
        self.group, self.outer = _Group(), list[_Group]()
        self.waiting, self.left_out = bytearray(), 0

    def read(self) -> Iterator[str]:
        for token in islice(_TOKEN.finditer(self.source), _MOST_TOKENS):
            kind = token.lastgroup
            if token["byte"]:
                self._take(bytes([int(token["byte"], 16)]))
            elif kind == "text":
                self._take(token["text"])
            else:
                before = self._flushed()
                if before:
                    yield before
                yield self._turn(token["brace"]) if kind == "brace" else self._obey(token["word"] or token["sign"], token["number"] or b"")
        yield self._flushed()

    @property
    def _is_shown(self) -> bool:
        return not self.group.unseen and not self.group.hidden and (self.group.is_tag or not (self.holds_html and self.group.suppressed))

    def _take(self, data: bytes) -> None:
        kept = data[self.left_out :]
        self.left_out = max(0, self.left_out - len(data))
        if self._is_shown:
            self.waiting += kept

    def _flushed(self) -> str:
        data, self.waiting = bytes(self.waiting), bytearray()
        return charsets.decode(data, self.fonts.get(self.group.font, self.codepage)) if data else ""

    def _turn(self, brace: bytes) -> str:
        self.left_out = 0
        if brace == b"{" and len(self.outer) < _MOST_GROUPS:
            self.outer.append(self.group)
        elif brace == b"}" and self.outer:
            self.group = self.outer.pop()
        return ""

    def _obey(self, word: bytes, number: bytes) -> str:
        if word in {b"f", b"fcharset"}:
            self._note_font(word, number)
        elif word == b"*":
            self.group = replace(self.group, unseen=True)
        elif word == b"htmltag":
            self.group = replace(self.group, unseen=False, is_tag=True)
        elif word == b"htmlrtf":
            self.group = replace(self.group, suppressed=number != b"0")
        elif word == b"v":
            self.group = replace(self.group, hidden=number != b"0")
        elif word == b"uc":
            self.group = replace(self.group, after_unicode=int(number or b"1"))
        elif word in _UNSEEN:
            self.group = replace(self.group, unseen=True, is_font_table=word == b"fonttbl")
        return self._sign(word, number) if self._is_shown else ""

    def _note_font(self, word: bytes, number: bytes) -> None:
        if word == b"f":
            self.group = replace(self.group, font=number)
        elif self.group.is_font_table and number in _CODEPAGES:
            self.fonts[self.group.font] = f"cp{_CODEPAGES[number]}"

    def _sign(self, word: bytes, number: bytes) -> str:
        if word == b"u" and number:
            self.left_out = self.group.after_unicode
            return chr(int(number) % 0x10000)
        return _BREAKS.get(word) or _SIGNS.get(word, "")

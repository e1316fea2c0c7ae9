"""Bytes to text, whatever the mail claims about its charset.

Declared names are mapped to the superset that mail programs really mean (as the WHATWG encoding standard does), a declaration that the
bytes contradict is not believed, and only then is a guess made. Nothing here raises, and no answer contains NUL or lone surrogates, which
PostgreSQL and JSON refuse.
"""

import codecs
import re

from charset_normalizer import from_bytes

from inbox.charsets import jis, mixed
from inbox.charsets.alphabets import likely_charset
from inbox.charsets.names import python_codec

_SINGLE_BYTE = re.compile(r"^(cp125\d|cp874|iso8859|latin|mac|koi8|cp437|cp850)")
_ESCAPES_JAPANESE = re.compile(rb"\x1b\$[@B]|\x1b\(J")
_HTML_OR_8BIT = re.compile(rb"[\x80-\xff]")
_SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_NOT_LATIN = re.compile("[\u0370-\u1fff\u3040-\ud7ff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SAMPLE = 16_384
_MOST_JAPANESE = 4_000_000
_PLAUSIBLE = [
    "cp1252",
    "cp1251",
    "koi8_r",
    "cp1250",
    "iso8859_2",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "gb18030",
    "big5",
    "cp932",
    "euc_jp",
    "cp949",
]


def storable(text: str) -> str:
    """The text without what PostgreSQL and UTF-8 cannot hold: NUL goes, a lone surrogate becomes U+FFFD."""
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub(lambda found: "" if found[0] == "\0" else "�", text)


def decode(data: bytes, declared: str = "") -> str:
    """Text of a body or header whose mail declares this charset (or none); the best guess where the declaration is wrong."""
    if data.isascii() and b"\x1b" not in data and b"~{" not in data and b"\0" not in data:
        codec = python_codec(declared)
        if codec not in {"utf-7", "hz", "utf-16", "utf-32", "cp037", "cp500", "cp1140"}:
            return data.decode("ascii")
    return storable(_decode_any(data, declared))


def decode_header(data: bytes, hint: str = "") -> str:
    """A header with raw 8-bit characters: UTF-8 (RFC 6532), else what the text of the mail is in, which is no more than a hint."""
    codec = python_codec(hint)
    if data.isascii():
        return decode(data, hint if codec in {"utf-7", "hz"} else "")
    text = _strictly(data, "utf-8")
    return decode(data, "" if codec == "cp1252" or codec.startswith("utf") else hint) if text is None else storable(text)


def _decode_any(data: bytes, declared: str) -> str:
    marked = _by_mark(data)
    if marked is not None:
        return marked
    codec = python_codec(declared)
    if _ESCAPES_JAPANESE.search(data) and not codec.startswith(("iso2022", "utf-7")):
        codec = "iso2022_jp_ext" if not _HTML_OR_8BIT.search(data) else codec
    if codec and not _contradicted(data, codec):
        text = _strictly(data, codec)
        if text is not None:
            return text
    return jis.decode(data[:_MOST_JAPANESE]) if codec.startswith("iso2022_jp") else _guess(data, codec)


def _by_mark(data: bytes) -> str | None:
    """Text that a byte order mark announces."""
    for mark, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    return None


def _contradicted(data: bytes, codec: str) -> bool:
    """A single-byte charset accepts anything; valid multi-byte UTF-8 is hardly ever anything else."""
    return bool(_SINGLE_BYTE.match(codec)) and _HTML_OR_8BIT.search(data) is not None and _strictly(data, "utf-8") is not None


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _guess(data: bytes, codec: str) -> str:
    """In this order: UTF-8, the declared multi-byte charset with a little damage, what the statistics say, Windows-1252."""
    text = _strictly(data, "utf-8") or _with_surrogates(data)
    if text is not None:
        return text
    damaged = _with_little_damage(data, codec)
    if damaged is not None:
        return damaged
    if not codec or codec == "utf-8" or _SINGLE_BYTE.match(codec):
        guessed = _statistics(data) if not codec or codec in {"utf-8", "cp1252"} else codec
        return mixed.decode(data) if guessed in {"", "cp1252"} else data.decode(guessed, "replace")
    return data.decode(codec, "replace")


def _with_surrogates(data: bytes) -> str | None:
    """UTF-8 whose emoji are pairs of surrogates, as Java and databases write it (CESU-8)."""
    if not _SURROGATES.search(data):
        return None
    try:
        return data.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeError:
        return None


def _with_little_damage(data: bytes, codec: str) -> str | None:
    """The text under this charset if most of its non-ASCII characters are whole; of stated UTF-8 one in six is enough, as hardly anything
    else holds any."""
    try:
        text = data.decode(codec or "utf-8", "replace")
    except (UnicodeError, LookupError, ValueError):
        return None
    lost = text.count("�")
    whole = len(re.findall(r"[^\x00-\x7f]", text)) - lost
    if codec != "utf-8":
        return text if lost * 4 <= whole else None
    if lost > whole * 5:
        return None
    return text if _NOT_LATIN.search(text) else mixed.decode(data, may_be_cut=True)


def _statistics(data: bytes) -> str:
    """The most likely charset of undeclared 8-bit text; short Western text is not left to chance."""
    likely = likely_charset(data)
    if likely:
        return likely
    eight_bit = len(_HTML_OR_8BIT.findall(data[:_SAMPLE]))
    if eight_bit < 4 or eight_bit * 12 < len(data[:_SAMPLE]):
        return "cp1252"
    best = from_bytes(data[:_SAMPLE], cp_isolation=_PLAUSIBLE).best()
    return python_codec(best.encoding) if best is not None else ""

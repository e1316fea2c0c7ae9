"""Bytes to text, whatever the mail claims about its charset.

Declared names are mapped to the superset that mail programs really mean (as the WHATWG encoding standard does), a declaration that the
bytes contradict is not believed, and only then is a guess made. Nothing here raises, and no answer contains NUL or lone surrogates, which
PostgreSQL and JSON refuse.
"""

import codecs
import re
from functools import lru_cache

from charset_normalizer import from_bytes

_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso2022_jp": "iso2022_jp_ext",
}
_ALIASES = {
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ks_c_5601_1987": "cp949",
    "ksc5601": "cp949",
    "ksc5601-1987": "cp949",
    "windows-949": "cp949",
    "x-windows-949": "cp949",
    "x-euc-kr": "cp949",
    "x-sjis": "cp932",
    "x-ms-cp932": "cp932",
    "windows-31j": "cp932",
    "cswindows31j": "cp932",
    "ms_kanji": "cp932",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gb18030",
    "x-gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gb2312_charset": "gb18030",
    "cp936": "gb18030",
    "x-big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "macintosh": "mac_roman",
    "mac": "mac_roman",
    "x-unknown": "",
    "unknown": "",
    "unknown-8bit": "",
    "x-user-defined": "",
    "default": "",
    "default_charset": "",
    "none": "",
    "binary": "",
    "8bit": "",
    "7bit": "",
    "ansi": "cp1252",
    "ansi_x3.110-1983": "cp1252",
    "en": "",
    "utf-8-sig": "utf-8-sig",
    "utf": "utf-8",
    "utf-8mb4": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "unicode": "utf-16",
    "iso-10646": "utf-16",
    "koi8": "koi8_r",
    "koi": "koi8_r",
    "koi8-ru": "koi8_u",
    "win-1251": "cp1251",
    "x-cp1251": "cp1251",
}
_SINGLE_BYTE = re.compile(r"^(cp125\d|cp874|iso8859|latin|mac|koi8|cp437|cp850)")
_ESCAPES_JAPANESE = re.compile(rb"\x1b\$[@B]|\x1b\(J")
_HTML_OR_8BIT = re.compile(rb"[\x80-\xff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SAMPLE = 16_384
_NOT_FOR_MAIL = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem", "charmap"})
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


@lru_cache(maxsize=512)
def python_codec(declared: str) -> str:
    """Python's codec for a charset name found in a mail, or "" when the name says nothing usable."""
    name = declared.strip().strip("\"'").strip().lower()
    name = _ALIASES.get(name, name)
    for spelling in (
        name,
        re.sub(r"^(x-|cs)", "", name),
        re.sub(r"^windows[-_]?(\d+)$", r"cp\1", name),
        re.sub(r"^iso[-_ ]?(\d+)", r"iso\1", name),
    ):
        if not spelling:
            return ""
        try:
            found = codecs.lookup(spelling)
            if getattr(found, "_is_text_encoding", True) and found.name.replace("-", "_") not in _NOT_FOR_MAIL:
                return _SUPERSETS.get(found.name, found.name)
        except (LookupError, ValueError):
            continue
    return ""


def decode(data: bytes, declared: str = "") -> str:
    """Text of a body or header whose mail declares this charset (or none); the best guess where the declaration is wrong."""
    if data.isascii() and b"\x1b" not in data and b"~{" not in data and b"\0" not in data:
        codec = python_codec(declared)
        if codec not in {"utf-7", "hz", "utf-16", "utf-32", "cp037", "cp500", "cp1140"}:
            return data.decode("ascii")
    return storable(_decode_any(data, declared))


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
    return _guess(data, codec)


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
    text = _strictly(data, "utf-8")
    if text is not None:
        return text
    damaged = _with_little_damage(data, codec or "utf-8")
    if damaged is not None:
        return damaged
    if not codec or codec == "utf-8" or _SINGLE_BYTE.match(codec):
        guessed = _statistics(data) if not codec or codec in {"utf-8", "cp1252"} else codec
        return data.decode(guessed or "cp1252", "replace")
    return data.decode(codec, "replace")


def _with_little_damage(data: bytes, codec: str) -> str | None:
    """The text under this charset if at most one in five of its non-ASCII characters had to be replaced."""
    try:
        text = data.decode(codec, "replace")
    except (UnicodeError, LookupError, ValueError):
        return None
    lost = text.count("�")
    foreign = len(re.findall(r"[^\x00-\x7f]", text))
    return text if lost * 5 <= foreign else None


def _statistics(data: bytes) -> str:
    """The most likely charset of undeclared 8-bit text; short Western text is not left to chance."""
    eight_bit = len(_HTML_OR_8BIT.findall(data[:_SAMPLE]))
    if eight_bit < 4 or eight_bit * 12 < len(data[:_SAMPLE]):
        return "cp1252"
    best = from_bytes(data[:_SAMPLE], cp_isolation=_PLAUSIBLE).best()
    return python_codec(best.encoding) if best is not None else ""

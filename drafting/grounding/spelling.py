"""Brings a text to plain digits, spaces, hyphens and letters without moving a character."""

import sys
import unicodedata

_SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_HYPHENS = "\u00ad\u2010\u2011\u2212\ufe63\uff0d"
_APOSTROPHES = "\u2018\u2019\u02bc\u00b4"


def _build() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for code in range(0x80, sys.maxunicode + 1):
        digit = unicodedata.decimal(chr(code), None)
        if digit is not None:
            table[code] = str(digit)
    table |= dict.fromkeys(map(ord, _SPACES), " ") | dict.fromkeys(map(ord, _HYPHENS), "-")
    return table | dict.fromkeys(map(ord, _APOSTROPHES), "'")


_TABLE = _build()


def plain(text: str) -> str:
    """`text` with the digits of every script, full-width letters, special spaces, hyphens and apostrophes in ASCII; same length."""
    return text if text.isascii() else text.translate(_TABLE)

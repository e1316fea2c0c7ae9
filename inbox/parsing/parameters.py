"""The parameters of MIME fields (RFC 2045 §5.1), their continuations and charsets (RFC 2231), and what programs make of them."""

import re
from urllib.parse import unquote_to_bytes

from inbox import charsets
from inbox.charsets.names import python_codec
from inbox.parsing.headers import decode_words

_PARAMETER = re.compile(
    r"""([^\s=;"]{1,100})\s*=\s*(?:"((?:[^"\\]|\\.){0,20000})(?:"|$)|([^;]{0,20000}))""",
    re.DOTALL,
)
_LOST_SEMICOLON = re.compile(
    r'"(?:[^"\\]|\\.)*"|(?<=[^\s;])\s++(?=(?:charset|boundary|format|delsp|type|name|filename|size|title|protocol|micalg|report-type)'
    r"(?:\*[0-9*]*)?=)",
    re.IGNORECASE,
)


def read_parameters(value: str) -> tuple[str, dict[str, str]]:
    """A MIME value such as `text/plain; charset=x` as its lower-case head and its parameters, continuations and charsets resolved."""
    head, separator, rest = value.partition(";")
    if not separator and "=" in head:
        head, _, rest = value.partition(" ")
    if '"' in head and "=" in head:
        head, rest = "", value
    if rest.count("=") > rest.count(";") + 1:
        rest = _LOST_SEMICOLON.sub(lambda found: found[0] if found[0][0] == '"' else ";", rest)
    plain: dict[str, str] = {}
    whole: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in _PARAMETER.finditer(rest):
        name = found[1].lower()
        text = re.sub(r"\\([\"\\])", r"\1", found[2]) if found[2] is not None else _bare(name, found[3])
        if name.endswith("*") and name.count("*") == 1:
            whole.setdefault(name[:-1], _joined({0: (text, True)}))
        elif "*" in name:
            base, _, tail = name.partition("*")
            number = tail.rstrip("*")
            pieces.setdefault(base, {}).setdefault(int(number) if number.isdecimal() and len(number) < 5 else 0, (text, name.endswith("*")))
        else:
            plain.setdefault(name, text)
    extended = {base: _joined(numbered) for base, numbered in pieces.items()}
    return head.strip().lower(), plain | {base: text for base, text in (extended | whole).items() if text}


def _bare(name: str, text: str) -> str:
    """A value without quotes; only the names of files may end in round brackets, others have a comment there."""
    return (text if name.startswith(("filename", "name")) else text.partition(" (")[0]).strip().strip("'")


def _joined(numbered: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231: numbered pieces in order, the charset named in the first one, percent-encoding only in pieces marked so."""
    charset, out = "", b""
    for position, number in enumerate(sorted(numbered)):
        text, encoded = numbered[number]
        if encoded and position == 0:
            charset, text = _charset_of(text)
        out += unquote_to_bytes(text) if encoded else text.encode("utf-8", "surrogateescape")
    decoded = charsets.decode(out, charset)
    return decode_words(decoded) if "=?" in decoded else decoded


def _charset_of(text: str) -> tuple[str, str]:
    """`utf-8'en'rest` as charset and rest; some programs write one apostrophe only."""
    if text.count("'") >= 2:
        charset, _, rest = text.split("'", 2)
        return charset, rest
    charset, _, rest = text.partition("'")
    return (charset, rest) if rest and python_codec(charset) else ("", text)

"""Addresses in From, To, Cc and Reply-To, as mail programs really write them."""

import re
from typing import NamedTuple

from inbox.parsing.headers import decode_words

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"\\]{1,128}@(?:\[[^\]\s]{1,64}\]|[^\s<>()\[\],;:\"\\@]{1,255})")
_QUOTED_LOCAL = re.compile(r'"[^"]{1,64}"@[^\s<>,;]{1,255}')
_BETWEEN_QUOTES = re.compile(r'"(?:[^"\\]|\\.){0,2000}"(?!@)')
_IN_ANGLES = re.compile(r"<([^<>]{1,600})>")
_SPACED_DOT = re.compile(r"(?<=\w)(?:\s+\.\s*|\.\s+)(?=\w)")
"""RFC 5322 §4.4 allows white space around the dots of an address."""
_COMMENT = re.compile(r"\(((?:[^()]|\([^()]*\))*)\)")
_NO_NAME = re.compile(r"(?:mailto)?[\s.:;,<>()'\"]*", re.IGNORECASE)
_Q_WORD = re.compile(r"(=\?[^?\s]{1,60}\?[qQ]\?)([^?]{0,1000})\?=")
_SPECIAL = re.compile(r'[,;:<>()"\\]')
_MAX_ADDRESSES = 1_000


class Address(NamedTuple):
    """A display name ("" if none) and an address."""

    name: str
    addr: str


def read_addresses(value: str) -> list[Address]:
    """The addresses of a header value (encoded words undecoded), in order; what holds no address is left out.

    Groups are opened, comments become names, commas inside an unquoted name are forgiven, and a field that hides everything in one encoded
    word is decoded first.
    """
    if "@" not in value and "=?" in value:
        value = decode_words(value)
    if "=?" in value:
        value = _Q_WORD.sub(_without_specials, value)
    value = " ".join(value.split())
    found: list[Address] = []
    carried = ""
    for piece in _pieces(value):
        some = _read_piece(carried + piece)
        if not some:
            carried = carried + piece + "," if not _ends_group(carried + piece) else ""
            continue
        carried = ""
        found += some
        if len(found) >= _MAX_ADDRESSES:
            break
    return found


def _without_specials(word: re.Match[str]) -> str:
    """An encoded word whose program forgot to encode the signs that part addresses (RFC 2047 §5, rule 3)."""
    return word[1] + _SPECIAL.sub(lambda sign: f"={ord(sign[0]):02X}", word[2]) + "?="


def _ends_group(text: str) -> bool:
    return text.rstrip().endswith(":") or len(text) > 200


def _pieces(value: str) -> list[str]:
    """The value cut at commas and semicolons outside quotes, comments and angle brackets, group names removed."""
    pieces: list[str] = []
    start, depth, quoted, angle = 0, 0, False, False
    position, length = 0, len(value)
    while position < length:
        char = value[position]
        if char == "\\" and (quoted or depth):
            position += 1
        elif quoted:
            quoted = char != '"'
        elif char == '"':
            quoted = not depth and value.find('"', position + 1) > 0
        elif char == "(" and not angle:
            depth += 1 if depth or value.find(")", position) > 0 else 0
        elif char == ")" and depth:
            depth -= 1
        elif depth:
            pass
        elif char in "<>":
            angle = char == "<" and value.find(">", position) > 0
        elif char in ",;" and not angle:
            pieces.append(value[start:position])
            start = position + 1
        elif (
            char == ":" and not angle and "@" not in value[start:position] and not value[start:position].strip().lower().endswith("mailto")
        ):
            start = position + 1
        position += 1
    pieces.append(value[start:])
    return [piece for piece in pieces if piece.strip()]


def _read_piece(piece: str) -> list[Address]:
    """Name and address of one mailbox, or of several that no comma parts."""
    found, after = _in_brackets(piece)
    if len(found) == 1 and not found[0].name:
        return [Address(_name(_comment(after) or after), found[0].addr)]
    if found:
        return found
    addr = _bare(piece)
    if not addr:
        inside = _bare(_comment(piece))
        return [Address(_name(piece.partition("(")[0]), inside)] if inside else []
    rest = piece.replace(addr, " ", 1) if addr in piece else ""
    if "@" in rest and "(" not in rest:
        return [Address("", one) for one in [addr, *_ADDRESS.findall(rest)]]
    return [Address(_name(_comment(piece) or ("" if _NO_NAME.fullmatch(rest) else rest)), addr)]


def _in_brackets(piece: str) -> tuple[list[Address], str]:
    """The addresses in angle brackets outside quotes, each with the name before it, and what stands behind the last."""
    found: list[Address] = []
    position = 0
    unquoted = _BETWEEN_QUOTES.sub(_blank, piece) if '"' in piece else piece
    for angles in _IN_ANGLES.finditer(unquoted):
        addr = _bare(angles[1], alone=True)
        if addr:
            found.append(Address(_name(piece[position : unquoted.find("<", position)].lstrip(":> ")), addr))
            position = angles.end()
    return found, piece[position:]


def _blank(quoted: re.Match[str]) -> str:
    return " " * len(quoted[0])


def _bare(text: str, *, alone: bool = False) -> str:
    """The address in a text without names: routes and `mailto:` removed; white space around its dots where it stands `alone`."""
    quoted = _QUOTED_LOCAL.search(text)
    if quoted:
        return quoted[0].rstrip(".>")
    text = text.strip().strip("'\"")
    if text.startswith("mailto:"):
        text = text[7:].partition("?")[0]
    text = re.sub(r"\s*@\s*", "@", re.sub(r"\([^()]*\)", "", text))
    if " ." in text or (alone and ". " in text):
        text = _SPACED_DOT.sub(".", text)
    if text.startswith("@") and ":" in text:
        text = text.partition(":")[2]
    found = _ADDRESS.search(text if "=?" not in text else decode_words(text))
    return found[0].strip(".'") if found else ""


def _comment(piece: str) -> str:
    """What stands in the last round brackets."""
    found = _COMMENT.findall(piece) if "(" in piece else []
    return str(found[-1])[:300] if found else ""


def _name(text: str) -> str:
    """A display name, decoded, without its quotes and escapes."""
    text = text.strip("<>,; ").lstrip(":").strip()
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        text = text[1:-1]
    elif '"' in text:
        text = re.sub(r'"([^"]*)"', r"\1", text)
    text = re.sub(r"\\(.)", r"\1", text) if "\\" in text else text
    name = decode_words(text)
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1]
    return " ".join(name.split())

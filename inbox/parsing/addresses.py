"""Addresses in From, To, Cc and Reply-To, as mail programs really write them."""

import re
from typing import NamedTuple

from inbox.parsing.headers import decode_words

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"\\]{1,128}@(?:\[[^\]\s]{1,64}\]|[^\s<>()\[\],;:\"\\@]{1,255})")
_QUOTED_LOCAL = re.compile(r'"[^"]{1,64}"@[^\s<>,;]{1,255}')
_IN_ANGLES = re.compile(r"<([^<>]{1,600})>")
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
    value = " ".join(value.split())
    found: list[Address] = []
    carried = ""
    for piece in _pieces(value):
        one = _read_one(carried + piece)
        if one is None:
            carried = carried + piece + "," if not _ends_group(carried + piece) else ""
            continue
        carried = ""
        found.append(one)
        if len(found) >= _MAX_ADDRESSES:
            break
    return found


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


def _read_one(piece: str) -> Address | None:
    """Name and address of one mailbox."""
    angles = list(_IN_ANGLES.finditer(piece))
    for found in reversed(angles):
        addr = _bare(found[1])
        if addr:
            name = _name(piece[: found.start()]) or _name(piece[found.end() :])
            return Address(name, addr)
    addr = _bare(piece)
    if not addr:
        return None
    return Address(_name(_comment(piece) or piece.replace(addr, " ", 1)), addr)


def _bare(text: str) -> str:
    """The address in a text without names: routes and `mailto:` removed."""
    quoted = _QUOTED_LOCAL.search(text)
    if quoted:
        return quoted[0].rstrip(".>")
    text = text.strip().strip("'\"").removeprefix("mailto:")
    text = re.sub(r"\s*@\s*", "@", re.sub(r"\([^()]*\)", "", text))
    if text.startswith("@") and ":" in text:
        text = text.partition(":")[2]
    found = _ADDRESS.search(text if "=?" not in text else decode_words(text))
    return found[0].strip(".'") if found else ""


def _comment(piece: str) -> str:
    found = re.search(r"\(([^()]{1,300})\)", piece)
    return found[1] if found else ""


def _name(text: str) -> str:
    """A display name, decoded, without its quotes and escapes."""
    text = text.strip().rstrip("<").strip()
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        text = text[1:-1]
    elif '"' in text:
        text = re.sub(r'"([^"]*)"', r"\1", text)
    text = re.sub(r"\\(.)", r"\1", text) if "\\" in text else text
    name = decode_words(text)
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1]
    return " ".join(re.sub(r"^[<>,;:]+|[<>,;]+$", "", name).split())

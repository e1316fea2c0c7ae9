"""Mails signed so that the text stands inside the signature (S/MIME signed-data, RFC 8551 §3.5.2; CMS, RFC 5652 §5.1).

Only the text is taken out; the signature is not verified. Encrypted mails stay as they are.
"""

from collections.abc import Iterator

from inbox.parsing.headers import Headers, read_headers
from inbox.parsing.mime import undo_transfer_encoding

_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
_MOST_DEPTH = 12
_OCTETS, _OCTETS_IN_PIECES, _SEQUENCE = 0x04, 0x24, 0x30

Element = tuple[int, int, int]
"""Tag, and where the contents begin and end."""


def unwrap(raw: bytes, *, limit: int) -> bytes:
    """The mail with the part that was signed in place of the signature; the mail itself where there is nothing to take out."""
    headers, start, _ = read_headers(raw, 0, len(raw), limit=limit)
    if not headers.unfolded("content-type").strip().lower().startswith(_TYPES):
        return raw
    encoding = headers.unfolded("content-transfer-encoding").strip().lower()
    content = signed_content(undo_transfer_encoding(raw[start:], encoding or "binary"))
    return _head(headers) + content if content else raw


def signed_content(data: bytes) -> bytes:
    """What signed-data holds; b"" if these bytes are none, or hold nothing (a detached signature)."""
    try:
        return _content(data)
    except (IndexError, ValueError, StopIteration):
        return b""


def _head(headers: Headers) -> bytes:
    kept = [(name, value) for name, value in headers.fields if not name.startswith("content-")]
    return b"".join(name.encode("ascii") + b": " + value.replace(b"\n", b"\n ") + b"\n" for name, value in kept)


def _content(data: bytes) -> bytes:
    info = _children(data, _read(data, 0))
    if data[info[0][1] : info[0][2]] != _SIGNED_DATA:
        return b""
    signed = _children(data, _children(data, info[1])[0])
    held = next(_children(data, one) for one in signed if one[0] == _SEQUENCE)
    if data[held[0][1] : held[0][2]] != _DATA or len(held) < 2:
        return b""
    return b"".join(_octets(data, _children(data, held[1])[0], 0))


def _octets(data: bytes, element: Element, depth: int) -> Iterator[bytes]:
    tag, start, end = element
    if tag == _OCTETS:
        yield data[start:end]
    elif tag == _OCTETS_IN_PIECES and depth < _MOST_DEPTH:
        for child in _children(data, element):
            yield from _octets(data, child, depth + 1)


def _children(data: bytes, element: Element) -> list[Element]:
    """The elements inside one, in order. BER allows a length that is only known at the end, which two zero bytes mark."""
    _, position, end = element
    found: list[Element] = []
    while position < end and len(found) < 100_000:
        child = _read(data, position)
        if data[position : position + 2] == b"\0\0":
            break
        found.append(child)
        position = _after(data, child, 0)
    return found


def _read(data: bytes, position: int) -> Element:
    """Tag, start and end of the element at `position`; the end of all data stands for an unknown one."""
    tag, length, start = data[position], data[position + 1], position + 2
    if length == 0x80:
        return tag, start, len(data)
    if length > 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[position + 2 : start], "big")
    if start + length > len(data):
        raise ValueError
    return tag, start, start + length


def _after(data: bytes, element: Element, depth: int) -> int:
    """Where the next element begins."""
    _, start, end = element
    if depth > _MOST_DEPTH:
        raise ValueError
    if data[start - 1] != 0x80 or end != len(data):
        return end
    position = start
    while data[position : position + 2] != b"\0\0":
        position = _after(data, _read(data, position), depth + 1)
    return position + 2

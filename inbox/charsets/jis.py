"""Japanese mail in ISO-2022-JP with the signs that Windows and phones add to it (№, ①, ㈱, half-width katakana; CP50221).

Python's own codecs refuse these, as RFC 1468 does; the same characters in Shift_JIS (cp932) they know.
"""

import re

_SHIFT = re.compile(rb"\x1b(?:\$[@B]|\$\(D|\([BJI])")
_TWO_BYTES = {b"\x1b$@", b"\x1b$B"}


def decode(data: bytes) -> str:
    """The text; what cannot be read becomes U+FFFD."""
    out: list[str] = []
    position, shift = 0, b"\x1b(B"
    for found in _SHIFT.finditer(data):
        out.append(_segment(data[position : found.start()], shift))
        position, shift = found.end(), found[0]
    return "".join([*out, _segment(data[position:], shift)])


def _segment(data: bytes, shift: bytes) -> str:
    if shift in _TWO_BYTES:
        return "".join(_line(line) for line in data.splitlines(keepends=True))
    if shift == b"\x1b(I":
        return bytes(byte | 0x80 if 0x20 < byte < 0x60 else byte for byte in data).decode("cp932", "replace")
    if shift == b"\x1b$(D":
        return (shift + data).decode("iso2022_jp_ext", "replace")
    return data.decode("ascii", "replace")


def _line(data: bytes) -> str:
    """Pairs of JIS X 0208 as the same pairs of Shift_JIS (the rows folded in two); the line end as it is."""
    pairs = data.rstrip(b"\r\n")
    shifted = bytes(byte for at in range(0, len(pairs) - 1, 2) for byte in _shifted(pairs[at], pairs[at + 1]))
    rest = pairs[len(pairs) & ~1 :] + data[len(pairs) :]
    return shifted.decode("cp932", "replace") + rest.decode("ascii", "replace")


def _shifted(row: int, cell: int) -> tuple[int, int]:
    if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
        return row & 0x7F, cell & 0x7F
    lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    return lead, cell + (0x1F + (cell >= 0x60) if row % 2 else 0x7E)

"""A template with its slots marked, and what is wrong with them."""

from dataclasses import dataclass

from drafting import slots

TAKES = {
    "text": "up to 60 characters that promise nothing",
    "number": "one number",
    "amount": "one amount of money",
    "date": "one date",
    "id": "one number of an order, an invoice and the like",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of plain text, or a slot with what it takes."""

    text: str
    takes: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The whole template."""

    pieces: list[Piece]
    problems: list[str]


def preview(text: str) -> Preview:
    """`text` with its slots shown by name."""
    pieces, end = [], 0
    for slot in slots.parse(text):
        pieces += [Piece(text[end : slot.start], ""), Piece(slot.name, TAKES[slot.kind])]
        end = slot.end
    pieces.append(Piece(text[end:], ""))
    return Preview([piece for piece in pieces if piece.text], slots.problems(text))

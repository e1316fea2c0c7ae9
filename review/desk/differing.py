"""What differs between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

LONGEST = 12_000
"""Characters of each text that are compared; the comparison is quadratic."""
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that both have, or that is only here."""

    text: str
    is_other: bool


def differing(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, each piece marked where the other text has something else."""
    olds, news = _WORD.findall(before[:LONGEST]), _WORD.findall(after[:LONGEST])
    left, right = list[Piece](), list[Piece]()
    for kind, start, end, other_start, other_end in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        left.append(Piece("".join(olds[start:end]), kind != "equal"))
        right.append(Piece("".join(news[other_start:other_end]), kind != "equal"))
    return [one for one in left if one.text], [one for one in right if one.text]

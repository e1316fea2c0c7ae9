"""What changed from one text to the next, word by word, as one text with what was taken out and what was put in."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_WORDS = 1_500
"""Beyond which texts are compared by lines; the comparison is quadratic."""
CONTEXT = 160
"""Characters of what stayed the same that are shown on either side of a change."""
_WORDS = re.compile(r"\s*\S+|\s+")
"""A word with the space before it, so that words changed in a row are one change."""


@dataclass(frozen=True, slots=True)
class Change:
    """A run of text: "same", "taken" out or "put" in."""

    text: str
    kind: str


def changes(before: str, after: str) -> list[Change]:
    """`after` with what it lost and gained since `before`; long runs that stayed the same are cut in the middle."""
    found = _compared(before, after)
    return [_cut(one, is_first=place == 0, is_last=place == len(found) - 1) for place, one in enumerate(found)]


def _compared(before: str, after: str) -> list[Change]:
    olds, news = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(olds), len(news)) > MOST_WORDS:
        olds, news = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Change] = []
    for kind, start, end, other_start, other_end in SequenceMatcher(None, olds, news, autojunk=len(olds) > MOST_WORDS).get_opcodes():
        if kind == "equal":
            found.append(Change("".join(olds[start:end]), "same"))
        else:
            found += [Change("".join(olds[start:end]), "taken"), Change("".join(news[other_start:other_end]), "put")]
    return [one for one in found if one.text]


def _cut(one: Change, *, is_first: bool, is_last: bool) -> Change:
    if one.kind != "same" or len(one.text) <= 2 * CONTEXT + 20:
        return one
    start = "" if is_first else one.text[:CONTEXT].rpartition(" ")[0]
    end = "" if is_last else one.text[-CONTEXT:].partition(" ")[2]
    return Change(f"{start} … {end}", one.kind)

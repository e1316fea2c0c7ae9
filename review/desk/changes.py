"""What changed from one text to the next, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, takewhile
from operator import attrgetter

MOST_WORDS = 1_500
"""Beyond which texts are compared by lines; the comparison is quadratic."""
CONTEXT = 160
"""Characters of what stayed the same that are shown on either side of a change."""
_WORDS = re.compile(r"\s*(?:\w+|[^\w\s])|\s+")
"""A word or a mark with the space before it, so that words changed in a row are one change."""


@dataclass(frozen=True, slots=True)
class Change:
    """A run of text: "same", "taken" out or "put" in."""

    text: str
    kind: str


def changes(before: str, after: str) -> list[Change]:
    """`after` with what it lost and gained since `before`; long runs that stayed the same are cut in the middle."""
    found = _compared(before, after)
    return [_cut(one, is_first=place == 0, is_last=place == len(found) - 1) for place, one in enumerate(found)]


def beside(before: str, after: str) -> tuple[list[Change], list[Change]]:
    """Both texts, to be shown side by side: the first with what was taken out of it, the second with what was put in."""
    found = _compared(before, after)
    return [one for one in found if one.kind != "put"], [one for one in found if one.kind != "taken"]


def _compared(before: str, after: str) -> list[Change]:
    olds, news = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(olds), len(news)) > MOST_WORDS:
        olds, news = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Change] = []
    for _, start, end, other_start, other_end in SequenceMatcher(None, olds, news, autojunk=len(olds) > MOST_WORDS).get_opcodes():
        taken, put = "".join(olds[start:end]), "".join(news[other_start:other_end])
        same = taken if taken == put else _space_before(taken, put)
        found += [Change(same, "same"), Change(taken[len(same) :], "taken"), Change(put[len(same) :], "put")]
    return [Change("".join(one.text for one in run), kind) for kind, run in groupby((one for one in found if one.text), attrgetter("kind"))]


def _space_before(taken: str, put: str) -> str:
    """The white space that both begin with: it did not change."""
    both = zip(taken, put, strict=False)
    return "".join(old for old, _ in takewhile(lambda pair: pair[0] == pair[1] and pair[0].isspace(), both))


def _cut(one: Change, *, is_first: bool, is_last: bool) -> Change:
    if one.kind != "same" or len(one.text) <= 2 * CONTEXT + 20:
        return one
    start = "" if is_first else one.text[:CONTEXT].rpartition(" ")[0]
    end = "" if is_last else one.text[-CONTEXT:].partition(" ")[2]
    return Change(f"{start} … {end}", one.kind)

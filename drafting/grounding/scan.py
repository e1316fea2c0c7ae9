"""Finds the atoms of a text."""

import re
from functools import cache, lru_cache

from drafting.grounding.atom import Atom, Finder, Found
from drafting.grounding.contacts import LINKS_AND_ADDRESSES, PHONES
from drafting.grounding.dates import TIMES, dates
from drafting.grounding.days import day_words
from drafting.grounding.ids import GROUPED, SPACED, TOKENS
from drafting.grounding.numbers import AMOUNTS, DECIMAL_MARKS, FIGURES, PARTS, PERCENTAGES
from drafting.grounding.spelling import plain
from drafting.grounding.words import number_words

LONGEST_REMEMBERED = 2_500
"""Characters; memory is bounded by this and by how many texts are remembered."""
_TAKEN = "\ue000"
_ORDINAL = re.compile(r"(?m)^[ \t>]*\(?([0-9]{1,2})[.)](?=\s)")


def atoms(text: str, *, language: str = "") -> list[Atom]:
    """The atoms of `text` in their order, never overlapping; every digit is in one, but for the ordinals of a list and "24/7".

    `language` (ISO 639-1) settles which number words there are and what 1.234 and 04/03 mean; without it every reading is kept.
    """
    return find(text, language=language, decimal_mark=DECIMAL_MARKS.get(language, ""))


def find(text: str, *, language: str, decimal_mark: str) -> list[Atom]:
    """As `atoms`, where the language of the words says nothing about the figures."""
    return list(_find_again(text, language, decimal_mark) if len(text) <= LONGEST_REMEMBERED else _find(text, language, decimal_mark))


def _find(text: str, language: str, decimal_mark: str) -> tuple[Atom, ...]:
    rest, found = plain(text), list[Found]()
    for finder in (*LINKS_AND_ADDRESSES, *dates(language)):
        rest = _take(finder, rest, found)
    rest = _without_ordinals(rest)
    for finder in _finders(language, decimal_mark):
        rest = _take(finder, rest, found)
    found.sort(key=lambda one: one.start)
    return tuple(Atom(one.kind, text[one.start : one.end], one.start, one.end, one.value) for one in found if one.kind)


_find_again = lru_cache(maxsize=2048)(_find)
"""The same words come again and again: articles, templates, the names and short values in evidence."""


@cache
def _finders(language: str, decimal_mark: str) -> tuple[Finder, ...]:
    """What is left once links and dates are taken, from the most to the least specific: what one has taken, the next cannot see."""
    return (
        *TIMES,
        PARTS,
        PERCENTAGES[decimal_mark],
        AMOUNTS,
        *GROUPED,
        *PHONES,
        SPACED,
        TOKENS,
        FIGURES[decimal_mark],
        day_words(language),
        *number_words(language),
    )


def _take(finder: Finder, rest: str, found: list[Found]) -> str:
    """Adds what `finder` sees in `rest` to `found`, and blanks it there."""
    pieces, end = [], 0
    for match in finder.pattern.finditer(rest):
        for one in finder.read(match):
            pieces += [rest[end : one.start], _TAKEN * (one.end - one.start)]
            end = one.end
            found.append(one)
    return "".join([*pieces, rest[end:]]) if end else rest


def _without_ordinals(rest: str) -> str:
    """Blanks the ordinals of lists, and nothing else: they count 1, 2, 3 … or it is a number that happens to begin a line."""
    expected = 1

    def blank(match: re.Match[str]) -> str:
        nonlocal expected
        number = int(match[1])
        if number not in (1, expected):
            return match[0]
        expected = number + 1
        return match[0].replace(match[1], _TAKEN * len(match[1]))

    return _ORDINAL.sub(blank, rest)

"""The keys that atoms are compared by. Each names its kind, so that no number answers for a date, and no stock for an amount:

"n 12" bare number · "u 12" number with some unit · "% 12" · "m EUR 12" money, "m ? 12" of unknown currency · "d 2026-03-04" (also
"d --03-04", "d 2026-03", "d weekday 5", "d day +1") · "t 14:30" · "i SO-10423" id, "it 10423" its digits · "e" e-mail · "p" phone, "pn"
as dialled at home · "l" link.
"""

import re
from collections.abc import Iterator

from drafting.grounding.atom import Atom, Kind
from drafting.grounding.days import is_in_words

SHORTEST_TAIL = 5
"""Digits at the end of an id that may stand for it alone."""
_PREFIXES = {Kind.TIME: "t", Kind.EMAIL: "e", Kind.URL: "l"}


def offered(kind: Kind, value: str) -> Iterator[str]:
    """The keys that an atom of a text answers to."""
    number, _, unit = value.partition(" ")
    if kind is Kind.AMOUNT:
        yield from (f"m {unit} {number}", f"u {number}")
    elif unit == "%":
        yield from (f"% {number}", f"u {number}")
    elif kind is Kind.NUMBER:
        yield f"n {value}"
    elif kind is Kind.DATE:
        yield from _dates(value)
    elif kind is Kind.ID:
        yield from _ids(value)
    elif kind is Kind.PHONE:
        yield from _phones(value)
    else:
        yield f"{_PREFIXES[kind]} {value}"
        yield from ([f"t {value[:5]}"] if kind is Kind.TIME else [])


def _is_date(value: str) -> bool:
    """Whether the reading of an atom is a date: "4.3." and "1/2" may be read as numbers too."""
    return value.startswith("--") or is_in_words(value) or bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?", value))


def _national(phone: str) -> list[str]:
    """How "+49301234567" may be dialled at home; country codes have one to three digits."""
    return [f"0{phone[1 + length :]}" for length in (1, 2, 3)]


def _dates(value: str) -> Iterator[str]:
    if not _is_date(value):
        yield f"n {value}"
        return
    yield f"d {value}"
    if len(value) == len("2026-03-04"):
        yield from (f"d -{value[4:]}", f"d {value[:7]}")


def _ids(value: str) -> Iterator[str]:
    yield f"i {value}"
    if value.isdecimal():
        yield f"n {value.lstrip('0') or '0'}"
        return
    tail = value.rpartition("-")[2]
    if tail.isdecimal() and len(tail) >= SHORTEST_TAIL:
        yield f"it {tail}"


def _phones(value: str) -> Iterator[str]:
    yield f"p {value}"
    if value.startswith("+"):
        yield from (f"pn {home}" for home in _national(value))


def wanted(atom: Atom) -> Iterator[tuple[int, str]]:
    """The keys that would do for an atom, with how well: 0 is its own kind and unit."""
    for value in atom.value:
        number, _, unit = value.partition(" ")
        if atom.kind is Kind.AMOUNT:
            yield from ((0, f"m {unit} {number}"), (1, f"m ? {number}"))
        elif unit == "%":
            yield 0, f"% {number}"
        elif atom.kind is Kind.NUMBER:
            yield from ((0, f"n {value}"), (1, f"u {value}"))
            yield from ([(2, f"it {value}")] if len(value) >= SHORTEST_TAIL else [])
        else:
            yield from _wanted_otherwise(atom.kind, value)


def _wanted_otherwise(kind: Kind, value: str) -> Iterator[tuple[int, str]]:
    if kind is Kind.DATE:
        yield 0, f"d {value}" if _is_date(value) else f"n {value}"
    elif kind is Kind.ID:
        yield 0, f"i {value}"
        yield from ([(1, f"n {value}")] if value.isdecimal() else [])
    elif kind is Kind.PHONE:
        yield 0, f"p {value}"
        yield from ((1, f"p {home}") for home in _national(value) if value.startswith("+"))
        yield from ([] if value.startswith("+") else [(1, f"pn {value}")])
    else:
        yield 0, f"{_PREFIXES[kind]} {value}"

"""What an atom is, and what a finder of atoms is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an atom names."""

    AMOUNT = "amount"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    ID = "id"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"


@dataclass(frozen=True, slots=True)
class Atom:
    """One fact-like piece of a text; `start` and `end` are offsets in characters.

    `value` holds every reading in one canonical spelling, more than one where the spelling is ambiguous: number "1234.5", percentage
    "19 %", amount "1234.5 EUR", date "2026-03-04" or "--03-04" (no year) or "2026-03" (no day), "weekday 5" or "day +1" (see `days.py`),
    time "14:30", id "SO-10423", phone "+49301234567" or "0301234567", e-mail and URL in lower-case domain, URL without scheme and "www.".
    """

    kind: Kind
    text: str
    start: int
    end: int
    value: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a finder made of (a part of) one match. No kind: the part is no atom, and nobody else may take it for one."""

    kind: Kind | None
    start: int
    end: int
    value: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finder:
    """A pattern, and the function that reads its matches; no `Found` means that the match is something else."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], list[Found]]

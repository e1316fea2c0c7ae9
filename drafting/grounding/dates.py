"""Dates and times of day, in many spellings and languages."""

import re
from datetime import date
from functools import cache

from drafting.grounding.atom import Finder, Found, Kind
from drafting.grounding.months import ENGLISH_MONTHS, MONTHS
from drafting.grounding.numbers import DECIMAL_MARKS

_NAMES = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_ENGLISH_NAMES = "|".join(sorted(ENGLISH_MONTHS, key=len, reverse=True))
_ALSO_VERBS = ("may", "march")
_ALONE = r"(?<!\w)(?<![0-9][.,/-])"
_YEAR = r"(?:19|20)[0-9]{2}"
_LEAP_YEAR = 2024


def _day(*, year: str | None, month: int, day: int) -> str:
    """The canonical date, "" if there is no such day."""
    number = _LEAP_YEAR if not year else int(year) + (2000 if len(year) == 2 else 0)
    try:
        found = date(number, month, day)
    except ValueError:
        return ""
    return found.isoformat() if year else f"--{found:%m-%d}"


def _found(match: re.Match[str], *values: str) -> list[Found]:
    readings = tuple(dict.fromkeys(value for value in values if value))
    return [Found(Kind.DATE, *match.span(), readings)] if readings else []


def _read_iso(match: re.Match[str]) -> list[Found]:
    return _found(match, _day(year=match["y"], month=int(match["m"]), day=int(match["d"])))


def _read_named(match: re.Match[str]) -> list[Found]:
    """4 March 2026, and 4–6 March 2026 as two dates. A lower-case "may" without a year is the verb ("10 may be returned")."""
    year = match["y"]
    if match["m"] in _ALSO_VERBS and not year:
        return []
    month = MONTHS[match["m"].lower()]
    found = _day(year=year, month=month, day=int(match["d"]))
    if not found:
        return []
    earlier = match.groupdict().get("from")
    if not earlier:
        return [Found(Kind.DATE, *match.span(), (found,))]
    first = _day(year=year, month=month, day=int(earlier))
    return [
        *([Found(Kind.DATE, *match.span("from"), (first,))] if first else []),
        Found(Kind.DATE, match.start("d"), match.end(), (found,)),
    ]


def _read_month(match: re.Match[str]) -> list[Found]:
    name = match.groupdict().get("name")
    month = MONTHS[name.lower()] if name else int(match["m"])
    return [Found(Kind.DATE, *match.span(), (f"{match['y']}-{month:02}",))]


_PARTS = {(1, 2): "0.5", (1, 3): "1/3", (2, 3): "2/3", (1, 4): "0.25", (3, 4): "0.75", (1, 5): "0.2", (1, 10): "0.1"}


def _figures(*, month_may_be_first: bool, point_is_decimal: bool | None) -> list[Finder]:
    """Dates in figures. Between slashes or hyphens either number may be the month, unless the language always puts the day first."""

    def read(match: re.Match[str]) -> list[Found]:
        year, first, second = match.groupdict().get("y"), int(match["a"]), int(match["b"])
        readings = [_day(year=year, month=second, day=first)]
        if month_may_be_first and match["sep"] != ".":
            readings.append(_day(year=year, month=first, day=second))
        return _found(match, *readings)

    def read_short(match: re.Match[str]) -> list[Found]:
        """ "4.3." is the fourth of March, or a number at the end of a sentence: which, only the language tells."""
        if point_is_decimal:
            return []
        number = f"{int(match['a'])}.{match['b'].rstrip('0')}".rstrip(".")
        return [Found(one.kind, one.start, one.end, (*one.value, *([] if point_is_decimal is False else [number]))) for one in read(match)]

    def read_parts(match: re.Match[str]) -> list[Found]:
        """ "1/2" is a day in a month, or a half."""
        part = _PARTS.get((int(match["a"]), int(match["b"])))
        return [Found(one.kind, one.start, one.end, (*one.value, *([part] if part else []))) for one in read(match)]

    day = r"(?P<a>[0-9]{1,2})"
    return [
        Finder(
            re.compile(rf"{_ALONE}{day}(?P<sep>[./-]) ?(?P<b>[0-9]{{1,2}})(?P=sep) ?(?P<y>{_YEAR}|[0-9]{{2}})(?![0-9]|[/-]\w|\.[0-9])"),
            read,
        ),
        Finder(re.compile(rf"{_ALONE}(?P<m>0?[1-9]|1[0-2])/(?P<y>{_YEAR})(?![0-9]|[/-]\w)"), _read_month),
        Finder(re.compile(rf"{_ALONE}{day}(?P<sep>\.) ?(?P<b>[0-9]{{1,2}})\.(?![0-9])"), read_short),
        Finder(re.compile(r"(?<!\w)24/7(?!\w)"), lambda match: [Found(None, *match.span())]),
        Finder(re.compile(rf"{_ALONE}{day}(?P<sep>/)(?P<b>[0-9]{{1,2}})(?![0-9]|[/.-]\w)"), read_parts),
    ]


_SPACE = r"\s{1,3}"
_NAMED = [
    Finder(
        re.compile(
            rf"(?<!\w)(?<!\w[./-])(?P<y>{_YEAR})(?P<sep>[-/.])(?P<m>0?[1-9]|1[0-2])(?P=sep)(?P<d>[0-9]{{1,2}})"
            r"(?![0-9]|[-/.]\w|[A-SU-Za-z])"
        ),
        _read_iso,
    ),
    Finder(re.compile(rf"(?P<y>{_YEAR}) ?[年년] ?(?P<m>1[0-2]|0?[1-9]) ?[月월] ?(?P<d>[0-9]{{1,2}}) ?[日일号]"), _read_iso),
    Finder(re.compile(r"(?P<y>)(?<![0-9])(?P<m>1[0-2]|0?[1-9]) ?[月월] ?(?P<d>[0-9]{1,2}) ?[日일号]"), _read_iso),
    Finder(
        re.compile(
            rf"{_ALONE}(?:(?P<from>[0-9]{{1,2}})(?:\.|st|nd|rd|th)? ?(?:[-–—]|to|bis|au|al|a) ?)?"
            rf"(?P<d>[0-9]{{1,2}})(?:\.|st|nd|rd|th|er|º|ª|°)?"
            rf"(?:\s?-\s?|{_SPACE}(?:de{_SPACE}|of{_SPACE}|di{_SPACE})?|(?=[^\W\d_]))(?P<m>{_NAMES})(?!\w)\.?"
            rf"(?:(?:\s?,\s?|-|{_SPACE}(?:del?{_SPACE})?)(?P<y>{_YEAR})(?![0-9]|[.,][0-9]))?",
            re.IGNORECASE,
        ),
        _read_named,
    ),
    Finder(
        re.compile(
            rf"(?<!\w)(?P<m>{_ENGLISH_NAMES})\.?{_SPACE}(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9]|[.,:/-][0-9]|\w)"
            rf"(?:,?{_SPACE}(?P<y>{_YEAR})(?![0-9]|[.,][0-9]))?",
            re.IGNORECASE,
        ),
        _read_named,
    ),
    Finder(
        re.compile(rf"(?<!\w)(?P<name>{_NAMES})\.?,?{_SPACE}(?:del?{_SPACE})?(?P<y>{_YEAR})(?![0-9]|[.,][0-9])", re.IGNORECASE), _read_month
    ),
]


@cache
def dates(language: str) -> list[Finder]:
    """The finders of dates. 04/03 is read both ways in English and where the language is not known, else day first."""
    point_is_decimal = DECIMAL_MARKS[language] == "." if language in DECIMAL_MARKS else None
    return [*_NAMED, *_figures(month_may_be_first=language in ("", "en"), point_is_decimal=point_is_decimal)]


def _read_time(match: re.Match[str]) -> list[Found]:
    hour, minute = int(match["h"]), match.groupdict().get("m") or "00"
    half = (match.groupdict().get("half") or "").lower()
    if half and not 1 <= hour <= 12:
        return []
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    second = match.groupdict().get("s") or "00"
    return [Found(Kind.TIME, *match.span(), (f"{hour:02}:{minute}" + (f":{second}" if second != "00" else ""),))]


_HOUR = r"(?P<h>2[0-3]|[01]?[0-9])"
_HALF = r" ?(?:(?P<half>[apAP])(?:\.m\.|M|(?<=p)m|(?<=[0-9]a)m)(?!\w))"
_UNTIL = "(?:-|–|bis|tot|to|à|a|do)"
TIMES = [
    Finder(
        re.compile(rf"(?<![0-9A-SU-Za-z:]){_HOUR}[:h](?P<m>[0-5][0-9])(?::(?P<s>[0-5][0-9])(?:\.[0-9]{{1,9}})?)?(?![0-9:])(?:{_HALF})?"),
        _read_time,
    ),
    Finder(re.compile(rf"(?<![\w:.,]){_HOUR}\.(?P<m>[0-5][0-9]) ?(?:Uhr|uhr|uur|h)(?!\w)"), _read_time),
    Finder(re.compile(rf"(?<![\w:.,]){_HOUR}\.(?P<m>[0-5][0-9])(?= ?{_UNTIL} ?\ue000)"), _read_time),
    Finder(re.compile(rf"(?<![\w:.,-]){_HOUR}(?:{_HALF}| ?(?:Uhr|uhr|uur)(?!\w))"), _read_time),
]
"""14:30, 14h30, 2 pm, 9.30 Uhr, the time in an ISO date and time. Read as written: no time zones."""

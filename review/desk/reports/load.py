"""Who carries how much of the work, by name."""

from dataclasses import dataclass

from review.desk import words
from review.desk.reports import numbers
from review.desk.reports.filters import Filters
from review.desk.reports.mails import in_words
from review.reports.load import DEFINITION, KINDS, Load, load


@dataclass(frozen=True, slots=True)
class Row:
    """One person, or all of them."""

    name: str
    decisions: str
    share: str
    by_kind: list[tuple[str, str]]
    time: str
    each: str


@dataclass(frozen=True, slots=True)
class Page:
    """The table, with what it counts."""

    days: str
    rows: list[Row]
    total: Row
    defined: str


def page(filters: Filters) -> Page:
    """The table of a period."""
    found = load(period=filters.period, scope=filters.scope)
    total = sum(one.decisions for one in found)
    everybody = _row("Everybody", found, total)
    return Page(in_words(filters.period), [_one(one, total) for one in found], everybody, DEFINITION)


def _one(one: Load, total: int) -> Row:
    return _row(words.person(one.person), [one], total)


def _row(name: str, found: list[Load], total: int) -> Row:
    decisions, timed, seconds = (sum(getattr(one, column) for one in found) for column in ("decisions", "timed", "seconds"))
    return Row(
        name=name,
        decisions=numbers.count(decisions),
        share=numbers.share(decisions / total) if total else numbers.NONE,
        by_kind=[(kind.label, numbers.count(sum(one.by_kind[place] for one in found))) for place, kind in enumerate(KINDS)],
        time=numbers.duration(seconds) if timed else numbers.NONE,
        each=f"{numbers.duration(seconds / timed)} each, of {numbers.count(timed)} known" if timed else "",
    )

"""Who carries how much of the work, by name."""

from dataclasses import dataclass, replace

from review.desk import words
from review.desk.reports import decided, numbers
from review.desk.reports.filters import DAYS, Filters
from review.desk.reports.listing import in_words
from review.reports.load import DEFINITION, KINDS, LONGEST, Load, load, told_of

SHORTENED = f"The last {LONGEST.days} days of the period: each decision is counted anew here, so it is told of so many days at most."


@dataclass(frozen=True, slots=True)
class Row:
    """One person, or all of them. `url` leads to their decisions; `by_kind` are heads, numbers and where those decisions are."""

    name: str
    decisions: str
    url: str
    share: str
    by_kind: list[tuple[str, str, str]]
    time: str
    each: str


@dataclass(frozen=True, slots=True)
class Page:
    """The table, with what it counts. `shortened` says that the period was longer, "" where it was not."""

    days: str
    shortened: str
    rows: list[Row]
    total: Row
    defined: str


def page(filters: Filters) -> Page:
    """The table of a period, or of its last days."""
    asked, period = filters.period, told_of(filters.period)
    filters = filters if period == asked else replace(filters, preset=DAYS, period=period)
    found = load(period=filters.period, scope=filters.scope)
    total = sum(one.decisions for one in found)
    everybody = _row("Everybody", found, total, filters)
    rows = [_row(words.person(one.person), [one], total, filters, by=one.person.pk) for one in found]
    return Page(in_words(period), "" if period == asked else SHORTENED, rows, everybody, DEFINITION)


def _row(name: str, found: list[Load], total: int, filters: Filters, *, by: int = 0) -> Row:
    decisions, timed, seconds = (sum(getattr(one, column) for one in found) for column in ("decisions", "timed", "seconds"))
    return Row(
        name=name,
        decisions=numbers.count(decisions),
        url=decided.url(filters, by=by),
        share=numbers.share(decisions / total) if total else numbers.NONE,
        by_kind=[
            (kind.label, numbers.count(count), decided.url(filters, kind=kind, by=by) if count else "")
            for place, kind in enumerate(KINDS)
            for count in [sum(one.by_kind[place] for one in found)]
        ],
        time=numbers.duration(seconds) if timed else numbers.NONE,
        each=f"{numbers.duration(seconds / timed)} each, of {numbers.count(timed)} known" if timed else "",
    )

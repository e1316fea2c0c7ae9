"""The report as CSV, as numbers that a spreadsheet reads: its figures, the numbers behind its chart, reasons and hours, its categories, and
one row for each conversation of the period.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max, Min, Q, Sum
from django.utils import timezone

from review import csv_files
from review.desk.reports import numbers, spreads, tables
from review.desk.reports.filters import Asked
from review.models import MEASURES, Outcome
from review.reports import lag
from review.reports.beside import beside
from review.reports.figures import FIGURES, LEFT
from review.reports.prices import DEFINITION as COST
from review.reports.saving import DEFINITION as SAVING
from review.reports.steps import left_by_step
from review.reports.summary import Line, Summary, summary

AT_ONCE = 1000
Rows = Iterator[list[str]]
UNCOUNTED = "Not counted yet"
COUNTED = tuple(name for name in MEASURES if name not in {"opened", "responded", "in_time", "resolved"})
CONVERSATION = ("conversation", "mailbox", "category", "first_received", "last_received", *COUNTED)
CONVERSATION_ENDS = ("first_response_seconds", "in_time", "resolution_seconds", "setups")


def figures(asked: Asked, *, hides: frozenset[str]) -> Rows:
    """One line for each figure; `hides` are the keys of those that the person may not see."""
    found = _summary(asked)
    yield ["figure", "key", "value", "counted", "of", "low", "high", "value_before", "counted_before", "of_before", "definition"]
    for line in (*found.figures, *found.left):
        if line.figure.key not in hides:
            yield _figure(line)
    if found.uncounted:
        yield _said((UNCOUNTED, "uncounted", found.uncounted, *("",) * 7, numbers.still_uncounted(found.uncounted)))
    for each in found.durations:
        for name in ("median", "p90"):
            about = (f"{each.name}, {name}", f"{each.key}_{name}")
            now, before = ((getattr(found, name), found.count) for found in (each.now, each.before))
            yield _said((*about, *now, "", "", "", *before, "", each.definition))
    yield from _beside(found)


def _beside(found: Summary) -> Rows:
    """What the model cost in each currency, the tokens without a price, and the hours that were saved on so many replies."""
    more, none = beside(found), ("",) * 6
    for currency, amount in more.cost.amounts.items():
        yield _said((f"Cost of the model, {currency}", f"cost_{currency.lower()}", amount, "", *none, COST))
    if unpriced := sum(more.cost.unpriced.values()):
        yield _said(("Tokens without a price", "unpriced", unpriced, "", *none, COST))
    hours = round(more.saving.seconds / 3600, 2)
    yield _said(("Hours saved", "saved", hours, more.saving.replies, *none, f"{SAVING} {more.saving.minutes:g} minutes."))


def steps(asked: Asked, *, hides: frozenset[str]) -> Rows:
    """One line for each step of the chart: how many mails were answered in each way, by the day from which they were received."""
    yield ["received_from", *(way.key for way in LEFT)]
    for first, counts in left_by_step(_summary(asked)).items():
        yield _said((first.isoformat(), *counts.values()))


def reasons(asked: Asked, *, hides: frozenset[str]) -> Rows:
    """One line for each reason and each check that failed, then one for each hour of the week in which mails came in."""
    found = _summary(asked).spreads
    yield ["kind", "key", "name", "mails"]
    for one in spreads.reasons(found):
        yield _said((one.kind, one.key, one.name, one.mails))
    for hour, mails in spreads.hours(found):
        yield _said(("hour", hour, f"{tables.WEEKDAYS[hour // 24]} {hour % 24}:00", mails))


def categories(asked: Asked, *, hides: frozenset[str]) -> Rows:
    """One line for each category, with numerator and denominator of each figure."""
    keys = [figure.key for figure in (*FIGURES, *LEFT) if figure.key not in hides]
    of = {figure.key for figure in FIGURES if figure.of}
    yield ["category", *(name for key in keys for name in ((key, f"{key}_of") if key in of else (key,)))]
    for group in _summary(asked).groups:
        lines = {**group.figures, **group.left}
        cells = [cell for key in keys for cell in _pair(lines[key])]
        yield _said((group.name, *cells))


def conversations(asked: Asked, *, hides: frozenset[str]) -> Rows:
    """One line for each conversation in which a mail of the period came in: what became of those mails, counted.

    Neither names nor addresses nor subjects leave with it; its number leads to the conversation. `first_received` and `last_received` are
    in the installation's time zone.
    """
    hidden = {"audited", "unsafe"} if "error" in hides else set()
    counted = [name for name in COUNTED if name not in hidden]
    yield [*CONVERSATION[:5], *counted, *CONVERSATION_ENDS]
    names = asked.names
    for row in _rows(asked, counted):
        categories = sorted(names["category"].get(str(each), "") for each in row["categories"] if each)
        received = (
            timezone.localtime(row[end], timezone.get_default_timezone()).isoformat(timespec="seconds") for end in ("since", "until")
        )
        ends = (row["response"], row["is_in_time"] if row["response"] is not None else "", row["resolution"])
        setups = " ".join(str(each) for each in sorted(filter(None, row["setups"])))
        mailbox = names["mailbox"].get(str(row["mailbox"]), "")
        yield _said(
            (row["conversation"], mailbox, ", ".join(categories), *received, *(row[f"n_{name}"] for name in counted), *ends, setups)
        )


def _with_lag(make: Callable[..., Rows]) -> Callable[..., Rows]:
    """The same lines, and a last one that says what is not counted yet; as wide as they are, for readers that count columns."""

    def rows(asked: Asked, *, hides: frozenset[str]) -> Rows:
        width = 0
        for cells in make(asked, hides=hides):
            width = len(cells)
            yield cells
        if words := numbers.still_uncounted(lag.uncounted()):
            yield [words, *("",) * (width - 1)]

    return rows


FILES: dict[str, tuple[Callable[..., Rows], str]] = {
    "figures": (figures, "all figures"),
    "steps": (_with_lag(steps), "the numbers behind the chart"),
    "reasons": (_with_lag(reasons), "reasons and hours"),
    "categories": (_with_lag(categories), "the table of categories"),
    "conversations": (_with_lag(conversations), "a line for each conversation"),
}
"""What can be downloaded: what makes the cells of its lines, and what the audit log calls it."""


def lines(file: str, asked: Asked, *, hides: frozenset[str]) -> Iterator[str]:
    """A file of FILES, line by line. `hides` are the keys of figures that the person may not see."""
    yield csv_files.MARK
    yield from map(csv_files.line, FILES[file][0](asked, hides=hides))


def _summary(asked: Asked) -> Summary:
    return summary(period=asked.filters.period, scope=asked.filters.scope)


def _figure(line: Line) -> list[str]:
    now, before = line.now, line.before
    low, high = now.interval or ("", "")
    figure = line.figure
    cells = (now.value, now.numerator, now.denominator, low, high, before.value, before.numerator, before.denominator)
    return _said((figure.name, figure.key, *cells, figure.definition))


def _pair(line: Line) -> tuple[int, ...]:
    now = line.now
    return (now.numerator,) if now.denominator is None else (now.numerator, now.denominator)


def _rows(asked: Asked, counted: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Conversations in the order of their numbers, some at a time, so that no transaction stays open while a file is read."""
    period = asked.filters.period
    wanted = asked.filters.scope.rows & Q(day__gte=period.first, day__lte=period.last)
    sums = {f"n_{name}": Sum(name) for name in counted}
    ends = {"since": Min("received_at"), "until": Max("received_at"), "response": Max("first_response_seconds")}
    ends |= {"resolution": Max("resolution_seconds"), "is_in_time": Sum("in_time")}
    kinds = {"categories": ArrayAgg("category", distinct=True), "setups": ArrayAgg("setup", distinct=True)}
    last = 0
    while True:
        rows: Any = Outcome.objects.filter(wanted, conversation__gt=last).order_by("conversation").values("conversation", "mailbox")
        found = list(rows.annotate(**sums, **ends, **kinds)[:AT_ONCE])
        yield from found
        if len(found) < AT_ONCE:
            return
        last = found[-1]["conversation"]


def _said(cells: Iterable[Any]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in cells]

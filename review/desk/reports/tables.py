"""The tables of the report: categories, reasons, when mails come in. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.urls import reverse

from drafting.models import HandOverReason
from review.desk import words
from review.desk.reports import numbers, spark
from review.desk.reports.cards import said
from review.desk.reports.filters import Filters
from review.models import Decision, Spread
from review.reports.reading import Part
from review.reports.summary import REASONS, Group, Line

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHADES = 5
"""Beside none: so many tones of the heat table."""
MAILS = "mails"
SHOWN = ("coverage", "automation", "approval", "error")
"""The figures of a category in its row."""
KINDS = {
    Spread.Kind.HAND_OVER: ("hand_over", "Why mails were handed over", "Reason"),
    Spread.Kind.EDIT_REASON: ("edit", "Why drafts were edited", "Reason"),
    Spread.Kind.FAILED_CHECK: ("check", "Checks that failed", "Check"),
}
"""What is told of reasons: their name in addresses, the heading of the table and of its first column."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a category: its name, the number, and what it is made of; `asks` is the form that asks for its mails, "" where there are
    none. Intervals are told where one category is chosen."""

    name: str
    value: str
    made_of: str
    asks: str


@dataclass(frozen=True, slots=True)
class Category:
    """A row of the table of categories; `id` is what its cells ask for, `line` are the points of its sparkline and
    `line_said` what it shows."""

    id: int
    name: str
    url: str
    line: str
    line_said: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Reason:
    """How often something occurred, with its share of all and the length of its bar in hundredths of the longest."""

    name: str
    count: str
    share: str
    bar: int
    url: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """A table of reasons, the most frequent first."""

    heading: str
    definition: str
    column: str
    rows: list[Reason]


@dataclass(frozen=True, slots=True)
class Hour:
    """How many mails came in within an hour of the week (Monday 0:00 is 0); `shade` from 0 for none to SHADES for the most."""

    hour: int
    count: int
    shade: int


def categories(
    groups: Sequence[Group], parts: Sequence[Part], steps: Sequence[date], filters: Filters, *, shown: Sequence[str]
) -> list[Category]:
    """A row for each category, the one with most mails first; `shown` are the keys of its figures."""
    by_step: dict[tuple[int, date], int] = {}
    for part in parts:
        key = (part.category or 0, part.on)
        by_step[key] = by_step.get(key, 0) + part.sums["inbound"]
    return [
        Category(
            id=group.id,
            name=group.name,
            url=reverse("reports") + filters.query(category=str(group.id)),
            line=spark.line(mails),
            line_said=spark.said(mails, steps),
            cells=[_mails(group), *(_cell(group.figures[key]) for key in shown)],
        )
        for group in groups
        for mails in [[by_step.get((group.id, step), 0) for step in steps]]
    ]


def reasons(spreads: Mapping[Spread.Kind, Mapping[str, int]], filters: Filters) -> list[Reasons]:
    """Why mails were handed over and drafts edited, and which checks failed; those of which there are any."""
    return [
        Reasons(heading, REASONS[kind], column, _reasons(name, spreads[kind], filters))
        for kind, (name, heading, column) in KINDS.items()
        if spreads[kind]
    ]


def reason_name(kind: str, key: str) -> str:
    """A reason as people read it; `kind` as addresses name it."""
    choices: dict[str, type[TextChoices]] = {"hand_over": HandOverReason, "edit": Decision.EditReason}
    known = dict(choices[kind].choices) if kind in choices else {}
    return str(known.get(key, words.humanised(key))) or "No reason given"


def heat(counts: Mapping[str, int]) -> list[tuple[str, list[Hour]]]:
    """The hours of the week, day by day."""
    most = max(counts.values(), default=0)
    return [(day, [_hour(24 * place + hour, counts, most) for hour in range(24)]) for place, day in enumerate(DAYS)]


def asks(filters: Filters, *, shown: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    """The forms behind the cells of categories: of each figure one for its mails, and one for all that it is a share of."""
    kept = {name: value for name, value in filters.values.items() if name != "category"}
    counted = [(key, kept | {"figure": key}) for key in shown]
    return [(MAILS, kept), *counted, *((f"{key}-of", values | {"part": "of"}) for key, values in counted)]


def _mails(group: Group) -> Cell:
    return Cell("Mails", numbers.count(group.figures["inbound"].now.numerator), "", MAILS)


def _cell(line: Line) -> Cell:
    now = line.now
    asks = (now.figure.key if now.numerator else f"{now.figure.key}-of") if now.denominator else ""
    made_of = f"{numbers.count(now.numerator)} of {numbers.count(now.denominator)}" if now.denominator else ""
    return Cell(now.figure.name, said(now), made_of, asks)


def _reasons(kind: str, counts: Mapping[str, int], filters: Filters) -> list[Reason]:
    total, most = sum(counts.values()), max(counts.values())
    return [
        Reason(
            name=reason_name(kind, key),
            count=numbers.count(count),
            share=numbers.share(count / total),
            bar=max(round(100 * count / most), 1),
            url=reverse("report_mails") + filters.query(**{kind: key}),
        )
        for key, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]


def _hour(hour: int, counts: Mapping[str, int], most: int) -> Hour:
    count = counts.get(str(hour), 0)
    return Hour(hour, count, -(-SHADES * count // most) if most else 0)

"""How replies left over the period: the chart with its marks, and the numbers behind it, each with the way to its mails."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse

from review.desk.reports import marks, numbers, stacked
from review.desk.reports.behind import ALL, ANSWERED, FIGURES
from review.desk.reports.cards import mails_url
from review.desk.reports.filters import Filters
from review.desk.reports.listing import in_words
from review.desk.reports.marks import Mark
from review.desk.reports.stacked import Chart
from review.reports import reading
from review.reports.figures import LEFT
from review.reports.summary import Summary


@dataclass(frozen=True, slots=True)
class Left:
    """The chart, its legend, where the numbers behind it are, what changed meanwhile. `ways` are key, name, how many mails left so, the
    way to those, and what it means."""

    sentence: str
    charts: list[Chart]
    ways: list[tuple[str, str, str, str, str]]
    numbers_url: str
    marks: list[Mark]
    has_more_marks: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the chart in numbers, in the order of the columns; `day` asks for its mails."""

    label: str
    day: str
    counts: list[int]


@dataclass(frozen=True, slots=True)
class Page:
    """The numbers behind the chart. Of the `columns` each is a name, and what asks for its mails beside the step."""

    days: str
    columns: list[tuple[str, dict[str, str]]]
    rows: list[StepRow]
    totals: list[tuple[str, str]]
    report_url: str


def left(found: Summary, filters: Filters, user: User) -> Left | None:
    """None where nothing left."""
    total = sum(line.now.numerator for line in found.left)
    if not total:
        return None
    changes, has_more = marks.marks(period=found.period, category=filters.category, setup=filters.setup, user=user)
    ways = [
        (line.figure.key, line.figure.name, numbers.count(line.now.numerator), mails_url(filters, line.figure.key), line.figure.definition)
        for line in found.left
    ]
    said = ", ".join(f"{numbers.share(line.now.numerator / total)} {line.figure.name.lower()}" for line in found.left)
    return Left(
        sentence=f"{numbers.count(total)} mails were answered: {said}.",
        charts=stacked.charts(stacked.columns(found.parts, found.period), marks.places(changes)),
        ways=ways,
        numbers_url=reverse("report_numbers") + filters.query(),
        marks=changes,
        has_more_marks=has_more,
    )


def page(filters: Filters) -> Page:
    """The numbers behind the chart: of each step how many mails came in, and how many were answered in each way."""
    shown = [ALL, *LEFT, FIGURES[ANSWERED]]
    parts = reading.parts(period=filters.period, scope=filters.scope)
    sums = reading.total(parts)
    return Page(
        days=in_words(filters.period),
        columns=[(figure.name, filters.values | {"figure": figure.key}) for figure in shown],
        rows=[StepRow(each.label, each.first.isoformat(), list(each.counts)) for each in stacked.columns(parts, filters.period, shown)],
        totals=[(numbers.count(figure.numerator(sums)), mails_url(filters, figure.key)) for figure in shown],
        report_url=reverse("reports") + filters.query(),
    )

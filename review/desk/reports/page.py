"""The page of the report: all figures of a period in words, with charts and tables, and what waits now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from review import permissions
from review.desk.reports import cards, marks, numbers, stacked, tables
from review.desk.reports.cards import Card
from review.desk.reports.filters import Asked, Filters
from review.desk.reports.mails import in_words
from review.desk.reports.marks import Mark
from review.desk.reports.stacked import Chart
from review.desk.reports.tables import Category, Queue
from review.reports import backlog, prices, reading, saving
from review.reports.assumed import assumed
from review.reports.backlog import DEFINITION as WAITING
from review.reports.figures import BY_KEY
from review.reports.prices import DEFINITION as COST
from review.reports.prices import Cost
from review.reports.summary import Line, Summary, summary

AUTOMATED = ("inbound", "needed", "coverage", "automation", "hand_over", "no_reply", "eligible", "shadow")
MOST_CATEGORIES = 12
"""So many are shown, those with most mails; the CSV has all of them."""
FARED = ("approval", "edit", "rejection", "take_over")
SAFE = ("error", "bounced", "maybe_sent")
FAST = ("in_time", "responded")
COSTS = ("calls", "tokens")
WAITS = ("waiting",)
LEADS = {
    "How much is automated": "Of the mails that came in, how many were answered, and by whom.",
    "How drafts fared": "What reviewers did with the drafts that they decided. The four shares add up to 100 %.",
    "Is it safe": "What went wrong, or may have gone wrong.",
    "How fast": "How long customers waited, and how long it took people to decide.",
    "What it costs": "What the model was asked for, and what it saved.",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that answer one question."""

    name: str
    lead: str
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class StepRow:
    """A column of the chart in numbers; `day` asks for its mails."""

    label: str
    day: str
    counts: list[str]
    total: str


@dataclass(frozen=True, slots=True)
class Left:
    """How replies left: the chart, its legend with the total of each way, the numbers behind it, what changed meanwhile."""

    sentence: str
    charts: list[Chart]
    ways: list[tuple[str, str, str, str]]
    rows: list[StepRow]
    marks: list[Mark]
    has_more_marks: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report. `nothing` where no mail came in; what waits is told all the same. `figures` heads the columns of categories.
    `uncounted` says that the numbers lag, "" where they do not.
    """

    asked: Asked
    days: str
    zone: str
    before: str
    uncounted: str
    nothing: bool
    groups: list[Group]
    left: Left | None
    categories: list[Category]
    more_categories: int
    figures: list[str]
    waiting: list[Queue]
    waiting_defined: str


def page(asked: Asked, *, user: User) -> Page:
    """The report that an address asks for."""
    filters = asked.filters
    found = summary(period=filters.period, scope=filters.scope)
    lines = {line.figure.key: line for line in found.figures}
    may_see_evidence = permissions.may_see_evidence(user)
    shown = [key for key in tables.SHOWN if key != "error" or may_see_evidence]
    return Page(
        asked=asked,
        days=in_words(found.period),
        zone=settings.TIME_ZONE,
        before=in_words(found.period.before),
        uncounted=numbers.still_uncounted(found.uncounted),
        nothing=not lines["inbound"].now.numerator,
        groups=_groups(found, lines, filters, may_see_evidence=may_see_evidence),
        left=_left(found, filters, user),
        categories=tables.categories(found.groups[:MOST_CATEGORIES], found.parts, _steps(found), filters, shown=shown),
        more_categories=max(len(found.groups) - MOST_CATEGORIES, 0),
        figures=[BY_KEY[key].name for key in shown],
        waiting=tables.queues(backlog.waiting(filters.scope), may_open=permissions.may_review(user)),
        waiting_defined=WAITING,
    )


def _groups(found: Summary, lines: dict[str, Line], filters: Filters, *, may_see_evidence: bool) -> list[Group]:
    def of(keys: Sequence[str]) -> list[Card]:
        return [cards.card(lines[key], filters) for key in keys if key != "error" or may_see_evidence]

    told = {
        "How much is automated": [*of(AUTOMATED), *of(WAITS)],
        "How drafts fared": _fared(lines, filters),
        "Is it safe": of(SAFE),
        "How fast": [*(cards.duration(each, filters) for each in found.durations), *_without(of(FAST), lines["responded"], filters)],
        "What it costs": [*_tokens(of(COSTS)), *_costs(found, filters)],
    }
    return [Group(name, LEADS[name], shown) for name, shown in told.items()]


def _fared(lines: dict[str, Line], filters: Filters) -> list[Card]:
    """The four rates, so rounded that they add up to 100 %."""
    shares = numbers.parts_of_all([lines[key].now.numerator for key in FARED])
    return [cards.card(lines[key], filters, value=share) for key, share in zip(FARED, shares, strict=True)]


def _tokens(found: list[Card]) -> list[Card]:
    return [replace(card, link=("Prices", reverse("report_assumptions"))) if card.key == "tokens" else card for card in found]


def _without(found: list[Card], responded: Line, filters: Filters) -> list[Card]:
    """With the way to the conversations that had no first reply."""
    now = responded.now
    missing = (now.denominator or 0) - now.numerator
    link = (f"{numbers.count(missing)} without one", cards.mails_url(filters, "responded", "rest")) if missing else ("", "")
    return [replace(card, link=link) if card.key == "responded" else card for card in found]


def _costs(found: Summary, filters: Filters) -> list[Card]:
    sums, taken = reading.total(list(found.parts)), assumed()
    cost, told = prices.cost(found.parts, taken.prices), saving.saving(sums, taken.minutes)
    return [_cost(cost, sums["inbound"]), cards.saved(told, filters)]


def _cost(cost: Cost, mails: int) -> Card:
    """What the tokens cost in each currency, and of how many nobody said what they cost."""
    amounts = " + ".join(numbers.money(amount, currency) for currency, amount in cost.amounts.items())
    each = " + ".join(numbers.money(amount / mails, currency) for currency, amount in cost.amounts.items()) if mails else ""
    unpriced = sum(cost.unpriced.values())
    missing = f"{numbers.large(unpriced)} tokens have no price yet" if unpriced else ""
    return Card(
        key="cost",
        name="Cost of the model",
        value=amounts or numbers.NONE,
        definition=COST,
        note="; ".join(filter(None, (f"{each} for each mail" if each else "", missing))),
        link=("Set prices", reverse("report_assumptions")) if missing else ("", ""),
    )


def _steps(found: Summary) -> list[date]:
    return [max(step, found.period.first) for step in found.period.steps()]


def _left(found: Summary, filters: Filters, user: User) -> Left | None:
    """None where nothing left."""
    total = sum(line.now.numerator for line in found.left)
    if not total:
        return None
    columns = stacked.columns(found.parts, found.period)
    changes, has_more = marks.marks(period=found.period, category=filters.category, setup=filters.setup, user=user)
    ways = [
        (line.figure.key, line.figure.name, numbers.count(line.now.numerator), cards.mails_url(filters, line.figure.key))
        for line in found.left
    ]
    said = ", ".join(f"{numbers.share(line.now.numerator / total)} {line.figure.name.lower()}" for line in found.left)
    return Left(
        sentence=f"{numbers.count(total)} mails were answered: {said}.",
        charts=stacked.charts(columns, marks.places(changes)),
        ways=ways,
        rows=[
            StepRow(each.label, each.first.isoformat(), [numbers.count(n) for n in each.counts], numbers.count(sum(each.counts)))
            for each in columns
        ],
        marks=changes,
        has_more_marks=has_more,
    )

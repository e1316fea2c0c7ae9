"""The page of the report: all figures of a period in words, with charts and tables, and what waits now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from review import permissions
from review.desk.reports import cards, left, numbers, tables, waiting
from review.desk.reports.cards import Card
from review.desk.reports.filters import Asked, Filters
from review.desk.reports.left import Left
from review.desk.reports.listing import in_words
from review.desk.reports.tables import Category
from review.desk.reports.waiting import Queue
from review.reports.backlog import DEFINITION as WAITING
from review.reports.beside import Beside, beside
from review.reports.figures import BY_KEY
from review.reports.prices import DEFINITION as COST
from review.reports.prices import Cost
from review.reports.summary import Line, Summary, summary

AUTOMATED = ("inbound", "needed", "coverage", "automation", "hand_over", "no_reply", "eligible", "qualified", "shadow")
MOST_CATEGORIES = 9
"""So many are shown, those with most mails; the CSV has all of them."""
FARED = ("approval", "edit", "rejection", "take_over")
SAFE = ("error", "bounced", "maybe_sent")
FAST = ("in_time", "responded")
COSTS = ("calls", "tokens")
WAITS = ("waiting",)
LEADS = {
    "How much is automated": "How many mails were answered, and by whom.",
    "How drafts fared": "What reviewers decided. The four shares add up to 100 %.",
    "Is it safe": "What went wrong, or may have gone wrong.",
    "How fast": "How long customers waited, and people took to decide.",
    "What it costs": "What the model was asked for, and what it saved.",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that answer one question."""

    name: str
    lead: str
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report. `nothing` where no mail came in; what waits is told all the same. `figures` heads the columns of categories, and
    `asks` are the forms behind their cells: a name, and what each says beside the category. `uncounted` says that the numbers lag, ""
    where they do not.
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
    figures: list[tuple[str, str]]
    asks: list[tuple[str, dict[str, str]]]
    waiting: list[Queue]
    waiting_heads: list[str]
    waiting_defined: str


def page(asked: Asked, *, user: User) -> Page:
    """The report that an address asks for."""
    filters = asked.filters
    found = summary(period=filters.period, scope=filters.scope)
    more, lines = beside(found), {line.figure.key: line for line in found.figures}
    may_see_evidence = permissions.may_see_evidence(user)
    shown = [key for key in tables.SHOWN if key != "error" or may_see_evidence]
    return Page(
        asked=asked,
        days=in_words(found.period),
        zone=settings.TIME_ZONE,
        before=in_words(found.period.before),
        uncounted=numbers.still_uncounted(found.uncounted),
        nothing=not lines["inbound"].now.numerator,
        groups=_groups(found, more, lines, filters, may_see_evidence=may_see_evidence),
        left=left.left(found, filters, user),
        categories=tables.categories(found.groups[:MOST_CATEGORIES], found.parts, _steps(found), filters, shown=shown),
        more_categories=max(len(found.groups) - MOST_CATEGORIES, 0),
        figures=[(key, BY_KEY[key].name) for key in shown],
        asks=tables.asks(filters, shown=shown),
        waiting=waiting.queues(more.waiting, filters, may_open=permissions.may_review(user)),
        waiting_heads=list(waiting.KINDS.values()),
        waiting_defined=WAITING,
    )


def _groups(found: Summary, more: Beside, lines: dict[str, Line], filters: Filters, *, may_see_evidence: bool) -> list[Group]:
    def of(keys: Sequence[str]) -> list[Card]:
        return [cards.card(lines[key], filters) for key in keys if key != "error" or may_see_evidence]

    told = {
        "How much is automated": [*of(AUTOMATED), *of(WAITS)],
        "How drafts fared": _fared(lines, filters),
        "Is it safe": of(SAFE),
        "How fast": [*(cards.duration(each, filters) for each in found.durations), *_without(of(FAST), lines["responded"], filters)],
        "What it costs": [*_tokens(of(COSTS)), *_costs(more, lines["inbound"].now.numerator, filters)],
    }
    return [Group(name, LEADS[name], shown) for name, shown in told.items()]


def _fared(lines: dict[str, Line], filters: Filters) -> list[Card]:
    """The four rates, so rounded that they add up to 100 %."""
    shares = numbers.parts_of_all([lines[key].now.numerator for key in FARED])
    return [cards.card(lines[key], filters, value=share) for key, share in zip(FARED, shares, strict=True)]


def _tokens(found: list[Card]) -> list[Card]:
    return [replace(card, link=("Prices", reverse("report_assumptions"))) if card.key == "tokens" else card for card in found]


def _without(found: list[Card], responded: Line, filters: Filters) -> list[Card]:
    """With the way to the conversations that had no first reply, and how many had one beside those in time."""
    now = responded.now
    missing = (now.denominator or 0) - now.numerator
    link = (f"{numbers.count(missing)} without one", cards.mails_url(filters, "responded", "rest")) if missing else ("", "")
    note = f"{numbers.count(now.numerator)} of {numbers.count(now.denominator)} had one at all" if now.denominator else ""
    return [replace(card, link=link) if card.key == "responded" else replace(card, note=note) for card in found]


def _costs(more: Beside, mails: int, filters: Filters) -> list[Card]:
    return [_cost(more.cost, mails, filters), cards.saved(more.saving, filters)]


def _cost(cost: Cost, mails: int, filters: Filters) -> Card:
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
        url=cards.mails_url(filters, "cost") if amounts or unpriced else "",
        note="; ".join(filter(None, (f"{each} for each mail" if each else "", missing))),
        link=("Set prices", reverse("report_assumptions")) if missing else ("", ""),
    )


def _steps(found: Summary) -> list[date]:
    return [max(step, found.period.first) for step in found.period.steps()]

"""The list of all categories, a row each, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Window
from django.db.models.functions import JSONObject, RowNumber
from django.urls import reverse

from drafting.models import Category, Setup
from review.desk import words
from review.desk.automation import lost, progress, rates, states
from review.desk.automation.lost import Lost
from review.desk.automation.progress import Proof
from review.desk.automation.rates import Rates
from review.desk.automation.standing import Used, is_in_use
from review.ledger import evidence
from review.ledger.evidence import Evidence
from review.models import Attempt, Terms, Transition

ATTEMPTS = 4
"""So many attempts of each category are looked at for what was lost."""


@dataclass(frozen=True, slots=True)
class Row:
    """A category in the list. `cause` says why it is suspended, `waits` that terms wait for a second admin."""

    name: str
    url: str
    state: states.State
    cause: str
    waits: bool
    approval: tuple[str, str]
    proof: Proof | None
    error_rate: tuple[str, str]
    sent: str
    changed: str
    changed_at: words.Moment | None
    lost: Lost | None


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a category: its terms in force and those that wait, its newest attempts, the one in use and how far that is."""

    category: Category
    terms: Terms | None
    waiting: Terms | None
    attempts: list[Attempt]
    attempt: Attempt | None
    evidence: Evidence | None


def rows(used: Used, *, links: bool) -> list[Row]:
    """All categories; `used` as in `standing`, `links` for those who may open replays."""
    found = about(list(Category.objects.all()), used)
    fared = rates.rates()
    gone = losses(found, used, links=links)
    return [_row(each, fared.get(each.category.pk) or Rates(), gone.get(each.category.pk)) for each in found]


def about(categories: list[Category], used: Used) -> list[About]:
    """What is known of each of `categories`, in five queries."""
    terms, attempts = _terms(categories), _attempts(categories)
    current = {category.pk: in_use(attempts.get(category.pk, []), used) for category in categories}
    standings = evidence.standings([attempt for attempt in current.values() if attempt])
    return [
        About(
            category=category,
            terms=terms.get((category.pk, False)),
            waiting=terms.get((category.pk, True)),
            attempts=attempts.get(category.pk, []),
            attempt=attempt,
            evidence=standings[attempt.pk] if attempt else None,
        )
        for category in categories
        for attempt in [current[category.pk]]
    ]


def in_use(attempts: list[Attempt], used: Used) -> Attempt | None:
    """Of a category's attempts the one that is open and of the setups in use."""
    mine = (each for each in attempts if is_in_use(used, category=each.category_id, setup=each.setup_id, chooser=each.chooser_id))
    return next((each for each in mine if each.ended_at is None), None)


def losses(found: list[About], used: Used, *, links: bool) -> dict[int, Lost]:
    """What categories lost with their setup, by category, in one query."""
    gone = {one.category.pk: before for one in found if used and (before := lost.lost(one.attempts, one.attempt))}
    setups = {category: Setup(pk=used.get(category, used[None])) for category in gone}
    replayed = lost.replayed({(setup.pk, category) for category, setup in setups.items()})
    return {
        category: lost.shown(before, setups[category], used[None], replayed.get((setups[category].pk, category)), links=links)
        for category, before in gone.items()
    }


def _row(one: About, fared: Rates, gone: Lost | None) -> Row:
    attempt, terms = one.attempt, one.terms
    said, at = _changed(attempt, terms)
    return Row(
        name=one.category.name,
        url=reverse("automation_category", args=[one.category.pk]),
        state=states.state(terms, attempt),
        cause=attempt.get_cause_display() if attempt else "",
        waits=one.waiting is not None,
        approval=fared.approval,
        proof=progress.proof(one.evidence, attempt) if one.evidence and attempt and states.is_counted(terms, attempt) else None,
        error_rate=progress.error_rate(attempt.n, attempt.k) if attempt else ("", ""),
        sent=f"{fared.auto_sent:,} of {terms.daily_cap:,}" if terms and (fared.auto_sent or (attempt and attempt.is_unlocked)) else "",
        changed=said,
        changed_at=words.moment(at) if at else None,
        lost=gone,
    )


def newest_step(attempt: Attempt | None) -> dict[str, Any] | None:
    """What happened to an attempt of `about` last: after, at, words and the names of who did it."""
    return next(iter(attempt.newest), None) if attempt else None  # type: ignore[attr-defined]


def _changed(attempt: Attempt | None, terms: Terms | None) -> tuple[str, datetime | None]:
    """What was changed last, by whom, and when."""
    step = newest_step(attempt)
    stepped = datetime.fromisoformat(step["at"]) if step else None
    if terms and (stepped is None or terms.at > stepped):
        return f"Terms, by {words.person(terms.by)}", terms.at
    if step is None:
        return "", None
    by = User(username=step["login"], first_name=step["first"], last_name=step["last"]) if step["login"] else None
    return f"{Attempt.State(step['after']).label}, by {words.person(by)}", stepped


def _terms(categories: list[Category]) -> dict[tuple[int, bool], Terms]:
    """By category and whether they wait for a second admin: the newest terms that are in force, and newer ones that wait."""
    told = Terms.objects.filter(Q(in_force_at__isnull=False) | Q(withdrawn_at__isnull=True), category__in=categories)
    newest = told.annotate(waits=Q(in_force_at__isnull=True)).order_by("category_id", "waits", "-pk").distinct("category_id", "waits")
    return {(each.category_id, each.in_force_at is None): each for each in newest.select_related("by", "confirmed_by")}


def _attempts(categories: list[Category]) -> dict[int, list[Attempt]]:
    """The newest attempts by category, each with what happened to it last as `newest`."""
    step = JSONObject(after="after", at="at", words="words", first="by__first_name", last="by__last_name", login="by__username")
    newest = Transition.objects.filter(attempt=OuterRef("pk")).order_by("-pk").values(step=step)[:1]
    place = Window(RowNumber(), partition_by=F("category"), order_by=F("pk").desc())
    found = Attempt.objects.filter(category__in=categories).annotate(place=place).filter(place__lte=ATTEMPTS)
    attempts: dict[int, list[Attempt]] = {}
    related = found.select_related("setup", "unlocked_by").defer("setup__parts")
    for attempt in related.annotate(newest=ArraySubquery(newest)).order_by("-pk"):
        attempts.setdefault(attempt.category_id, []).append(attempt)
    return attempts

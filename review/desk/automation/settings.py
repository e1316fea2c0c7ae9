"""The terms of a category as the page shows them, and what they take."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from drafting.models import Category
from review import autosend, confidence
from review.desk import words
from review.desk.automation.page import terms_facts
from review.desk.automation.shares import percent
from review.ledger import evidence
from review.ledger.evidence import Evidence
from review.models import Terms

KEPT = ("epsilon", "alpha", "audit_share", "ramp_sends", "daily_cap", "from_hour", "until_hour", "weekdays")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Terms that wait for a second admin. `is_own`: whoever looks asked for them, so that somebody else must confirm."""

    pk: int
    facts: list[tuple[str, str]]
    by: str
    at: words.Moment
    is_own: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The page of terms. `takes` says how many reviews those in the form take; "" where the form says nothing sensible."""

    category: Category
    waiting: Waiting | None
    takes: str
    has_terms: bool
    is_collecting: bool


def page(category: Category, shown: tuple[float, float] | None, *, user: User) -> Page:
    """The page of `category` for `user`; `shown` are epsilon and alpha in the form."""
    terms, waiting = autosend.terms.of(category), autosend.terms.waiting(category)
    return Page(
        category=category,
        waiting=_waiting(waiting, user) if waiting else None,
        takes=takes(category, shown),
        has_terms=terms is not None,
        is_collecting=bool(terms and terms.is_collecting),
    )


def takes(category: Category, proof: tuple[float, float] | None) -> str:
    """How many clean reviews a proof of epsilon and alpha takes from zero, and how many are still missing; "" for none."""
    if proof is None:
        return ""
    epsilon, alpha = proof
    attempt = autosend.open_attempt(category)
    now = evidence.standing(attempt) if attempt else None
    found = Evidence(
        n=attempt.n if attempt else 0,
        k=attempt.k if attempt else 0,
        epsilon=epsilon,
        alpha=alpha,
        number=attempt.number if attempt else 1,
        planted=now.planted if now else 0,
        caught=now.caught if now else 0,
    )
    clean = confidence.reviews_needed(0, found.tested_epsilon, 1 / found.threshold)
    wanted = f"To show that at most {percent(epsilon)} are unsafe, {percent(1 - alpha)} certain,"
    said = f"{wanted} takes about {words.count(clean, 'clean review')}"
    if found.n == 0:
        return f"{said}."
    return f"{said} from zero, and {max(found.needed - found.n, 0):,} more than the {found.n:,} that count now."


def as_before(category: Category) -> dict[str, Any]:
    """The terms in force for `autosend.terms.save`, or the usual ones."""
    terms = autosend.terms.of(category) or Terms()
    return {name: getattr(terms, name) for name in KEPT}


def saved(terms: Terms) -> str:
    """What came of saving."""
    if terms.in_force_at is None:
        return "Saved. These terms are looser than 2 % or 95 %, so they wait until a second admin confirms them."
    if not terms.is_collecting:
        return f"{terms.category} is review only: every draft goes to a person, and nothing is counted."
    return f"Saved. {terms.category} collects proof under these terms."


def _waiting(terms: Terms, user: User) -> Waiting:
    return Waiting(terms.pk, terms_facts(terms)[:-1], words.person(terms.by), words.moment(terms.at), terms.by_id == user.pk)

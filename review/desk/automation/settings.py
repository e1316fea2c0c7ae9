"""The terms of a category as the page shows them, and what they take."""

from dataclasses import dataclass, replace

from django.contrib.auth.models import User

from drafting.models import Category
from review import confidence
from review.desk import words
from review.desk.automation import states
from review.desk.automation.overview import About
from review.desk.automation.page import terms_facts
from review.desk.automation.shares import bound, percent
from review.ledger.evidence import Evidence
from review.models import Terms


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


def page(one: About, shown: tuple[float, float] | None, *, user: User) -> Page:
    """The page of a category for `user`; `shown` are epsilon and alpha in the form."""
    return Page(
        category=one.category,
        waiting=_waiting(one.waiting, user) if one.waiting else None,
        takes=takes(one, shown),
        has_terms=one.terms is not None,
        is_collecting=states.is_collecting(one.terms),
    )


def takes(one: About, proof: tuple[float, float] | None) -> str:
    """How many clean reviews a proof of epsilon and alpha takes from zero, and how many are still missing; "" for none."""
    if proof is None:
        return ""
    epsilon, alpha = proof
    now = one.evidence or Evidence(n=0, k=0, epsilon=epsilon, alpha=alpha, number=1, planted=0, caught=0)
    found = replace(now, epsilon=epsilon, alpha=alpha)
    clean = confidence.reviews_needed(0, found.tested_epsilon, 1 / found.threshold)
    wanted = f"To show that at most {bound(epsilon)} are unsafe, {percent(1 - alpha)} certain,"
    said = f"{wanted} takes about {words.count(clean, 'clean review')}"
    if found.n == 0:
        return f"{said}."
    unsafe = f"; with the {found.k:,} unsafe so far" if found.k else ""
    return f"{said} from zero{unsafe}, {max(found.needed - found.n, 0):,} more than the {found.n:,} that count now."


def saved(terms: Terms) -> str:
    """What came of saving."""
    if terms.in_force_at is None:
        return "Saved. These terms are looser than 2 %, 95 % or a ramp of 100 mails, so they wait until a second admin confirms them."
    if not terms.is_collecting:
        return f"{terms.category} is review only: every draft goes to a person, and nothing is counted."
    return f"Saved. {terms.category} collects proof under these terms."


def dropped(waited: Terms) -> str:
    """What is said of terms that waited for a second admin when others took their place."""
    asked = f"at most {bound(waited.epsilon)} unsafe, {percent(1 - waited.alpha)} certain"
    return f"What {words.person(waited.by)} had asked for waited for a second admin and was dropped: {asked}."


def _waiting(terms: Terms, user: User) -> Waiting:
    return Waiting(terms.pk, terms_facts(terms)[:-1], words.person(terms.by), words.moment(terms.at), terms.by_id == user.pk)

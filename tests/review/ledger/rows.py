"""An attempt with drafts in its ledger, and what people decide on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from drafting.models import Category, Draft
from review import ledger
from review.models import Attempt, Decision, LedgerEntry, Terms
from tests.drafting.factories import make_category, make_draft, make_setup
from tests.review.factories import BODY, make_outgoing, make_person

Route, Why = LedgerEntry.Route, LedgerEntry.Why


def make_attempt(category: Category | None = None, **about: Any) -> Attempt:
    """An attempt of a category that begins now."""
    setup = make_setup()
    values = {"category": category or make_category(), "setup": setup, "chooser": setup, "began_at": timezone.now()}
    return Attempt.objects.create(**values | about)


def make_terms(category: Category, **about: Any) -> Terms:
    """Terms in force."""
    return Terms.objects.create(category=category, **{"by": make_person("admin"), "in_force_at": timezone.now(), **about})


def entered(attempt: Attempt, *, route: str = Route.PERSON, days_ago: float = 0, **about: Any) -> LedgerEntry:
    """The next draft of the attempt, waiting for a person unless something else is said."""
    values: dict[str, Any] = {"category": attempt.category, "setup": attempt.setup, "category_setup": attempt.chooser}
    draft = make_draft(**values, **{"state": Draft.State.READY, "body": BODY, "language": "en", "is_eligible": True, **about})
    attempt.refresh_from_db()
    why = Why.CHOSEN if route == Route.AUTO else Why.COLLECTING
    return ledger.enter(attempt=attempt, draft=draft, route=route, why=why, at=timezone.now() - timedelta(days=days_ago))


def draft_of(entry: LedgerEntry) -> Draft:
    """Its draft, which nobody has erased."""
    assert entry.draft is not None
    return entry.draft


def decide(entry: LedgerEntry, by: User, kind: str = "approved", **about: Any) -> Decision:
    """What `by` decides on the draft, after a minute."""
    draft = draft_of(entry)
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.DECIDED)
    text = draft.body if kind == "approved" else ""
    return Decision.objects.create(draft=draft, by=by, kind=kind, **{"final_text": text, "seconds_open": 60, **about})


def settle(entry: LedgerEntry, by: User, kind: str = "approved", **about: Any) -> LedgerEntry | None:
    """Decide and let the ledger know."""
    return ledger.settle_decision(decision=weighed(decide(entry, by, kind, **about)))


def weighed(decision: Decision) -> Decision:
    """The decision, as if the sweep had been by."""
    Decision.objects.filter(pk=decision.pk).update(weighed_at=timezone.now())
    return decision


def left_by_itself(entry: LedgerEntry, state: str = "sent") -> Decision:
    """The draft is sent automatically, whatever the database thinks of that."""
    draft = draft_of(entry)
    with unruled():
        mail = make_outgoing(by=None, message=draft.message, state=state, is_automatic=True, body=BODY)
        values = {"kind": "auto_sent", "outgoing": mail, "attempt": entry.attempt, "final_text": BODY}
        Draft.objects.filter(pk=draft.pk).update(state=Draft.State.DECIDED)
        return Decision.objects.create(draft=draft, by=None, **values)


@contextmanager
def unruled() -> Iterator[None]:
    """Without the rules that triggers keep; inside a test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def counts(attempt: Attempt) -> tuple[int, int, int]:
    """How many verdicts count, how many of those were unsafe, and up to which place all are known."""
    attempt.refresh_from_db()
    return attempt.n, attempt.k, attempt.settled_to

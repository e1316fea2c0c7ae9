"""Drafts of the ledger that have no verdict yet. The oldest of them holds up all that were judged after it."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from review.models import Attempt


@dataclass(frozen=True, slots=True)
class Pending:
    """How many drafts have no verdict (`open`), and what the oldest of them holds up, in words; `url` leads to it in the ledger."""

    open: int
    words: str
    url: str


def pending(attempt: Attempt) -> Pending:
    """What the proof of an attempt waits for, in one query."""
    behind = attempt.entries.filter(position__gt=attempt.settled_to)
    found = behind.aggregate(all=Count("pk"), judged=Count("settled_at"))
    ledger = reverse("automation_ledger", args=[attempt.category_id])
    return Pending(
        open=found["all"] - found["judged"],
        words=_words(attempt.settled_to + 1, found["judged"]) if found["judged"] else "",
        url=f"{ledger}?attempt={attempt.pk}&before={attempt.settled_to + 2}",
    )


def _words(number: int, judged: int) -> str:
    after = "One draft after it was judged already, and counts" if judged == 1 else f"{judged:,} after it were judged already, and count"
    return f"Draft No. {number:,} has no verdict yet and holds the proof up. {after} once it has one."

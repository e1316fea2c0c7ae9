"""Routing: whether an eligible draft needs a person first."""

from datetime import datetime

from drafting.models import Category
from review.models import Attempt, LedgerEntry


def route_new(*, most: int = 200) -> int:
    """Sweep: route eligible drafts that nobody has routed; says how many. Two sweeps at once share the work."""
    raise NotImplementedError


def route(*, draft_id: int, at: datetime | None = None) -> LedgerEntry | None:
    """Enter the draft into the ledger of its category, and send it where it may leave by itself. Once, however often it is called."""
    raise NotImplementedError


def open_attempt(category: Category) -> Attempt | None:
    """The attempt of the setups that are in use now; None while none has begun."""
    raise NotImplementedError

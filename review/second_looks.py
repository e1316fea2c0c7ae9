"""Second looks: a small share of decided drafts that another reviewer judges, without knowing what the first one said."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import QuerySet

from review.models import Decision, LedgerEntry, SecondLook

SHARE = 0.03


def ask(*, entry: LedgerEntry, decision: Decision, at: datetime | None = None) -> SecondLook | None:
    """Ask for a second look where chance says so: at a draft that a person decided on and whose verdict counts."""
    raise NotImplementedError


def waiting(user: User) -> QuerySet[SecondLook]:
    """What `user` may take a second look at: of others, in their mailboxes, oldest first."""
    raise NotImplementedError


def answer(*, look: SecondLook, by: User, unsafe: bool, words: str, at: datetime | None = None) -> SecondLook:
    """Keep what the second reviewer says. Unsafe, where the first one found it safe, flips the verdict."""
    raise NotImplementedError

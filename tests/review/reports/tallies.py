"""Sums to report on, as they stand once they were counted."""

from datetime import date
from typing import Any

from drafting.models import Category, Setup
from inbox.models import Mailbox
from review.models import Spread, Tally


def make_tally(on: date, *, mailbox: Mailbox, category: Category | None = None, setup: Setup | None = None, **measures: int) -> Tally:
    """The sums of a day, and of its month with those that are there already."""
    about: dict[str, Any] = {"mailbox": mailbox, "category": category, "setup": setup}
    month, _ = Tally.objects.get_or_create(span="month", on=on.replace(day=1), **about)
    for name, count in measures.items():
        setattr(month, name, getattr(month, name) + count)
    month.save()
    return Tally.objects.create(span="day", on=on, **about, **measures)


def make_spread(on: date, kind: Spread.Kind, key: str, count: int, *, mailbox: Mailbox, **about: Any) -> Spread:
    """How often something occurred on a day, and in its month with what is there already."""
    whole = {"span": "month", "on": on.replace(day=1), "kind": kind, "key": key, "mailbox": mailbox, **about}
    month, _ = Spread.objects.get_or_create(**whole, defaults={"count": 0})
    month.count += count
    month.save()
    return Spread.objects.create(span="day", on=on, kind=kind, key=key, count=count, mailbox=mailbox, **about)

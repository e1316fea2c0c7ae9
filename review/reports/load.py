"""How the work is spread over people: how many decisions each made in a period, and the time on them. Sorted by name, never a ranking."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from review.models import Decision
from review.reports.periods import Period
from review.reports.reading import Scope

DEFINITION = (
    "Decisions that stand, by the day on which they were made, and the time for which people had drafts open before they decided. It says "
    "who carries how much, not who is good: who takes the hard mails takes longer, and people do other things too."
)
KINDS = (Decision.Kind.APPROVED, Decision.Kind.EDITED, Decision.Kind.REJECTED, Decision.Kind.TAKEN_OVER, Decision.Kind.NO_REPLY)


LONGEST = timedelta(days=92)
"""Nothing sums decisions by person, so each is counted anew: of so long a time at most."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one person decided: how often in all, how often each of `KINDS`, and the seconds on those `timed` whose time is known."""

    person: User
    decisions: int
    by_kind: tuple[int, ...]
    timed: int
    seconds: int


def load(*, period: Period, scope: Scope) -> list[Load]:
    """Everybody who decided anything. Two queries."""
    kinds = {kind.value: Count("pk", filter=Q(kind=kind)) for kind in KINDS}
    by_person = made(period=period, scope=scope).order_by().values("by")
    found = by_person.annotate(n=Count("pk"), timed=Count("seconds_open"), seconds=Sum("seconds_open"), **kinds)
    rows: dict[int | None, dict[str, Any]] = {row["by"]: dict(row) for row in found}
    people = User.objects.filter(pk__in=list(filter(None, rows))).only("username", "first_name", "last_name")
    told = [
        Load(each, row["n"], tuple(row[kind.value] for kind in KINDS), row["timed"], row["seconds"] or 0)
        for each in people
        for row in [rows[each.pk]]
    ]
    return sorted(told, key=lambda one: str(one.person.get_full_name() or one.person.get_username()).casefold())


def told_of(period: Period) -> Period:
    """The last days of a period, as many as load is told of."""
    return Period(max(period.first, period.last - LONGEST + timedelta(days=1)), period.last)


def made(*, period: Period, scope: Scope) -> QuerySet[Decision]:
    """The decisions that `load` counts."""
    standing = Decision.objects.filter(_within(scope), undone_at__isnull=True, by__isnull=False)
    return standing.filter(decided_at__gte=midnight(period.first), decided_at__lt=midnight(period.last + timedelta(days=1)))


def midnight(day: date) -> datetime:
    """When a day begins in the installation's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def _within(scope: Scope) -> Q:
    wanted = Q() if scope.mailboxes is None else Q(mailbox__in=sorted(scope.mailboxes))
    if scope.category is not None:
        wanted &= Q(draft__category=scope.category) if scope.category else Q(draft__category__isnull=True)
    return wanted & (Q() if scope.setup is None else Q(draft__setup=scope.setup))

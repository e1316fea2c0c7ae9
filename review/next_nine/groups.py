"""The causes of a period, sized: how many drafts and hand-overs a week, and how many minutes of work. Sorted by minutes."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, FloatField, Q, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from review.models import Miss
from review.reports.periods import Period
from review.reports.reading import Scope

SIZED = (
    "Minutes of work: the time for which reviewers had the draft or hand-over open before they decided, and for each reply that a person "
    "wrote the minutes that one takes by hand. Where the time is not known, it counts as none."
)


@dataclass(frozen=True, slots=True)
class Group:
    """One cause in a period. `mails` are drafts and hand-overs, of which a mail may have several; `earlier` those of the period of the
    same length before; `seconds` of work are of the whole period; `categories` are ids (0 for none) with their `mails`, most first.
    """

    cause: str
    mails: int
    earlier: int
    seconds: float
    categories: tuple[tuple[int, int], ...]
    weeks: float

    @property
    def mails_a_week(self) -> float:
        """How many a week on average."""
        return self.mails / self.weeks

    @property
    def earlier_a_week(self) -> float:
        """Likewise in the period before."""
        return self.earlier / self.weeks

    @property
    def minutes_a_week(self) -> float:
        """How much work a week on average."""
        return self.seconds / 60 / self.weeks


def groups(*, period: Period, scope: Scope, minutes_by_hand: float | Combinable, causes: Collection[str] = ()) -> list[Group]:
    """The causes that had mails in `period`, most work first; only these `causes`, if any are named. One query, bounded by the days.

    `minutes_by_hand` is a number, or `saving.minutes_within` where it is not asked for by itself.
    """
    seen = Q(day__gte=period.first)
    within = Miss.objects.filter(scope.rows, day__gte=period.before.first, day__lte=period.last)
    rows = (
        (within.filter(cause__in=causes) if causes else within)
        .values("cause", "category")
        .annotate(
            mails=Count("pk", filter=seen),
            earlier=Count("pk", filter=~seen),
            read=Sum("seconds", filter=seen, default=0),
            written=Cast(Count("pk", filter=seen & Q(is_by_hand=True)), FloatField()),
        )
        .annotate(by_hand=F("written") * 60.0 * minutes_by_hand)
        .order_by("category")
    )
    by_cause: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_cause[row["cause"]].append(row)
    found = [_group(cause, own, period) for cause, own in by_cause.items()]
    return sorted((one for one in found if one.mails), key=lambda one: (-one.seconds, -one.mails, one.cause))


def _group(cause: str, rows: list[Any], period: Period) -> Group:
    categories = [(row["category"] or 0, row["mails"]) for row in rows if row["mails"]]
    return Group(
        cause=cause,
        mails=sum(row["mails"] for row in rows),
        earlier=sum(row["earlier"] for row in rows),
        seconds=sum(row["read"] + row["by_hand"] for row in rows),
        categories=tuple(sorted(categories, key=lambda one: -one[1])),
        weeks=period.days / 7,
    )

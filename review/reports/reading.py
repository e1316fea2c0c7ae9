"""Adding up: the measures of a period from whole months and the days beside them, so that years cost little more than weeks."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import Count, Model, Q, QuerySet, Sum, Value
from django.db.models.functions import Trunc

from review.models import MEASURES, Spread, Tally
from review.reports import lag
from review.reports.periods import Period, Step

Sums = dict[str, int]
"""The sum of each measure."""
_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Scope:
    """Of which mails: `mailboxes` as ids, None for all; `category` and `setup` as ids, None for all. Without category is 0."""

    mailboxes: frozenset[int] | None = None
    category: int | None = None
    setup: int | None = None

    @property
    def rows(self) -> Q:
        """The same as a condition on outcomes, tallies and spreads."""
        chosen = Q() if self.mailboxes is None else Q(mailbox__in=sorted(self.mailboxes))
        chosen &= Q() if self.category is None else Q(category=self.category) if self.category else Q(category__isnull=True)
        return chosen & (Q() if self.setup is None else Q(setup=self.setup))


@dataclass(frozen=True, slots=True)
class Part:
    """The sums of one category in one step of a period (`on` is the first day of the step, or the period's)."""

    category: int | None
    setup: int | None
    on: date
    sums: Sums


def parts(*, period: Period, scope: Scope) -> list[Part]:
    """The sums by category, setup and step of the period."""
    sums = {f"sum_of_{name}": Sum(name) for name in MEASURES}
    chosen = _within(Tally.objects.filter(scope.rows), period, by_month=period.step == Step.MONTH)
    rows = chosen.annotate(step=Trunc("on", period.step.value)).values("category", "setup", "step").annotate(**sums).order_by()
    return [
        Part(category, setup, max(step, period.first), dict(zip(MEASURES, counts, strict=True)))
        for category, setup, step, *counts in rows.values_list("category", "setup", "step", *sums)
    ]


def total(found: list[Part]) -> Sums:
    """All of it together; every measure is there."""
    sums: Counter[str] = Counter()
    for part in found:
        sums.update(part.sums)
    return _whole(sums)


def spreads(*, period: Period, scope: Scope) -> dict[Spread.Kind, Counter[str]]:
    """How often each key occurs, by kind; every kind is there."""
    return _by_kind(_times(period, scope))


def spreads_and_before(*, period: Period, scope: Scope) -> tuple[dict[Spread.Kind, Counter[str]], dict[Spread.Kind, Counter[str]], int]:
    """The same of a period and of the one before it, and how many conversations are not counted yet (`lag.py`), in one query."""
    now, before = (_times(each, scope).annotate(place=Value(place)) for place, each in enumerate((period, period.before)))
    late = lag.waiting().order_by().values(kind=Value(""), key=Value(""))
    late = late.annotate(times=Count("conversation_id", distinct=True), place=Value(2))
    rows: list[list[dict[str, Any]]] = [[], [], []]
    for row in now.union(before, late, all=True):
        rows[row["place"]].append(row)
    return _by_kind(rows[0]), _by_kind(rows[1]), sum(row["times"] for row in rows[2])


def _times(period: Period, scope: Scope) -> Any:
    rows = _within(Spread.objects.filter(scope.rows), period, by_month=True)
    return rows.order_by().values("kind", "key").annotate(times=Sum("count"))


def _by_kind(rows: Iterable[dict[str, Any]]) -> dict[Spread.Kind, Counter[str]]:
    found: dict[Spread.Kind, Counter[str]] = {kind: Counter() for kind in Spread.Kind}
    for row in rows:
        found[Spread.Kind(row["kind"])][row["key"]] += row["times"]
    return found


def _within(rows: QuerySet[_Row], period: Period, *, by_month: bool) -> QuerySet[_Row]:
    """Whole months by their sums and the days beside them; only days where steps are shorter, as a week may lie in two months."""
    chosen = Q()
    for span, first, last in _spans(period, by_month):
        chosen |= Q(span=span, on__gte=first, on__lte=last)
    return rows.filter(chosen)


def _spans(period: Period, by_month: bool) -> Iterator[tuple[Tally.Span, date, date]]:
    begins = _month_after(period.first - timedelta(days=1))
    ends = (period.last + timedelta(days=1)).replace(day=1)
    if not by_month or begins >= ends:
        yield Tally.Span.DAY, period.first, period.last
        return
    yield Tally.Span.MONTH, begins, ends - timedelta(days=1)
    if period.first < begins:
        yield Tally.Span.DAY, period.first, begins - timedelta(days=1)
    if period.last >= ends:
        yield Tally.Span.DAY, ends, period.last


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _whole(sums: Counter[str]) -> Sums:
    return {name: sums[name] for name in MEASURES}

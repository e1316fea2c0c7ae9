"""Applying the retention periods: in batches, each its own transaction, so that whatever stops it leaves the rest for the next time."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from time import monotonic

from django.utils import timezone

from review import audit_log
from review.models import RetentionPeriod
from review.privacy import files
from review.privacy.retention import periods
from review.privacy.retention.rules import RULES, Rule, remove

BATCH = 200
SHIFT = 120.0
"""Seconds after which a sweep makes room for other work."""
NIGHT = range(1, 5)
"""Hours of the installation's time zone in which the sweep works."""
MOST_COUNTED = 100_000


def due(days: Mapping[str, int | None], *, at: datetime | None = None) -> dict[str, int]:
    """How many rows would go by these periods; a kind that is kept for ever is missing. Counting stops at `MOST_COUNTED`."""
    found: Counter[str] = Counter()
    for rule, before in _bound(days, at or timezone.now()):
        found[rule.kind] += rule.due(before).order_by()[:MOST_COUNTED].count()
    return {kind: min(number, MOST_COUNTED) for kind, number in found.items()}


def apply(*, at: datetime | None = None, seconds: float | None = None) -> dict[str, int]:
    """Take away what is older than the periods in force; says how much of which kind. Stops after `seconds`, if given."""
    started, found = monotonic(), Counter[str]()
    files.sweep_soon()
    for rule, before in _bound(periods.days(), at or timezone.now()):
        after = 0
        while (seconds is None or monotonic() - started < seconds) and (ids := _next(rule, before, after)):
            found[rule.kind] += remove(rule, ids)
            after = ids[-1]
    counts = {kind: number for kind, number in found.items() if number}
    for kind, number in counts.items():
        audit_log.record(act="privacy.retention_applied", by=None, about=RetentionPeriod.Kind(kind).label, words=f"{number} removed.")
    return counts


def sweep() -> None:
    """Every some minutes: files that are due; and at night what is older than the periods, a while at a time."""
    if timezone.localtime().hour in NIGHT:
        apply(seconds=SHIFT)
    else:
        files.sweep_soon()


def _bound(days: Mapping[str, int | None], now: datetime) -> list[tuple[Rule, datetime]]:
    """The rules of kinds that are not kept for ever, each with the point in time before which rows are due."""
    return [(rule, now - timedelta(days=number)) for rule in RULES if (number := days.get(rule.kind))]


def _next(rule: Rule, before: datetime, after: int) -> list[int]:
    return list(rule.due(before).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])

"""How the drafts of each category fared lately, and how many left by themselves, counted in one query whatever the volume."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from inbox.models import OutgoingMail
from review.desk.automation.shares import percent
from review.models import Decision

Kind = Decision.Kind
DAY = timedelta(hours=24)
NEWEST = 5_000
FATES = (Kind.APPROVED, Kind.EDITED, Kind.REJECTED, Kind.TAKEN_OVER)
"""The four fates of a draft; their rates add up to 100 %."""
DEFINED = f"Approved unedited ÷ drafts that a person approved, edited, rejected or took over, among the newest {NEWEST:,} decisions"

SENT = "Mails that left by themselves in the last 24 hours, or are about to, and the daily cap"


@dataclass(slots=True)
class Rates:
    """The fates of the drafts of a category, and the mails of it that left by themselves, or are about to, within 24 hours."""

    fates: Counter[str] = field(default_factory=Counter)
    auto_sent: int = 0

    @property
    def approval(self) -> tuple[str, str]:
        """The unedited approval rate; its numerator and denominator. Empty where nothing was decided."""
        decided, approved = sum(self.fates.values()), self.fates[Kind.APPROVED]
        return (percent(approved / decided), f"{approved:,} of {decided:,}") if decided else ("", "")


def rates() -> Mapping[int | None, Rates]:
    """By the id of the category."""
    found: dict[int | None, Rates] = defaultdict(Rates)
    for category, kind, n in _newest().union(_auto_sent(), all=True):
        if kind == Kind.AUTO_SENT:
            found[category].auto_sent = n
        else:
            found[category].fates[kind] = n
    return found


def _newest() -> Any:
    newest = Decision.objects.order_by("-decided_at").values("pk")[:NEWEST]
    decided = Decision.objects.filter(pk__in=newest, kind__in=FATES, undone_at__isnull=True)
    return _counted(decided, "draft__category")


def _auto_sent() -> Any:
    recent = Decision.objects.filter(
        kind=Kind.AUTO_SENT, attempt__isnull=False, undone_at__isnull=True, decided_at__gt=timezone.now() - DAY
    )
    return _counted(recent.exclude(outgoing__state=OutgoingMail.State.CANCELLED), "attempt__category")


def _counted(rows: QuerySet[Decision], category: str) -> Any:
    return rows.order_by().values_list(category, "kind").annotate(n=Count("pk"))

"""What the assistant saved: an estimate that rests on one assumption, which is shown and can be changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce

from review import audit_log
from review.models import Assumption

DRAFTED = ("auto_sent", "by_approval", "by_edit", "by_rewrite")
"""The replies that somebody would have written by hand."""
DEFINITION = (
    "Replies that left as a draft of the assistant, edited or not × the minutes that one takes by hand, less the time for which people had "
    "drafts and hand-overs open before they decided. Decisions of which that time is not known take none off."
)


@dataclass(frozen=True, slots=True)
class Saving:
    """Seconds that `replies` would have taken at `minutes` each, and those that people spent deciding."""

    replies: int
    minutes: float
    deciding: int

    @property
    def seconds(self) -> float:
        """What is left of it; below zero where deciding took longer than writing would have."""
        return self.replies * self.minutes * 60 - self.deciding


def assumption() -> Assumption | None:
    """The newest one, with who made it; None where nobody has said anything yet."""
    return Assumption.objects.select_related("by").order_by("-pk").first()


def minutes(found: Assumption | None) -> float:
    """How long a reply takes by hand."""
    return found.minutes_by_hand if found else _usual()


def minutes_within() -> Coalesce:
    """As `minutes(assumption())`, for the middle of another query."""
    return Coalesce(Subquery(Assumption.objects.order_by("-pk").values("minutes_by_hand")[:1]), Value(_usual()))


def saving(sums: Mapping[str, int], minutes: float) -> Saving:
    """What was saved on the mails of these sums."""
    return Saving(sum(sums[name] for name in DRAFTED), minutes, sums["review_seconds"])


def _usual() -> float:
    return float(Assumption._meta.get_field("minutes_by_hand").default)


@transaction.atomic
def save(*, minutes: float, by: User) -> Assumption:
    """Say how many minutes a reply takes that a person writes."""
    made = Assumption.objects.create(minutes_by_hand=minutes, by=by)
    audit_log.record(act="report.assumption_saved", by=by, about=str(made))
    return made

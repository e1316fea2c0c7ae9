"""A random sample of replies for auditors: who knows the seed and which replies it is of can draw it again.

A seed may be typed, and so tried until the sample pleases. A sample that nobody may have chosen needs a seed of the auditor's own.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from inbox.models import OutgoingMail
from review.exports import report_words
from review.reports.periods import Period
from review.reports.reading import Scope

MOST = 200
LEFT = (OutgoingMail.State.SENT, OutgoingMail.State.MAYBE_SENT)
RULE = "Of all these replies those whose SHA-256 of “SEED:ID” (as UTF-8) comes first, SEED as above and ID the id of the reply."


@dataclass(frozen=True, slots=True)
class Sample:
    """The replies of a period, by their ids in the order in which they were drawn; `of` so many there are in all. `only_automatic`: of
    those that left by themselves."""

    period: Period
    scope: Scope
    seed: str
    ids: Sequence[int]
    of: int
    only_automatic: bool = False

    @property
    def which(self) -> str:
        """Of which replies it is, in words."""
        only = ". Only replies that left by themselves" if self.only_automatic else ""
        return f"{report_words.scope(self.scope)}{only}"


def draw(*, period: Period, scope: Scope, n: int, seed: str, only_automatic: bool = False) -> Sample:
    """`n` replies that left in `period`, whatever their number is; fewer where there are fewer."""
    found = _left(period, scope, only_automatic=only_automatic)
    drawn = found.annotate(place=_Sha256(Concat(Value(f"{seed}:"), Cast("pk", CharField())))).order_by("place")
    return Sample(period, scope, seed, list(drawn.values_list("pk", flat=True)[: min(n, MOST)]), found.count(), only_automatic)


def new_seed() -> str:
    """A seed that nobody chose."""
    return secrets.token_hex(4)


class _Sha256(Func):
    """SHA-256 of a text."""

    template = "sha256(convert_to(%(expressions)s, 'UTF8'))"
    output_field = CharField()


def _left(period: Period, scope: Scope, *, only_automatic: bool) -> QuerySet[OutgoingMail]:
    """Replies by when they left, in days of the installation's time zone; a reply without outcome yet has no category and no setup."""
    first, last = (
        datetime.combine(day, time(), timezone.get_default_timezone()) for day in (period.first, period.last + timedelta(days=1))
    )
    found = OutgoingMail.objects.filter(state__in=LEFT, in_reply_to__isnull=False)
    found = found.annotate(left_at=Coalesce(F("sent_at"), F("dot_sent_at"))).filter(left_at__gte=first, left_at__lt=last)
    if scope.mailboxes is not None:
        found = found.filter(mailbox__in=scope.mailboxes)
    if only_automatic:
        found = found.filter(is_automatic=True)
    return found.filter(_of("category", scope.category), _of("setup", scope.setup))


def _of(name: str, wanted: int | None) -> Q:
    if wanted is None:
        return Q()
    return Q((f"in_reply_to__outcome__{name}", wanted)) if wanted else Q((f"in_reply_to__outcome__{name}__isnull", True))

"""A claim says who is on a draft, so that nobody else decides it meanwhile."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from drafting.models import Draft
from review.models import Claim


class ClaimedByOther(Exception):
    """Somebody else is on it: wait until `claim.until`, or choose another draft."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(f"{claim.by} is on it")
        self.claim = claim


# One statement, so that of two people only one can win. A claim that has run out belongs to nobody.
TAKE = """
    INSERT INTO review_claim (draft_id, by_id, until, opened_at) VALUES (%(draft)s, %(by)s, %(until)s, %(now)s)
    ON CONFLICT (draft_id) DO UPDATE SET
        by_id = excluded.by_id, until = excluded.until,
        opened_at = CASE WHEN review_claim.by_id = excluded.by_id THEN review_claim.opened_at ELSE excluded.opened_at END
    WHERE review_claim.by_id = excluded.by_id OR review_claim.until <= excluded.opened_at
    RETURNING id, opened_at
"""


def claim(*, draft: Draft, by: User) -> Claim:
    """Take the draft for `by`, or keep it while they are active. Raises ClaimedByOther while somebody else is on it."""
    while not (taken := _take(draft, by)):
        # None stands if its holder let go in between.
        if standing := Claim.objects.select_related("by").filter(draft=draft).first():
            raise ClaimedByOther(standing)
    return taken


def move_on(*, to: Draft | None, by: User) -> None:
    """Let go of every draft but `to`, for the next person: nobody reads two mails at once."""
    Claim.objects.filter(by=by).exclude(draft=to).delete()


def holder(draft: Draft) -> Claim | None:
    """The claim that stands on the draft, if any."""
    return Claim.objects.select_related("by").filter(draft=draft, until__gt=timezone.now()).first()


def _take(draft: Draft, by: User) -> Claim | None:
    now = timezone.now()
    until = now + timedelta(seconds=settings.CLAIM_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"draft": draft.pk, "by": by.pk, "until": until, "now": now})
        taken: tuple[int, datetime] | None = cursor.fetchone()
    return Claim(pk=taken[0], draft=draft, by=by, until=until, opened_at=taken[1]) if taken else None

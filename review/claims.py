"""A claim says who is on a draft, so that nobody else decides it meanwhile. Who wants it asks; its holder hands it on or keeps it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from drafting.models import Draft
from review.models import Claim


class ClaimedByOther(Exception):
    """Somebody else is on it: wait until `claim.until`, ask for it, or choose another draft."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(f"{claim.by} is on it")
        self.claim = claim


class NotAsked(Exception):
    """Nobody asks for this draft any more, or it is no longer this person's to hand on: look at it again."""


# One statement, so that of two people only one can win. A claim that has run out belongs to nobody.
TAKE = """
    INSERT INTO review_claim (draft_id, by_id, until, opened_at) VALUES (%(draft)s, %(by)s, %(until)s, %(now)s)
    ON CONFLICT (draft_id) DO UPDATE SET
        by_id = excluded.by_id, until = excluded.until,
        opened_at = CASE WHEN review_claim.by_id = excluded.by_id THEN review_claim.opened_at ELSE excluded.opened_at END,
        asked_by_id = CASE WHEN review_claim.by_id = excluded.by_id THEN review_claim.asked_by_id END
    WHERE review_claim.by_id = excluded.by_id OR review_claim.until <= excluded.opened_at
    RETURNING id, opened_at, asked_by_id
"""

# What comes before it where somebody opens a draft: they let go of every other, and ask for none. The ledger knows that it was seen.
MOVE_ON = """
    WITH gone AS (DELETE FROM review_claim WHERE by_id = %(by)s AND draft_id <> %(draft)s),
    unasked AS (UPDATE review_claim SET asked_by_id = NULL WHERE asked_by_id = %(by)s AND draft_id <> %(draft)s),
    opened AS (UPDATE review_ledgerentry SET opened_at = %(now)s WHERE draft_id = %(draft)s AND opened_at IS NULL)
"""


def open(*, draft: Draft, by: User) -> Claim:
    """Move on to the draft and take it, in one statement. Raises ClaimedByOther, having moved on, while somebody else is on it."""
    return _take(draft, by, MOVE_ON + TAKE) or claim(draft=draft, by=by)


def claim(*, draft: Draft, by: User) -> Claim:
    """Take the draft for `by`, or keep it while they are active. Raises ClaimedByOther while somebody else is on it."""
    while not (taken := _take(draft, by)):
        # None stands if its holder let go in between.
        if standing := Claim.objects.select_related("by").filter(draft=draft).first():
            raise ClaimedByOther(standing)
    return taken


def move_on(*, to: Draft | None, by: User) -> None:
    """Let go of every draft but `to`, for the next person, and ask for none of them any more: nobody reads two mails at once."""
    with connection.cursor() as cursor:
        cursor.execute(f"{MOVE_ON} SELECT 1", {"draft": to.pk if to else 0, "by": by.pk, "now": timezone.now()})


def release(*, draft: Draft, by: User, until: datetime) -> None:
    """Let go of a draft whose page was left. A claim that was renewed since that page knew it (`until`) stays: the page was opened anew."""
    Claim.objects.filter(draft=draft, by=by, until__lte=until).delete()
    Claim.objects.filter(draft=draft, asked_by=by).update(asked_by=None)


def end(*, draft: Draft, by: User) -> datetime | None:
    """The draft is decided: nobody is on it any more. Says since when `by` had it open."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM review_claim WHERE draft_id = %s RETURNING by_id, opened_at", [draft.pk])
        ended: tuple[int, datetime] | None = cursor.fetchone()
    return ended[1] if ended and ended[0] == by.pk else None


def restart(*, draft: Draft, by: User) -> datetime | None:
    """`by` is shown another text in place of the one that they read: their claim begins anew. Says since when they had the first one."""
    opened_at = Claim.objects.filter(draft=draft, by=by).values_list("opened_at", flat=True).first()
    now = timezone.now()
    Claim.objects.filter(draft=draft, by=by).update(opened_at=now, until=now + _length())
    return opened_at


def holder(draft: Draft) -> Claim | None:
    """The claim that stands on the draft, if any."""
    return Claim.objects.select_related("by").filter(draft=draft, until__gt=timezone.now()).first()


def standing(claim: Claim | None) -> Claim | None:
    """The claim itself, unless it has run out."""
    return claim if claim and claim.until > timezone.now() else None


def ask(*, draft: Draft, by: User) -> Claim:
    """Ask its holder for the draft; the first who asks is answered first. A draft that nobody is on is `by`'s at once."""
    Claim.objects.filter(draft=draft, until__gt=timezone.now(), asked_by=None).exclude(by=by).update(asked_by=by)
    try:
        return claim(draft=draft, by=by)
    except ClaimedByOther as error:
        return error.claim


def asked(by: User) -> Claim | None:
    """What `by` is on and a colleague asks for, with who asks."""
    return Claim.objects.select_related("asked_by").filter(by=by, until__gt=timezone.now(), asked_by__isnull=False).first()


def hand_on(*, draft: Draft, by: User) -> User:
    """Hand the draft to who asks for it, and say who that is: from now on they are on it. Raises NotAsked."""
    now = timezone.now()
    standing = Claim.objects.select_related("asked_by").filter(draft=draft, by=by, until__gt=now, asked_by__isnull=False).first()
    if not standing or not standing.asked_by:
        raise NotAsked
    # Nobody may have answered, or taken it, in between.
    handed = Claim.objects.filter(pk=standing.pk, by=by, asked_by=standing.asked_by)
    if not handed.update(by=standing.asked_by, asked_by=None, opened_at=now, until=now + _length()):
        raise NotAsked
    return standing.asked_by


def keep(*, draft: Draft, by: User) -> None:
    """Go on oneself: whoever asked is told so."""
    Claim.objects.filter(draft=draft, by=by).update(asked_by=None)


def _take(draft: Draft, by: User, statement: str = TAKE) -> Claim | None:
    now = timezone.now()
    until = now + _length()
    with connection.cursor() as cursor:
        cursor.execute(statement, {"draft": draft.pk, "by": by.pk, "until": until, "now": now})
        taken: tuple[int, datetime, int | None] | None = cursor.fetchone()
    if not taken:
        return None
    return Claim(pk=taken[0], draft=draft, by=by, until=until, opened_at=taken[1], asked_by_id=taken[2])


def _length() -> timedelta:
    return timedelta(seconds=settings.CLAIM_SECONDS)

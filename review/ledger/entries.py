"""How drafts come into the ledger."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from drafting.models import Draft
from review.models import Attempt, Claim, Decision, LedgerEntry


def enter(*, attempt: Attempt, draft: Draft, route: str, why: str, at: datetime | None = None) -> LedgerEntry:
    """Give the draft the next place in the attempt. The caller has locked the attempt's row: places have no gaps, in order of arrival.

    Somebody may have opened the mail while the assistant was still writing; they see the draft from now on.
    """
    now = at or timezone.now()
    attempt.entered += 1
    attempt.save(update_fields=["entered"])
    opened_at = now if Claim.objects.filter(draft=draft, until__gt=now).exists() else None
    place: dict[str, Any] = {"position": attempt.entered, "route": route, "why": why, "opened_at": opened_at, "at": now}
    return LedgerEntry.objects.create(attempt=attempt, draft=draft, **place)


def hold_back(*, entry: LedgerEntry) -> LedgerEntry:
    """What was to leave by itself did not: a person sees it now, within the 7 days that began with its arrival, and it counts.

    Where its mail failed it may have been left out for that. Then what is found unsafe counts and what is found safe does not
    (`verdicts.replaces`): nobody has to give failed mail back, so whoever does could pick what is easy.
    """
    by_itself = Decision.objects.filter(draft=OuterRef("draft"), kind=Decision.Kind.AUTO_SENT, undone_at=None)
    held = LedgerEntry.objects.filter(~Exists(by_itself), pk=entry.pk, route=LedgerEntry.Route.AUTO)
    if held.update(route=LedgerEntry.Route.PERSON, why=LedgerEntry.Why.HELD_BACK):
        entry.route, entry.why = LedgerEntry.Route.PERSON, LedgerEntry.Why.HELD_BACK
    return entry

"""Drafts that wait for a worker: ringing for them, claiming them, and bringing back those whose worker vanished."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from drafting.drafts import rows
from drafting.models import Draft, HandOverReason

LEASE = timedelta(minutes=5)
"""Longer than any run: its budget ends it (see `agent.run`). Celery's time limits do not, for in a pool of threads they do not hold."""
MAX_LOST = 3
"""So many times a draft may be lost with its worker before a person gets it."""
RING_AGAIN = timedelta(seconds=30)
SHORTEST_WAIT = timedelta(seconds=5)
SECRETS = ("message__mailbox__imap_password", "message__mailbox__smtp_password")
"""What nobody who writes a draft has to know; to decipher it takes time, too."""


def ring_due(*, most: int = 100) -> list[int]:
    """Drafts to tell a worker of now, the longest due first; one that nobody takes is named again after half a minute.

    Only the first `most` in line are ever named, so a backlog of any length has no more than that many bells at the broker.
    """
    now = timezone.now()
    due = Draft.objects.filter(state=Draft.State.QUEUED, due_at__lte=now)
    silent = Q(rung_at=None) | Q(rung_at__lte=now - RING_AGAIN)
    with transaction.atomic():
        first = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:most])
        ids = list(
            due.filter(silent, pk__in=first).order_by("due_at", "pk").select_for_update(skip_locked=True).values_list("pk", flat=True)
        )
        Draft.objects.filter(pk__in=ids).update(rung_at=now)
    return ids


def claim(*, draft_id: int) -> Draft | None:
    """Take a due draft for writing. None if it is not due, or another worker has it; then there is nothing to do."""
    now = timezone.now()
    lease = {"state": Draft.State.WRITING, "lease_until": now + LEASE}
    due = Draft.objects.filter(pk=draft_id, state=Draft.State.QUEUED, due_at__lte=now)
    if not due.update(**lease, attempts=F("attempts") + 1):
        return None
    mine = Draft.objects.select_related("message__mailbox", "message__conversation").filter(pk=draft_id, **lease)
    return next(iter(mine.defer("message__html", *SECRETS)), None)


def return_lost(*, most: int = 100) -> int:
    """Put drafts whose worker has vanished back into the queue; hand over those that it happened to too often. Returns how many."""
    with transaction.atomic():
        lost = Draft.objects.select_for_update(skip_locked=True).filter(state=Draft.State.WRITING, lease_until__lt=timezone.now())[:most]
        for draft in lost:
            if draft.attempts >= MAX_LOST:
                words = f"Writing this draft broke off {draft.attempts} times."
                rows.give_up(draft, reason=HandOverReason.MODEL_UNUSABLE, words=words)
            else:
                draft.state, draft.lease_until, draft.rung_at = Draft.State.QUEUED, None, None
                draft.save(update_fields=["state", "lease_until", "rung_at"])
        return len(lost)


def break_off(*, draft: Draft) -> None:
    """A fault kept this worker from writing: let the draft count as lost soon, and not only when its lease ends."""
    mine = Draft.objects.filter(pk=draft.pk, state=Draft.State.WRITING, lease_until=draft.lease_until)
    mine.update(lease_until=timezone.now() + SHORTEST_WAIT)


def wake() -> int:
    """Make all waiting drafts due now, after what they waited for was mended. Returns how many."""
    return Draft.objects.filter(state=Draft.State.QUEUED, due_at__gt=timezone.now()).update(due_at=timezone.now(), rung_at=None)

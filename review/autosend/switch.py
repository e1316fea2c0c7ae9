"""The switch that stops all auto-send, before the next mail is handed over."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from inbox import outbox
from inbox.models import OutgoingMail
from review import audit_log
from review.autosend.errors import NotNow
from review.models import Switch

HELD_BACK = "All auto-send was stopped by {}."
STOPPED, ALLOWED = "auto_send.stopped", "auto_send.allowed"
"""The acts of the audit log, for who asks when it was so."""


def standing() -> Switch:
    """How the switch stands."""
    return Switch.objects.select_related("by").first() or _made()


@transaction.atomic
def stop_all(*, by: User, words: str = "") -> Switch:
    """Nothing leaves by itself from now on. What is queued is held back, also what a sender has claimed and not handed over yet.

    Stopping what is stopped holds back again and changes nothing else.
    """
    switch = lock()
    if not switch.stopped_at:
        switch.stopped_at, switch.by, switch.words = timezone.now(), by, words.strip()
        switch.save()
        audit_log.record(act="auto_send.stopped", by=by, words=switch.words)
    outbox.hold_back(mails=OutgoingMail.objects.all(), words=HELD_BACK.format(switch.by))
    return switch


@transaction.atomic
def allow_again(*, by: User, words: str) -> Switch:
    """Let unlocked categories send again. Raises NotNow without a reason in `words`."""
    switch = lock()
    if not words.strip():
        raise NotNow("Say why auto-send may go on.")
    if switch.stopped_at:
        switch.stopped_at, switch.by, switch.words = None, by, words.strip()
        switch.save()
        audit_log.record(act="auto_send.allowed", by=by, words=switch.words)
    return switch


def lock() -> Switch:
    """The switch, locked: whatever leaves by itself passes here one at a time, and `stop_all` before or after it, never meanwhile."""
    return Switch.objects.select_for_update().first() or _made()


def _made() -> Switch:
    # The migration made the row, and the database keeps it; one that was emptied as a whole lacks it.
    return Switch.objects.get_or_create(pk=1)[0]

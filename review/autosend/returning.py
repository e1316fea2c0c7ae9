"""Returning: a reply that was to leave by itself and does not is a person's draft again."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from drafting import drafts
from inbox import conversations, outbox
from inbox.models import Conversation, OutgoingMail
from review import ledger
from review.errors import AlreadyDecided
from review.models import Attempt, Decision, LedgerEntry

NOTE = "This was to leave by itself and was held back. {}"
_Mail = OutgoingMail


@transaction.atomic
def give_back(*, decision: Decision, words: str, has_changed: bool = False, at: datetime | None = None) -> bool:
    """Hold the mail back if it has not left, and give its draft back to people, who read `words`. Says whether that was possible.

    What failed has not left; of what was maybe sent a person must have said so (`outbox.resolve`). Where facts have changed
    (`has_changed`), a new draft takes its place.
    """
    lock(decision)
    mail = _Mail.objects.filter(pk=decision.outgoing_id or 0)
    outbox.hold_back(mails=mail, words=words, has_failed=True)
    if not mail.filter(state=_Mail.State.CANCELLED).exists():
        return False
    now = at or timezone.now()
    if Decision.objects.filter(pk=decision.pk, undone_at=None).update(undone_at=now, weighed_at=now):
        _reopen(decision, words, has_changed, now)
    return True


def lock(decision: Decision) -> None:
    """Of two who settle what becomes of a reply that leaves by itself the second waits here; before its mail, as everywhere."""
    Conversation.objects.select_for_update().get(pk=decision.draft.conversation_id)
    Attempt.objects.select_for_update(no_key=True).get(decisions=decision)


def give_way(*, conversation: Conversation, by: User) -> None:
    """Somebody answers by hand: what is about to leave by itself does not. The caller has locked the conversation.

    Raises AlreadyDecided where it is too late for that: whoever answers must know what the customer is getting at this moment.
    """
    for decision in standing(conversation):
        if not give_back(decision=decision, words=f"{by} answers by hand.") and _is_leaving(decision):
            raise AlreadyDecided(decision)


def standing(conversation: Conversation) -> list[Decision]:
    """The replies in a conversation that are about to leave by themselves, have just left, failed, or of which nobody knows."""
    queued = Decision.objects.filter(draft__conversation=conversation, kind=Decision.Kind.AUTO_SENT, undone_at=None, weighed_at=None)
    return list(queued.select_related("draft"))


def return_held_back(*, most: int = 200) -> int:
    """Sweep: give the drafts of automatic mails that were held back, or overtaken, to people; says how many."""
    waiting = Decision.objects.filter(kind=Decision.Kind.AUTO_SENT, undone_at=None, weighed_at=None)
    held_back = waiting.filter(outgoing__state=_Mail.State.CANCELLED).select_related("draft", "outgoing").defer("outgoing__mime")
    found = list(held_back.order_by("decided_at")[:most])
    for decision in found:
        assert decision.outgoing is not None
        give_back(decision=decision, words=decision.outgoing.check_words or decision.outgoing.last_error)
    return len(found)


def _is_leaving(decision: Decision) -> bool:
    return _Mail.objects.filter(pk=decision.outgoing_id or 0, state__in=[_Mail.State.DOT_SENT, _Mail.State.SENT]).exists()


def _reopen(decision: Decision, words: str, has_changed: bool, now: datetime) -> None:
    draft = decision.draft
    if entry := LedgerEntry.objects.filter(draft=draft.pk).first():
        ledger.hold_back(entry=entry)
    Attempt.objects.filter(decisions=decision).update(step_sends=Greatest(F("step_sends") - 1, 0))
    note = NOTE.format(words)
    if has_changed:
        drafts.renew(draft=draft, note=note)
    else:
        drafts.reopen(draft=draft, note=note)
    conversations.mark(conversation_id=draft.conversation_id, state=Conversation.State.OPEN)

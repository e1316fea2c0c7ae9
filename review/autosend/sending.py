"""Sending: the one place where a reply begins to leave without a person. Nothing else queues automatic mail or writes its decision."""

from django.db import IntegrityError, transaction

from drafting import drafts
from drafting.models import Draft
from inbox import conversations, errors, outbox
from inbox.models import Conversation
from review.models import Attempt, Decision


def send(*, draft: Draft, attempt: Attempt) -> Decision | None:
    """Queue the draft as it stands, held for the undo window and a last look. None where it is refused: it stays with people then.

    The caller has locked the conversation, the draft, the attempt and the switch, and entered the draft as one that leaves by itself.
    """
    try:
        with transaction.atomic():
            drafts.mark_decided(draft=draft)
            mail = outbox.queue_automatic(conversation=draft.conversation, in_reply_to=draft.message, body=draft.body)
            decision = Decision.objects.create(
                draft=draft, kind=Decision.Kind.AUTO_SENT, by=None, attempt=attempt, outgoing=mail, final_text=draft.body
            )
    except (errors.Refused, drafts.NotWaiting, IntegrityError):
        # The last is the database's own word on whether this may leave (triggers of review 0010 and later).
        draft.refresh_from_db(fields=["state", "lease_until"])
        return None
    conversations.mark(conversation_id=draft.conversation_id, state=Conversation.State.WAITING)
    attempt.step_sends += 1
    attempt.save(update_fields=["step_sends"])
    return decision

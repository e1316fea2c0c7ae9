"""What every step in the life of a draft shares: its locks, its rivals, its errors."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from drafting.errors import Refused
from drafting.models import Draft, HandOverReason
from inbox.models import Conversation, Message

LIVE = (Draft.State.QUEUED, Draft.State.WRITING, Draft.State.READY, Draft.State.HANDED_OVER)


class NotWaiting(Refused):
    """The draft was decided or superseded meanwhile: show what happened."""


class LostLease(Refused):
    """Another worker owns the draft now: drop what was made."""


def lock_conversation(pk: int | None) -> Conversation:
    """Drafts of one conversation come and go one at a time."""
    assert pk is not None, "a message that was read has a conversation"
    return Conversation.objects.select_for_update().get(pk=pk)


def rivals(message: Message) -> QuerySet[Draft]:
    """Live drafts that answer what a draft for `message` answers too (see `agent.mail.read`): there is one at a time.

    A mail that could not be read, or whose sender may be forged, takes no other mail's place.
    """
    is_read = message.state == Message.State.PARSED
    same = Q(message__state=message.state, message__authenticity=message.authenticity) if is_read else Q(message=message)
    return Draft.objects.filter(same, conversation=message.conversation_id, state__in=LIVE)


def begin(draft: Draft) -> Draft:
    """Save a new draft: queued, or handed over at once where no model may write."""
    message, conversation = draft.message, draft.conversation
    if message.state == Message.State.UNREADABLE:
        draft.hand_over_reason, draft.hand_over_words = HandOverReason.UNREADABLE, message.problem or "The mail could not be read."
    elif conversation.led_by == Conversation.Leader.PERSON:
        draft.hand_over_reason, draft.hand_over_words = HandOverReason.LED_BY_PERSON, "A person has taken over this conversation."
    if draft.hand_over_reason:
        draft.state, draft.finished_at = Draft.State.HANDED_OVER, timezone.now()
    draft.save()
    return draft


def give_up(draft: Draft, *, reason: HandOverReason, words: str) -> None:
    """Hand the draft over to people, who read `words`."""
    draft.state, draft.finished_at, draft.last_error = Draft.State.HANDED_OVER, timezone.now(), ""
    draft.hand_over_reason, draft.hand_over_words, draft.is_eligible = reason, words, False
    save(draft)


def save(draft: Draft) -> None:
    """Keep all that the worker found out, and let go of the lease. Raises LostLease where it is another's, or over.

    The lease's end is the proof that it is ours: it differs for each claim.
    """
    ours = Draft.objects.filter(pk=draft.pk, state=Draft.State.WRITING, lease_until=draft.lease_until)
    draft.lease_until = None
    values = {field.attname: getattr(draft, field.attname) for field in Draft._meta.concrete_fields if not field.primary_key}
    if not ours.update(**values):
        raise LostLease(f"Draft {draft.pk} has another owner.")

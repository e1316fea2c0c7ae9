"""People: whether anybody is on a conversation. The assistant never answers while a person is answering, nor what was overtaken."""

from django.db.models import Exists, F, Q
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Conversation, Message, OutgoingMail
from review.models import Claim, Writing

_WAITING = (Draft.State.QUEUED, Draft.State.WRITING, Draft.State.READY, Draft.State.HANDED_OVER)
_WORDS = {
    "is_overtaken": "The customer wrote again.",
    "is_rivalled": "Another mail of the conversation waits for an answer.",
    "is_claimed": "Somebody is on it.",
    "is_written": "Somebody is writing in the conversation.",
    "is_answered": "Somebody answered already.",
}


def who_is_first(*, draft: Draft, conversation: Conversation, mail: OutgoingMail | None = None) -> str:
    """Why a person, or a newer mail, comes before the assistant's reply, in words; "" where nothing does. `mail` is the reply, once queued.

    The caller has locked the conversation, and gives it as it stands.
    """
    if conversation.led_by == Conversation.Leader.PERSON:
        return "A person leads the conversation."
    if conversation.assigned_to_id:
        return "The conversation is assigned to somebody."
    if conversation.state == Conversation.State.SNOOZED:
        return "Somebody snoozed the conversation."
    found = _look(draft, conversation, mail)
    return next((words for name, words in _WORDS.items() if found[name]), "")


def _look(draft: Draft, conversation: Conversation, mail: OutgoingMail | None) -> dict[str, bool]:
    mails = Message.objects.filter(conversation=conversation, kind=Message.Kind.PERSON).exclude(pk=draft.message_id)
    newer = mails.exclude(taken_up_at__lte=F("stored_at"))  # Those of the past were taken up as they were stored.
    ours = OutgoingMail.objects.filter(conversation=conversation, created_at__gt=draft.created_at).exclude(pk=mail.pk if mail else 0)
    unsent = Q(outgoing=None) | Q(outgoing__state=OutgoingMail.State.CANCELLED)
    about = {
        # What nobody has taken up yet no draft answers; what came in before this one was begun, it does.
        "is_overtaken": newer.filter(Q(taken_up_at=None) | Q(stored_at__gt=draft.created_at)),
        "is_rivalled": Draft.objects.filter(conversation=conversation, state__in=_WAITING).exclude(pk=draft.pk),
        "is_claimed": Claim.objects.filter(draft=draft, until__gt=timezone.now()),
        "is_written": Writing.objects.filter(unsent, conversation=conversation).exclude(text=""),
        "is_answered": ours.exclude(state=OutgoingMail.State.CANCELLED),
    }
    flags = {name: Exists(rows) for name, rows in about.items()}
    return dict(Draft.objects.annotate(**flags).values(*flags).get(pk=draft.pk))

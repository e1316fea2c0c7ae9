"""What happens to a conversation as a whole: its state, who leads it, who it is assigned to. Only this module and intake change these."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from inbox.errors import Refused
from inbox.models import Conversation

_SETTLED = "Whether the conversation goes on from another was settled meanwhile; its page shows how."


def mark(*, conversation_id: int, state: str) -> None:
    """Set the state. Whatever it becomes, it is no longer snoozed; `snooze` does that."""
    Conversation.objects.filter(pk=conversation_id).update(state=state, snoozed_until=None)


def lead(*, conversation_id: int, leader: str) -> None:
    """Set who leads it: the assistant, or a person."""
    Conversation.objects.filter(pk=conversation_id).update(led_by=leader)


def join(*, conversation: Conversation) -> None:
    """Say that it goes on from the one that was offered. Each keeps its address: what is looked up and who is answered follows the sender.

    Raises Refused where nothing is offered any more."""
    offered = Conversation.objects.filter(pk=conversation.pk, may_continue__isnull=False)
    if not offered.update(split_from=F("may_continue"), may_continue=None):
        raise Refused(_SETTLED)


def keep_apart(*, conversation: Conversation) -> None:
    """Say that it has nothing to do with the one that was offered. Raises Refused where nothing is offered any more."""
    if not Conversation.objects.filter(pk=conversation.pk, may_continue__isnull=False).update(may_continue=None):
        raise Refused(_SETTLED)


def snooze(*, conversation: Conversation, until: datetime) -> None:
    """Keep it out of the queue until then, or until a new message comes in. Raises Refused for a moment that is past."""
    if until <= timezone.now():
        raise Refused("Choose a time in the future.")
    Conversation.objects.filter(pk=conversation.pk).update(state=Conversation.State.SNOOZED, snoozed_until=until)


def wake(*, conversation: Conversation) -> bool:
    """Bring it back before its time. Says whether it was snoozed."""
    return bool(_wake(Conversation.State.SNOOZED, pk=conversation.pk))


def wake_due() -> int:
    """Bring back all whose time has come; says how many."""
    return _wake(Conversation.State.SNOOZED, snoozed_until__lte=timezone.now())


def assign(*, conversation: Conversation, to: User | None) -> None:
    """Make it `to`'s, or nobody's."""
    Conversation.objects.filter(pk=conversation.pk).update(assigned_to=to)


def _wake(state: str, **which: object) -> int:
    return Conversation.objects.filter(state=state, **which).update(state=Conversation.State.OPEN, snoozed_until=None)

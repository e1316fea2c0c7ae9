"""What people do with a conversation beside deciding on its draft: put it off, assign it, write a note into it. Each is recorded."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from drafting.models import Draft
from inbox import conversations
from inbox.errors import Refused
from inbox.models import Conversation
from review import audit_log, claims, people, permissions
from review.decisions.rows import LIVE
from review.models import Claim, Note


def snooze(*, conversation: Conversation, until: datetime, by: User) -> None:
    """Keep it out of the queue until then, or until the customer writes again.

    Raises Refused for a moment that is past and for a conversation in which nothing waits, ClaimedByOther while a colleague is on it.
    """
    words = f"Until {timezone.localtime(until):%d %B %Y, %H:%M %Z}."
    with audit_log.recording(act="conversation.snoozed", by=by, about=str(conversation), words=words, conversation=conversation):
        # The lock that decisions take: what is decided at the same time is either seen here, or wakes the conversation.
        locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
        if locked.state not in {Conversation.State.OPEN, Conversation.State.SNOOZED}:
            raise Refused("Nothing waits in this conversation any more, so there is nothing to put off.")
        _require_unclaimed(conversation, by)
        conversations.snooze(conversation=conversation, until=until)
        Claim.objects.filter(by=by, draft__conversation=conversation).delete()


def wake(*, conversation: Conversation, by: User) -> None:
    """Bring it back before its time. Nothing happens where it is not snoozed."""
    with transaction.atomic():
        if conversations.wake(conversation=conversation):
            audit_log.record(act="conversation.woken", by=by, about=str(conversation), conversation=conversation)


def assign(*, conversation: Conversation, to: User | None, by: User) -> None:
    """Make it somebody's, or nobody's. Raises Refused for somebody who may not answer it."""
    if to and not may_answer(to, conversation.mailbox_id):
        raise Refused(f"{to.get_full_name() or to.get_username()} may not answer mail of this mailbox. Choose somebody else.")
    name = (to.get_full_name() or to.get_username()) if to else "nobody"
    with audit_log.recording(act="conversation.assigned", by=by, about=str(conversation), words=f"To {name}.", conversation=conversation):
        conversations.assign(conversation=conversation, to=to)


def close(*, conversation: Conversation, by: User) -> None:
    """Say that nothing is left to do in it. A new message opens it again. Raises Refused while something in it waits for a person or the
    assistant: deciding on that is what closes it.
    """
    with audit_log.recording(act="conversation.closed", by=by, about=str(conversation), conversation=conversation):
        locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
        if locked.state == Conversation.State.CLOSED:
            raise Refused("It is closed already.")
        if Draft.objects.filter(conversation=conversation, state__in=LIVE).exists():
            raise Refused("A mail in it still waits for a decision. Answer it, or choose “No reply” in the queue; that closes it too.")
        conversations.mark(conversation_id=conversation.pk, state=Conversation.State.CLOSED)


def reopen(*, conversation: Conversation, by: User) -> None:
    """Say that something is left to do in it after all. Raises Refused where it is not closed."""
    with audit_log.recording(act="conversation.opened", by=by, about=str(conversation), conversation=conversation):
        locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
        if locked.state != Conversation.State.CLOSED:
            raise Refused("It is open already.")
        conversations.mark(conversation_id=conversation.pk, state=Conversation.State.OPEN)


def join(*, conversation: Conversation, by: User) -> None:
    """Say that it goes on from another, which the same customer wrote from another address. Raises Refused where that is settled."""
    with audit_log.recording(act="conversation.joined", by=by, about=str(conversation), conversation=conversation):
        conversations.join(conversation=conversation)


def keep_apart(*, conversation: Conversation, by: User) -> None:
    """Say that another customer wrote it. Raises Refused where that is settled."""
    with audit_log.recording(act="conversation.kept_apart", by=by, about=str(conversation), conversation=conversation):
        conversations.keep_apart(conversation=conversation)


def note(*, conversation: Conversation, text: str, by: User) -> Note:
    """Write something into it that colleagues read, and neither customers nor models ever do."""
    with audit_log.recording(act="conversation.noted", by=by, about=str(conversation), conversation=conversation):
        return Note.objects.create(conversation=conversation, text=text, by=by)


def may_answer(user: User, mailbox_id: int) -> bool:
    """Whether `user` may decide on mail of this mailbox."""
    seen = people.standing(user).mailbox_ids
    return permissions.may_review(user) and (seen is None or mailbox_id in seen)


def _require_unclaimed(conversation: Conversation, by: User) -> None:
    on_it = Claim.objects.select_related("by").filter(draft__conversation=conversation, until__gt=timezone.now())
    if claim := on_it.exclude(by=by).first():
        raise claims.ClaimedByOther(claim)

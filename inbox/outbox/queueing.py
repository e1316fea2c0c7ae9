"""Freezing what is to leave, and holding it for the undo window."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from inbox.composing import Composed, File, compose, compose_follow_up, compose_new
from inbox.errors import Refused
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from inbox.subjects import base_subject
from inbox.threads import new_message_id

AUTOMATIC_CHECK_SECONDS = 60
"""So long an automatic mail is expected to wait for its last look; it never leaves without."""


def queue(
    *,
    conversation: Conversation,
    in_reply_to: Message,
    body: str,
    by: AbstractBaseUser,
    files: Sequence[File] = (),
    hold_seconds: float | None = None,
    check_seconds: float = 0,
) -> OutgoingMail:
    """Freeze a reply and hold it for the undo window, UNDO_SECONDS unless said otherwise. Raises Refused where no answer is possible.

    With `check_seconds` it is held for as long again, unless somebody above lets it go or voids it before.
    """
    return _queue_reply(conversation, in_reply_to, body, by=by, files=files, hold_seconds=hold_seconds, check_seconds=check_seconds)


def queue_automatic(*, conversation: Conversation, in_reply_to: Message, body: str) -> OutgoingMail:
    """Freeze a reply that nobody approved: held until somebody above has looked at it once more, however long that takes.

    Raises Refused where no answer is possible. `review.autosend` alone may call it.
    """
    return _queue_reply(conversation, in_reply_to, body, by=None, check_seconds=AUTOMATIC_CHECK_SECONDS)


def queue_follow_up(
    *, mail: OutgoingMail, body: str, by: AbstractBaseUser, files: Sequence[File] = (), hold_seconds: float | None = None
) -> OutgoingMail:
    """Freeze something to add to a mail of ours that was sent, and hold it. Raises Refused where it was not sent."""
    if mail.state != OutgoingMail.State.SENT:
        raise Refused("The mail to add to has not been sent; take it back instead, or wait until it has left.")
    if mail.erased_at:
        raise Refused("The mail to add to was erased, and with it whom it was for. Begin a new conversation instead.")
    message_id = new_message_id(mail.conversation)
    composed = compose_follow_up(mailbox=mail.mailbox, mail=mail, body=body, message_id=message_id, date=timezone.now(), files=files)
    return _hold(
        composed,
        conversation=mail.conversation,
        in_reply_to=mail.in_reply_to,
        message_id=message_id,
        by=by,
        hold_seconds=hold_seconds,
    )


@transaction.atomic
def begin(
    *,
    mailbox: Mailbox,
    recipient: str,
    subject: str,
    body: str,
    by: AbstractBaseUser,
    language: str = "",
    name: str = "",
    files: Sequence[File] = (),
    hold_seconds: float | None = None,
) -> OutgoingMail:
    """Begin a conversation with a mail of ours, frozen and held. Raises Refused, and then there is no conversation.

    It waits for the customer, whose answer the assistant takes up: there is nothing else in it that a person would have to lead.
    """
    conversation = Conversation.objects.create(
        mailbox=mailbox,
        subject=base_subject(subject),
        customer_address=recipient.strip().lower()[:320],
        customer_name=name,
        state=Conversation.State.WAITING,
    )
    message_id = new_message_id(conversation)
    composed = compose_new(
        mailbox=mailbox,
        recipient=recipient,
        subject=subject,
        body=body,
        language=language,
        message_id=message_id,
        date=timezone.now(),
        files=files,
    )
    return _hold(composed, conversation=conversation, in_reply_to=None, message_id=message_id, by=by, hold_seconds=hold_seconds)


def _queue_reply(
    conversation: Conversation,
    in_reply_to: Message,
    body: str,
    *,
    by: AbstractBaseUser | None,
    files: Sequence[File] = (),
    hold_seconds: float | None = None,
    check_seconds: float,
) -> OutgoingMail:
    """What nobody queued (`by`) is automatic, and says so in its header."""
    if in_reply_to.conversation_id != conversation.pk:
        raise Refused("The message to answer is not part of this conversation any more.")
    message_id = new_message_id(conversation)
    composed = compose(
        mailbox=conversation.mailbox,
        message=in_reply_to,
        body=body,
        message_id=message_id,
        date=timezone.now(),
        files=files,
        is_automatic=by is None,
    )
    return _hold(
        composed,
        conversation=conversation,
        in_reply_to=in_reply_to,
        message_id=message_id,
        by=by,
        hold_seconds=hold_seconds,
        check_seconds=check_seconds,
    )


def _hold(
    composed: Composed,
    *,
    conversation: Conversation,
    in_reply_to: Message | None,
    message_id: str,
    by: AbstractBaseUser | None,
    hold_seconds: float | None,
    check_seconds: float = 0,
) -> OutgoingMail:
    seconds = settings.UNDO_SECONDS if hold_seconds is None else hold_seconds
    with transaction.atomic():
        # With this lock a message that joins the conversation now either sees the mail, or is seen before it is queued.
        Conversation.objects.select_for_update().get(pk=conversation.pk)
        held_until = timezone.now() + timedelta(seconds=seconds)
        return OutgoingMail.objects.create(
            mailbox=conversation.mailbox,
            conversation=conversation,
            in_reply_to=in_reply_to,
            message_id=message_id,
            recipient=composed.recipient,
            subject=composed.subject,
            body=composed.body,
            mime=composed.mime,
            is_automatic=by is None,
            queued_by_id=by.pk if by else None,
            due_at=held_until + timedelta(seconds=check_seconds),
            check_at=held_until if check_seconds else None,
        )

"""Whose mail a person may see: every view finds what it shows through here. A person sees all mailboxes unless an admin limited them."""

from typing import TypeVar

from django.contrib.auth.models import User
from django.db.models import Model, Q, QuerySet

from drafting.models import Draft
from inbox.models import Attachment, Conversation, Mailbox, Message, OutgoingMail
from review import people
from review.models import Decision

M = TypeVar("M", bound=Model)


def mailbox_ids(user: User) -> frozenset[int] | None:
    """The mailboxes that `user` is limited to; None for all."""
    return people.standing(user).mailbox_ids


def mailboxes(user: User) -> QuerySet[Mailbox]:
    """The mailboxes that `user` may see."""
    return _of(Mailbox.objects.all(), user, "pk")


def conversations(user: User) -> QuerySet[Conversation]:
    """The conversations that `user` may see."""
    return _of(Conversation.objects.all(), user, "mailbox")


def messages(user: User) -> QuerySet[Message]:
    """The messages that `user` may see."""
    return _of(Message.objects.all(), user, "mailbox")


def attachments(user: User) -> QuerySet[Attachment]:
    """The attachments that `user` may see."""
    return _of(Attachment.objects.all(), user, "message__mailbox")


def outgoing(user: User) -> QuerySet[OutgoingMail]:
    """The outgoing mails that `user` may see."""
    return _of(OutgoingMail.objects.all(), user, "mailbox")


def drafts(user: User) -> QuerySet[Draft]:
    """The drafts that `user` may see."""
    return _of(Draft.objects.all(), user, "conversation__mailbox")


def decisions(user: User) -> QuerySet[Decision]:
    """The decisions that `user` may see."""
    return _of(Decision.objects.all(), user, "draft__conversation__mailbox")


def _of(rows: QuerySet[M], user: User, mailbox: str) -> QuerySet[M]:
    ids = mailbox_ids(user)
    return rows if ids is None else rows.filter(Q((f"{mailbox}__in", ids)))

"""Whose mail somebody may see: every view and the API find what they show through here.

Who looks is a person, or a program by its token. Both see all mailboxes unless an admin limited them; a token never sees more than the
admin who made it.
"""

from typing import TypeVar

from django.contrib.auth.models import User
from django.db.models import Model, Q, QuerySet

from drafting.models import Draft, ReplayRun
from inbox.models import Attachment, Conversation, Mailbox, Message, OutgoingMail
from review import people
from review.models import ApiToken, Decision, Upload

Viewer = User | ApiToken
M = TypeVar("M", bound=Model)


def mailbox_ids(user: Viewer) -> frozenset[int] | None:
    """The mailboxes that `user` is limited to; None for all."""
    if isinstance(user, User):
        return people.standing(user).mailbox_ids
    if not user.is_limited:
        return people.standing(user.by).mailbox_ids
    own, maker = user.mailbox_ids, people.standing(user.by).mailbox_ids
    return own if maker is None else own & maker


def mailboxes(user: Viewer) -> QuerySet[Mailbox]:
    """The mailboxes that `user` may see."""
    return _of(Mailbox.objects.all(), user, "pk")


def conversations(user: Viewer) -> QuerySet[Conversation]:
    """The conversations that `user` may see."""
    return _of(Conversation.objects.all(), user, "mailbox")


def messages(user: Viewer) -> QuerySet[Message]:
    """The messages that `user` may see."""
    return _of(Message.objects.all(), user, "mailbox")


def attachments(user: Viewer) -> QuerySet[Attachment]:
    """The attachments that `user` may see."""
    return _of(Attachment.objects.all(), user, "message__mailbox")


def outgoing(user: Viewer) -> QuerySet[OutgoingMail]:
    """The outgoing mails that `user` may see."""
    return _of(OutgoingMail.objects.all(), user, "mailbox")


def drafts(user: Viewer) -> QuerySet[Draft]:
    """The drafts that `user` may see."""
    return _of(Draft.objects.all(), user, "conversation__mailbox")


def decisions(user: Viewer) -> QuerySet[Decision]:
    """The decisions that `user` may see."""
    return _of(Decision.objects.all(), user, "mailbox")


def uploads(user: User) -> QuerySet[Upload]:
    """Files that left with outgoing mails that `user` may see, and those that `user` attached and has not sent."""
    return Upload.objects.filter(Q(outgoing__isnull=True, by=user) | Q(outgoing__in=outgoing(user)))


def replay_runs(user: Viewer) -> QuerySet[ReplayRun]:
    """The mails of replays that `user` may see."""
    return _of(ReplayRun.objects.all(), user, "message__mailbox")


def _of(rows: QuerySet[M], user: Viewer, mailbox: str) -> QuerySet[M]:
    ids = mailbox_ids(user)
    return rows if ids is None else rows.filter(Q((f"{mailbox}__in", ids)))

"""What we wrote to customers: mail that went out from here, and own mail that was imported from a Sent folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from inbox.models import Message, OutgoingMail

SENT = "sent"
"""The flag of a mail that lay in our own Sent folder, so that we wrote it whatever address it names."""
NOT_SENT = (OutgoingMail.State.CANCELLED, OutgoingMail.State.FAILED)
OWN = Q(kind=Message.Kind.OWN) & (Q(flags__contains=[SENT]) | Q(authenticity=Message.Authenticity.PASS))
"""Surely ours: it lay in our Sent folder, or our mail provider vouches for it. Anybody can write in our name."""
_READ = ("mailbox", "received_at", "references", "to", "text", "reply_text")


@dataclass(frozen=True, slots=True)
class Reply:
    """A text of ours. `answered` is when the mail that it answers had come in; None where it does not say, or we never had that."""

    text: str
    at: datetime
    answered: datetime | None


def sent_for(message: Message) -> Reply | None:
    """The reply that was sent to this very mail; of several the first, which the others only add to."""
    mails = OutgoingMail.objects.filter(in_reply_to=message, state=OutgoingMail.State.SENT).order_by("sent_at")
    replies = [Reply(mail.body, mail.sent_at or mail.created_at, message.received_at) for mail in mails.defer("mime")[:1]]
    if message.message_id:
        named = Message.objects.filter(OWN, mailbox=message.mailbox_id, references__contains=[message.message_id])
        answers = [one for one in named.order_by("received_at", "pk")[:20] if answered_id(one) == message.message_id]
        replies += [_reply(one, message.received_at) for one in answers]
    return min(replies, key=lambda one: one.at, default=None)


def sent_before(message: Message, *, most: int) -> list[Reply]:
    """The newest of what we wrote in this conversation to the sender of `message`, oldest first; nothing that answers it or a later one."""
    mails = OutgoingMail.objects.filter(conversation=message.conversation_id, recipient__iexact=message.from_address)
    mails = mails.exclude(state__in=NOT_SENT).exclude(in_reply_to=message).exclude(in_reply_to__received_at__gt=message.received_at)
    told = mails.values_list("body", "created_at", "in_reply_to__received_at", "message_id", named=True)
    found = list(told.order_by("-created_at")[:most])
    replies = [Reply(one.body, one.created_at, one.in_reply_to__received_at) for one in found]
    own = Message.objects.filter(OWN, conversation=message.conversation_id, received_at__lt=message.received_at)
    own = own.exclude(message_id__in=[one.message_id for one in found]).only(*_READ).order_by("-received_at", "-pk")
    replies += _replies([one for one in own[:most] if message.from_address.lower() in map(str.lower, one.to)])
    return sorted(replies, key=lambda one: one.at)[-most:]


def answered_id(message: Message) -> str:
    """The Message-ID that one of our own mails answers, or "": what it names last (RFC 5322, 3.6.4; see `threads.mentioned_ids`)."""
    return message.references[-1] if message.references else ""


def _replies(messages: list[Message]) -> Iterable[Reply]:
    ids = [found for one in messages if (found := answered_id(one))]
    known = Message.objects.filter(mailbox=messages[0].mailbox_id, message_id__in=ids) if ids else Message.objects.none()
    received = dict(known.values_list("message_id", "received_at"))
    return [_reply(one, received.get(answered_id(one))) for one in messages]


def _reply(message: Message, answered: datetime | None) -> Reply:
    return Reply((message.reply_text or message.text).strip(), message.received_at, answered)

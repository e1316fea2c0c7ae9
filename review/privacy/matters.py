"""What is about somebody: which conversations, messages, drafts and mails of ours.

A conversation with the person is theirs as a whole. Where they only wrote one message into somebody else's, that message is theirs, with
the drafts that were to answer it and our mails to them.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from drafting.models import Draft
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from review.models import Decision


@dataclass(frozen=True, slots=True)
class Matter:
    """Ids, each in ascending order. `touched` are all conversations that hold something of it, `conversations` those that go as a whole."""

    conversations: list[int]
    touched: list[int]
    messages: list[int]
    drafts: list[int]
    mails: list[int]


def of_person(addresses: Collection[str]) -> Matter:
    """All that there is with somebody who writes from `addresses` (lower case). What was erased is not found any more."""
    mailboxes = list(Mailbox.objects.values_list("pk", flat=True))
    theirs = Conversation.objects.filter(mailbox__in=mailboxes, customer_address__in=addresses)
    own = _ids(theirs)
    wrote = Message.objects.alias(sender=Lower("from_address")).filter(sender__in=addresses)
    bounced = Message.objects.filter(kind=Message.Kind.BOUNCE, bounce_recipients__overlap=list(addresses))
    mails = OutgoingMail.objects.alias(to=Lower("recipient")).filter(to__in=addresses)
    return _matter(own, messages={*_ids(wrote), *_ids(bounced)}, mails=_ids(mails))


def of_conversations(conversations: Collection[int]) -> Matter:
    """All that there is in conversations."""
    return _matter(sorted(conversations), messages=(), mails=())


def _matter(own: list[int], *, messages: Collection[int], mails: Collection[int]) -> Matter:
    read = Message.objects.filter(conversation__isnull=False)
    of_messages = _ids(read.filter(Q(conversation__in=own) | Q(pk__in=messages)))
    drafts = _ids(Draft.objects.filter(Q(conversation__in=own) | Q(message__in=of_messages)))
    # As a list: within the OR below a subquery keeps mails from being found by their indexes.
    decided = list(Decision.objects.filter(draft__in=drafts, outgoing__isnull=False).values_list("outgoing", flat=True))
    answers = Q(pk__in=mails) | Q(in_reply_to__in=of_messages) | Q(pk__in=decided)
    of_mails = _ids(OutgoingMail.objects.filter(Q(conversation__in=own) | answers))
    return Matter(own, _touched(own, of_messages, of_mails), of_messages, drafts, of_mails)


def _touched(own: list[int], messages: list[int], mails: list[int]) -> list[int]:
    written = Message.objects.filter(pk__in=messages, conversation__isnull=False).values_list("conversation", flat=True)
    sent = OutgoingMail.objects.filter(pk__in=mails).values_list("conversation", flat=True)
    return sorted({*own, *(pk for pk in written if pk), *sent})


def _ids(rows: "QuerySet[Conversation] | QuerySet[Message] | QuerySet[Draft] | QuerySet[OutgoingMail]") -> list[int]:
    return sorted(rows.values_list("pk", flat=True).distinct())

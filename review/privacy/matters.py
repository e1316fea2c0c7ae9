"""What is about somebody: which conversations, messages, drafts and mails of ours.

A conversation with the person is theirs as a whole. Where they only wrote one message into somebody else's, that message is theirs, with
the drafts that were to answer it and our mails to them. A mail is the person's too where answers to it go to them: a contact form sends all
mails from one address, and names the person in Reply-To. A conversation of such mails and of ours to the person alone is theirs as a
whole: forms, shops and mailing lists, which name the sender so too, may write about several people into one conversation.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db.models import Exists, Func, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Lower

from drafting.models import Draft
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from inbox.models.messages import NAMED
from review.models import Decision

_ADDRESSES = ArrayField(TextField())
_ERASED = ""


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
    wrote = _ids(Message.objects.alias(sender=Lower("from_address")).filter(sender__in=addresses))
    through_a_form = [pk for pk, reply_to in naming(addresses).items() if reply_to.intersection(addresses)]
    own = sorted({*_ids(theirs), *_of_these_alone(through_a_form, {*wrote, *through_a_form}, addresses)})
    bounced = Message.objects.filter(kind=Message.Kind.BOUNCE, bounce_recipients__overlap=list(addresses))
    mails = OutgoingMail.objects.alias(to=Lower("recipient")).filter(to__in=addresses)
    return _matter(own, messages={*wrote, *through_a_form, *_ids(bounced)}, mails=_ids(mails))


def naming(addresses: Collection[str]) -> dict[int, set[str]]:
    """The ids of all messages that name one of the addresses beside their sender, with the addresses (lower case) that answers go to."""
    rows = Message.objects.alias(named=NAMED).filter(named__overlap=list(addresses)).values_list("pk", "reply_to")
    return {pk: {one.lower() for one in reply_to} for pk, reply_to in rows}


def of_conversations(conversations: Collection[int]) -> Matter:
    """All that there is in conversations."""
    return _matter(sorted(conversations), messages=(), mails=())


def _of_these_alone(messages: Collection[int], theirs: Collection[int], addresses: Collection[str]) -> list[int]:
    """The conversations of `messages` that hold nothing else: in which nobody wrote anything but `theirs`, whatever kind it is of, and we
    wrote to nobody but `addresses`. Bounces are about mails of ours.
    """
    here = Message.objects.filter(conversation=OuterRef("pk")).exclude(pk__in=theirs)
    others = here.exclude(kind__in=[Message.Kind.OWN, Message.Kind.BOUNCE])
    filed = here.filter(kind=Message.Kind.OWN).alias(went_to=Func("to", "to", "to", function="inbox_named", output_field=_ADDRESSES))
    sent = OutgoingMail.objects.alias(to=Lower("recipient")).filter(conversation=OuterRef("pk"))
    to_others = Exists(filed.exclude(went_to__contained_by=list(addresses))) | Exists(sent.exclude(to__in=[*addresses, _ERASED]))
    return _ids(Conversation.objects.filter(~Exists(others), ~to_others, messages__in=messages))


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

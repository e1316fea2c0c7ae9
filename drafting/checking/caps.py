"""How many replies could have left alone lately: what the daily caps are about."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q

from drafting.gate.checks.mail import CAP_HOURS
from drafting.models import Draft
from inbox.models import Conversation, Message


@dataclass(frozen=True)
class Replies:
    """To mails of the `CAP_HOURS` hours before a mail came in."""

    in_conversation: int
    to_sender: int


def count(message: Message) -> Replies:
    """Eligible drafts to this sender (in this mailbox) and in this conversation. One query, by indexes.

    An eligible draft counts whether it left alone or a person saw it first: so the count says the same before and after a category is
    unlocked. One that gave way to a newer mail's draft does not: nobody was sent it. What came in later does not either, so that a replay
    counts what was counted then.
    """
    same_sender = Q(mailbox=message.mailbox_id, customer_address=message.from_address.lower())
    since = message.received_at - timedelta(hours=CAP_HOURS)
    lately = Q(drafts__message__received_at__gt=since, drafts__message__received_at__lte=message.received_at)
    counted = lately & Q(drafts__is_eligible=True) & ~Q(drafts__message=message.pk) & ~Q(drafts__state=Draft.State.SUPERSEDED)
    rows = Conversation.objects.filter(same_sender | Q(pk=message.conversation_id)).annotate(eligible=Count("drafts", filter=counted))
    by_conversation = dict(rows.values_list("pk", "eligible"))
    here = by_conversation.get(message.conversation_id or 0, 0)
    return Replies(in_conversation=here, to_sender=sum(by_conversation.values()))

"""How many replies could have left alone lately: what the daily caps are about."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from drafting.gate.checks.mail import CAP_HOURS
from inbox.models import Message

_ELIGIBLE = """
    SELECT count(*) FILTER (WHERE draft.conversation_id = %(conversation)s),
           count(*) FILTER (WHERE lower(message.from_address) = lower(%(sender)s))
      FROM drafting_draft AS draft
      JOIN inbox_message AS message ON message.id = draft.message_id
     WHERE draft.id IN (
               SELECT id FROM drafting_draft WHERE conversation_id = %(conversation)s
               UNION ALL
               SELECT theirs.id FROM inbox_message AS mail JOIN drafting_draft AS theirs ON theirs.message_id = mail.id
                WHERE lower(mail.from_address) = lower(%(sender)s) AND mail.received_at > %(since)s
           )
       AND message.received_at > %(since)s AND message.received_at <= %(until)s
       AND draft.is_eligible AND draft.state <> 'superseded' AND draft.message_id <> %(message)s
"""


@dataclass(frozen=True)
class Replies:
    """To mails of the `CAP_HOURS` hours before a mail came in."""

    in_conversation: int
    to_sender: int


def count(message: Message) -> Replies:
    """Eligible drafts to this sender, whatever mailbox they wrote to, and in this conversation. One query, by indexes.

    An eligible draft counts whether it left alone or a person saw it first: so the count says the same before and after a category is
    unlocked. One that gave way to a newer mail's draft does not: nobody was sent it. What came in later does not either, so that a replay
    counts what was counted then.
    """
    about = {
        "conversation": message.conversation_id,
        "message": message.pk,
        "sender": message.from_address,
        "since": message.received_at - timedelta(hours=CAP_HOURS),
        "until": message.received_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ELIGIBLE, about)
        return Replies(*cursor.fetchone())

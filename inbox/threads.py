"""What ties mails together: the ids that they name, the token that we sign into ours, and turns, so that nobody else ties at once."""

import re
import secrets
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.crypto import constant_time_compare, salted_hmac

from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from inbox.parsing import ParsedMail

LONGEST_ID = 500
"""Characters of an id that are kept; PostgreSQL indexes no value much longer than this."""
MOST_IDS = 60
TRYING = timedelta(days=5)
"""So long mail servers try before they give a mail back (RFC 5321, 4.5.4.1)."""
SKEW = timedelta(minutes=5)
"""So far the clock of a mail server may be behind ours."""
SEARCHED = 50_000
"""Characters of a bounce that are searched for a token."""
_LEFT = (OutgoingMail.State.SENT, OutgoingMail.State.MAYBE_SENT)

_TOKEN = re.compile(r"([0-9a-f]{1,15})\.([0-9a-f]{16})\.([0-9a-f]{24})(?![0-9a-f])", re.IGNORECASE)


class Bounced(NamedTuple):
    """Our mail that a bounce is about. It is certain where the bounce names it, which only those can who got it."""

    mail: OutgoingMail
    is_certain: bool


def new_message_id(conversation: Conversation) -> str:
    """An id for a reply, without angle brackets. It carries its conversation, signed, so that an answer finds it however mangled."""
    nonce, domain = secrets.token_hex(8), conversation.mailbox.address.rpartition("@")[2]
    return f"{conversation.pk:x}.{nonce}.{_signature(conversation.mailbox_id, conversation.pk, nonce)}@{domain}"


def mentioned_ids(parsed: ParsedMail) -> list[str]:
    """Every id that a mail answers to, oldest first, as RFC 5322, 3.6.4 orders them; of very many the first and the last ones."""
    named = [one[:LONGEST_ID] for one in (*parsed.references, parsed.in_reply_to) if one]
    ids = list(dict.fromkeys(reversed(named)))[::-1]
    return ids if len(ids) <= MOST_IDS else [ids[0], *ids[1 - MOST_IDS :]]


def wait_turns(*, mailbox: Mailbox, customers: Collection[str]) -> None:
    """Two mails of one customer, read at the same moment by two workers, must not make two conversations: one waits, until the other's
    transaction is over. Turns are taken in one order, so that nobody waits in a circle. `customers` are addresses in lower case.
    """
    keys = [f"thread:{mailbox.pk}:{one}" for one in sorted(customers)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(%s::text[]) AS key", [keys])


def signed_conversations(mailbox: Mailbox, ids: Iterable[str]) -> list[int]:
    """Ids of conversations whose signed token stands in these ids of mails, in their order."""
    return [int(number, 16) for number, _, _ in _tokens(mailbox, ids)]


def _tokens(mailbox: Mailbox, texts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Our signed tokens in these texts, by their parts."""
    found = (token for text in texts for token in _TOKEN.findall(text.lower()))
    return (one for one in found if constant_time_compare(one[2], _signature(mailbox.pk, int(one[0], 16), one[1])))


def bounced_mail(*, message: Message, parsed: ParsedMail) -> Bounced | None:
    """Our mail that a bounce reports: by its Message-ID or by the token in it, of several the newest, which names the others as what it
    answers. Where the bounce names no mail at all, the only one that it can be about: a guess, as anybody can write such a notice."""
    ids = [one for one in (parsed.bounce_original_id, *mentioned_ids(parsed)) if one]
    named = Q(message_id__in=ids)
    for token in _tokens(message.mailbox, [*ids, parsed.text[:SEARCHED]]):
        named |= Q(message_id__startswith=f"{'.'.join(token)}@")
    mails = OutgoingMail.objects.filter(mailbox=message.mailbox).select_related("conversation").defer("mime")
    found = sorted(mails.filter(named).order_by("-pk")[:MOST_IDS], key=lambda mail: mail.message_id != parsed.bounce_original_id)
    if found:
        return Bounced(found[0], is_certain=True)
    return None if ids else _only_one_to(parsed.bounce_recipients, message, mails)


def _only_one_to(recipients: Iterable[str], message: Message, mails: QuerySet[OutgoingMail]) -> Bounced | None:
    unreached = [one.lower() for one in recipients]
    recent = mails.filter(state__in=_LEFT, dot_sent_at__gt=message.received_at - TRYING, dot_sent_at__lt=message.received_at + SKEW)
    found = recent.annotate(to=Lower("recipient")).filter(to__in=unreached)[:2]
    return Bounced(found[0], is_certain=False) if len(found) == 1 else None


def _signature(mailbox_id: int, conversation_id: int, nonce: str) -> str:
    return salted_hmac("inbox.threads", f"{mailbox_id}:{conversation_id}:{nonce}", algorithm="sha256").hexdigest()[:24]

"""Which conversation a message belongs to: by the ids it names and by who wrote it, never by its subject alone."""

import re
import secrets
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Q, Value
from django.utils.crypto import constant_time_compare, salted_hmac

from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from inbox.parsing import ParsedMail
from inbox.subjects import base_subject, topic

LONGEST_ID = 500
"""Characters of an id that are kept; PostgreSQL indexes no value much longer than this."""
MOST_IDS = 60
MOST_KIN = 20

_TOKEN = re.compile(r"([0-9a-f]{1,15})\.([0-9a-f]{16})\.([0-9a-f]{24})(?![0-9a-f])", re.IGNORECASE)


def new_message_id(conversation: Conversation) -> str:
    """An id for a reply, without angle brackets. It carries its conversation, signed, so that an answer finds it however mangled."""
    nonce, domain = secrets.token_hex(8), conversation.mailbox.address.rpartition("@")[2]
    return f"{conversation.pk:x}.{nonce}.{_signature(conversation.mailbox_id, conversation.pk, nonce)}@{domain}"


def mentioned_ids(parsed: ParsedMail) -> list[str]:
    """Every id that a mail answers to, oldest first, as RFC 5322, 3.6.4 orders them; of very many the first and the last ones."""
    named = [one[:LONGEST_ID] for one in (*parsed.references, parsed.in_reply_to) if one]
    ids = list(dict.fromkeys(reversed(named)))[::-1]
    return ids if len(ids) <= MOST_IDS else [ids[0], *ids[1 - MOST_IDS :]]


def conversation_for(*, message: Message, parsed: ParsedMail) -> Conversation:
    """The conversation of a message whose kind is known, found or created. Run it in a transaction, which keeps others out.

    A customer joins only conversations of their own, whatever ids the mail names: anybody can guess or forward an id.
    A bounce joins the conversation of our mail that it reports.
    """
    mailbox, customer = message.mailbox, _other_party(message, parsed)
    wait_turn(mailbox=mailbox, customer=customer)
    if parsed.is_bounce:
        return _bounced(mailbox, parsed) or _create(message, parsed, customer)
    theirs = [one for one in _candidates(mailbox, parsed) if customer and one.customer_address == customer]
    return _with_subject(theirs, parsed.subject) or _create(message, parsed, customer, split_from=theirs[0] if theirs else None)


def _other_party(message: Message, parsed: ParsedMail) -> str:
    """The customer's address in lower case: who wrote, or whom we wrote to. "" where the mail does not say."""
    everybody = [parsed.from_addr] if message.kind != Message.Kind.OWN else [*parsed.to, *parsed.cc, parsed.from_addr]
    others = [one.lower()[:320] for one in everybody if one and one.lower() != message.mailbox.address.lower()]
    return next(iter(others), "")


def wait_turn(*, mailbox: Mailbox, customer: str) -> None:
    """Two mails of one customer, read at the same moment by two workers, must not make two conversations: one waits, until the other's
    transaction is over. `customer` is an address in lower case.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"thread:{mailbox.pk}:{customer}"])


def _candidates(mailbox: Mailbox, parsed: ParsedMail) -> list[Conversation]:
    """Conversations that the ids point to, the most telling first: what is answered, our signed token, others that name the same ids."""
    ids = mentioned_ids(parsed)[::-1]
    answered, kin = _related(mailbox, ids, own=parsed.message_id[:LONGEST_ID])
    pks = list(dict.fromkeys([*answered, *_by_token(mailbox, ids), *kin]))
    found = Conversation.objects.filter(mailbox=mailbox).in_bulk(pks) if pks else {}
    return [found[pk] for pk in pks if pk in found]


def _related(mailbox: Mailbox, ids: Sequence[str], *, own: str) -> tuple[list[int], list[int]]:
    """Conversations of the mails with these ids, in their order; and those of messages that name `own`, come before it, or answer the same
    mail that we never saw, newest first. One query."""
    if not (ids or own):
        return [], []
    known, shown = Q(mailbox=mailbox, conversation__isnull=False), ("is_kin", "pk", "message_id", "conversation")
    kin = Message.objects.filter(known, references__overlap=[one for one in (own, *ids) if one]).annotate(is_kin=Value(True))
    rows = kin.order_by("-pk").values_list(*shown)[:MOST_KIN]
    if ids:
        named = [table.objects.filter(known, message_id__in=ids).annotate(is_kin=Value(False)) for table in (Message, OutgoingMail)]
        rows = rows.union(*(one.values_list(*shown) for one in named), all=True)
    found = list(rows)
    answered = sorted((ids.index(message_id), pk) for is_kin, _, message_id, pk in found if not is_kin)
    return [pk for _, pk in answered], [pk for is_kin, _, _, pk in sorted(found, key=lambda row: -row[1]) if is_kin]


def _by_token(mailbox: Mailbox, ids: Iterable[str]) -> list[int]:
    return [int(number, 16) for one in ids for number, nonce, signature in _TOKEN.findall(one.lower())
            if constant_time_compare(signature, _signature(mailbox.pk, int(number, 16), nonce))]  # fmt: skip


def _bounced(mailbox: Mailbox, parsed: ParsedMail) -> Conversation | None:
    if mail := bounced_mail(mailbox=mailbox, parsed=parsed):
        return mail.conversation
    return Conversation.objects.filter(mailbox=mailbox, pk__in=_by_token(mailbox, _bounce_ids(parsed))).first()


def bounced_mail(*, mailbox: Mailbox, parsed: ParsedMail) -> OutgoingMail | None:
    """Our mail that a bounce reports, by its Message-ID, which only those who got it know."""
    return OutgoingMail.objects.filter(mailbox=mailbox, message_id__in=_bounce_ids(parsed)).select_related("conversation").first()


def _bounce_ids(parsed: ParsedMail) -> list[str]:
    return [one for one in (parsed.bounce_original_id, *mentioned_ids(parsed)) if one]


def _with_subject(conversations: Sequence[Conversation], subject: str) -> Conversation | None:
    """The first of these, or of those split from them, on this subject. A mail without a subject has not changed it."""
    if not topic(subject):
        return next(iter(conversations), None)
    splits = [split for one in conversations for split in one.splits.filter(customer_address=one.customer_address).order_by("-pk")]
    wanted = topic(subject)
    return next((one for one in (*conversations, *splits) if topic(one.subject) in {wanted, ""}), None)


def _create(message: Message, parsed: ParsedMail, customer: str, *, split_from: Conversation | None = None) -> Conversation:
    return Conversation.objects.create(
        mailbox=message.mailbox,
        subject=base_subject(parsed.subject),
        customer_address=customer,
        customer_name="" if message.kind == Message.Kind.OWN else parsed.from_name,
        split_from=split_from,
        state=Conversation.State.CLOSED if message.is_past else Conversation.State.OPEN,
        last_message_at=message.received_at,
    )


def _signature(mailbox_id: int, conversation_id: int, nonce: str) -> str:
    return salted_hmac("inbox.threads", f"{mailbox_id}:{conversation_id}:{nonce}", algorithm="sha256").hexdigest()[:24]

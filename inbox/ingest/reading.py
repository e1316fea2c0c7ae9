"""From stored bytes to a message that people see. Whatever is in the bytes, the message ends in a conversation."""

import logging
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from inbox import authenticity, outbox, parsing, raw, threads
from inbox.ingest.storing import POSTED, RING_AGAIN, WITHHELD
from inbox.models import Attachment, Conversation, Mailbox, Message
from inbox.parsing import ParsedMail
from inbox.replies import SENT

MOST_ATTEMPTS = 3
"""A mail that ended its reader so often is not read again."""
LEASE = RING_AGAIN + timedelta(minutes=1)
_BROUGHT = "The mail came in through the API, where no mail server of ours checked who sent it."

logger = logging.getLogger(__name__)


def waiting_messages() -> list[int]:
    """Ids of messages that were stored a while ago and that nobody is reading. Each is named once in half a minute."""
    now = timezone.now()
    with transaction.atomic():
        waiting = Message.objects.filter(state=Message.State.RECEIVED, read_due_at__lte=now).order_by("read_due_at")
        ids = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:200])
        Message.objects.filter(pk__in=ids).update(read_due_at=now + RING_AGAIN)
    return ids


def read_message(*, message: Message) -> None:
    """Parse a message, judge its sender, put it into its conversation. Safe to call twice, or by two at once.

    1. The attempt is counted and committed, so that a mail that ends its reader is known by its count.
    2. The row is locked while the mail is parsed; whoever comes meanwhile leaves.
    3. A mail that cannot be parsed, or has had its attempts, becomes unreadable, in a conversation of its own.

    Raises OSError where the storage cannot be reached; the sweep comes back to the message.
    """
    if not _claim(message.pk):
        return
    try:
        content = raw.read(message.raw_sha256)
    except FileNotFoundError:
        _give_up(message.pk, "The bytes of this mail are gone from the storage. Look for it in the mailbox itself.")
        return
    except OSError:
        Message.objects.filter(pk=message.pk).update(parse_attempts=F("parse_attempts") - 1)
        raise
    try:
        with transaction.atomic():
            locked = _lock(message.pk)
            if locked is not None:
                _understand(locked, parsing.parse(content))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("Message %s cannot be read", message.pk)
        _give_up(message.pk, f"The mail cannot be read ({type(error).__name__}). Its bytes are kept as they came.")


def _lock(pk: int) -> Message | None:
    waiting = Message.objects.select_for_update(skip_locked=True, of=("self",)).select_related("mailbox")
    return waiting.filter(pk=pk, state=Message.State.RECEIVED).first()


def _claim(pk: int) -> bool:
    """Count an attempt at a message that nobody is reading; one that has none left is given up.

    A reader sets `read_due_at` further ahead than a ring does, which tells the next one that the message is being read.
    """
    now = timezone.now()
    free = Message.objects.filter(pk=pk, state=Message.State.RECEIVED, read_due_at__lte=now + RING_AGAIN)
    if free.filter(parse_attempts__lt=MOST_ATTEMPTS).update(parse_attempts=F("parse_attempts") + 1, read_due_at=now + LEASE):
        return True
    if free.exists():
        _give_up(pk, f"Reading this mail failed {MOST_ATTEMPTS} times without an answer. Its bytes are kept as they came.")
    return False


def _give_up(pk: int, problem: str) -> None:
    with transaction.atomic():
        message = _lock(pk)
        if message is not None:
            _shelve(message, problem)


def _shelve(message: Message, problem: str) -> None:
    """Make a message unreadable and visible, with nothing of what was perhaps understood: that may be what the database refused."""
    conversation = Conversation.objects.create(mailbox=message.mailbox, subject="(unreadable mail)", last_message_at=message.received_at)
    Message.objects.filter(pk=message.pk).update(
        conversation=conversation,
        state=Message.State.UNREADABLE,
        problem=" ".join(filter(None, [message.problem, problem])),
        suppress_auto_reply=True,
    )


def _understand(message: Message, parsed: ParsedMail) -> None:
    _copy_headers(message, parsed)
    _copy_content(message, parsed)
    _judge_sender(message, parsed)
    message.kind = Message.Kind.OWN if _is_own(message, parsed) else Message.Kind(parsed.kind)
    message.conversation = threads.conversation_for(message=message, parsed=parsed)
    is_whole = parsed.readable and WITHHELD not in message.flags
    message.state = Message.State.PARSED if is_whole else Message.State.UNREADABLE
    message.save()
    Attachment.objects.bulk_create(_attachments(message, parsed))
    _move_on(message, message.conversation)
    outbox.heard_of(message=message, bounced=threads.bounced_mail(mailbox=message.mailbox, parsed=parsed) if parsed.is_bounce else None)


def _is_own(message: Message, parsed: ParsedMail) -> bool:
    """Whether we wrote it. A mail in our name that fails authentication is a forgery, or a web form's: somebody should look at it."""
    if SENT in message.flags and not parsed.is_bounce:
        return not _came_in(message.mailbox, parsed)
    if parsed.is_bounce or message.authenticity == Message.Authenticity.FAIL:
        return False
    return Mailbox.objects.filter(address__iexact=parsed.from_addr).exists()


def _came_in(mailbox: Mailbox, parsed: ParsedMail) -> bool:
    """Whether somebody elsewhere wrote it to us: folders named Sent may hold what people moved there."""
    address = mailbox.address.lower()
    is_foreign = parsed.from_addr.lower().rpartition("@")[2] != address.rpartition("@")[2]
    return is_foreign and address in {one.lower() for one in (*parsed.to, *parsed.cc)}


def _copy_headers(message: Message, parsed: ParsedMail) -> None:
    message.message_id = parsed.message_id[: threads.LONGEST_ID]
    message.in_reply_to = parsed.in_reply_to[: threads.LONGEST_ID]
    message.references = threads.mentioned_ids(parsed)
    message.from_address, message.from_name = parsed.from_addr[:320], parsed.from_name
    message.reply_to, message.to, message.cc = list(parsed.reply_to), list(parsed.to), list(parsed.cc)
    message.subject, message.date = parsed.subject, parsed.date


def _copy_content(message: Message, parsed: ParsedMail) -> None:
    message.text, message.reply_text = parsed.text, parsed.reply_text
    message.html, message.hidden_text = parsed.html, parsed.hidden_text
    message.language = parsed.language[:8]
    message.flags = list(dict.fromkeys([*message.flags, *(flag[:40] for flag in parsed.flags)]))
    message.problem = " ".join(filter(None, [message.problem, *parsed.problems]))
    message.suppress_auto_reply = parsed.suppress_auto_reply
    message.bounce_recipients, message.bounce_is_hard = list(parsed.bounce_recipients), parsed.bounce_hard


def _judge_sender(message: Message, parsed: ParsedMail) -> None:
    if POSTED in message.flags:
        message.authenticity, message.authenticity_reason = Message.Authenticity.NONE, _BROUGHT
        return
    verdict = authenticity.judge(
        parsed.authentication_results,
        authserv_id=message.mailbox.authserv_id,
        from_addr=parsed.from_addr,
        sender_addrs=parsed.sender_addrs,
    )
    message.authenticity, message.authenticity_reason = Message.Authenticity(verdict.result), verdict.reason


def _attachments(message: Message, parsed: ParsedMail) -> list[Attachment]:
    return [
        Attachment(
            message=message,
            position=one.index,
            name=one.name,
            content_type=one.content_type[:120],
            size=one.size,
            sha256=one.sha256,
            content_id=one.content_id,
            is_inline=one.is_inline,
        )
        for one in parsed.attachments
    ]


def _move_on(message: Message, conversation: Conversation) -> None:
    """A message from a person, or a bounce of what we wrote, makes the conversation somebody's work again."""
    changes: dict[str, object] = {"last_message_at": Greatest(F("last_message_at"), message.received_at)}
    if message.kind in {Message.Kind.PERSON, Message.Kind.BOUNCE} and not message.is_past:
        changes |= {"state": Conversation.State.OPEN, "snoozed_until": None}
    if message.kind == Message.Kind.PERSON and message.from_name:
        changes["customer_name"] = message.from_name
    Conversation.objects.filter(pk=conversation.pk).update(**changes)

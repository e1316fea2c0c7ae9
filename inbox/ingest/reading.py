"""From stored bytes to a message that people see. Whatever is in the bytes, the message ends in a conversation."""

import logging
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from inbox import parsing, raw, threads
from inbox.flags import TRUNCATED
from inbox.ingest import cut
from inbox.ingest.interpreting import interpret, our_addresses
from inbox.ingest.joining import join
from inbox.ingest.storing import RING_AGAIN
from inbox.models import Conversation, Message
from inbox.parsing import ParsedMail
from inbox.placing import Letter

MOST_ATTEMPTS = 3
"""A mail that ended its reader so often is not read again."""
LEASE = RING_AGAIN + timedelta(minutes=1)

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
    parsed = cut.marked(parsed) if TRUNCATED in message.flags else parsed
    interpret(message, parsed, ours=our_addresses())
    bounced = threads.bounced_mail(message=message, parsed=parsed) if parsed.is_bounce else None
    join(mailbox=message.mailbox, letters=[Letter(message, parsed, bounced)], save=message.save)

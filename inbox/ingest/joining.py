"""Messages that were understood join their conversations, however many at once, with all that follows from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from inbox import attachment_text, outbox, placing
from inbox.models import Attachment, Conversation, Mailbox, Message
from inbox.parsing import ParsedMail
from inbox.placing import Letter

_MOVE_ON = """
UPDATE inbox_conversation AS conversation SET
    last_message_at = greatest(conversation.last_message_at, change.at),
    state = CASE WHEN change.is_work THEN 'open' ELSE conversation.state END,
    snoozed_until = CASE WHEN change.is_work THEN NULL ELSE conversation.snoozed_until END,
    customer_name = coalesce(change.name, conversation.customer_name)
FROM (VALUES {rows}) AS change (id, at, is_work, name) WHERE conversation.id = change.id
"""


@dataclass
class Change:
    """What messages do to their conversation: when the newest came, whether it is somebody's work again, how the customer is called now."""

    at: datetime
    is_work: bool = False
    name: str | None = None


def join(*, mailbox: Mailbox, letters: Sequence[Letter], save: Callable[[], object]) -> None:
    """Put messages into their conversations, in order. `save` writes their rows, once each has one. Run it in a transaction."""
    made = placing.place(mailbox=mailbox, letters=letters)
    changes = _changes(letters)
    _save_new(made, changes)
    save()
    files = Attachment.objects.bulk_create([one for letter in letters for one in _attachments(letter.message, letter.parsed)])
    attachment_text.ring_for(files)
    _move_on([(one, change) for one, change in changes if not any(one is other for other in made)])
    outbox.heard_of(mailbox=mailbox, messages=[one.message for one in letters])
    for letter in letters:
        if letter.bounced:
            outbox.heard_of_bounce(letter.bounced, bounce=letter.message)


def _changes(letters: Sequence[Letter]) -> list[tuple[Conversation, Change]]:
    found: dict[int, tuple[Conversation, Change]] = {}
    for letter in letters:
        message, conversation = letter.message, letter.message.conversation
        if conversation is None:
            continue
        _, change = found.setdefault(id(conversation), (conversation, Change(message.received_at)))
        change.at = max(change.at, message.received_at)
        change.is_work |= _is_work(message)
        if message.kind == Message.Kind.PERSON and message.from_name:
            change.name = message.from_name
    return list(found.values())


def _is_work(message: Message) -> bool:
    """A message from a person, or what we wrote and came back, makes the conversation somebody's work again; a mere delay does not."""
    is_work = message.kind in {Message.Kind.PERSON, Message.Kind.BOUNCE} and not message.bounce_is_delay
    return is_work and not message.is_past


def _save_new(made: Sequence[Conversation], changes: Sequence[tuple[Conversation, Change]]) -> None:
    for one, change in changes:
        if one._state.adding:
            one.last_message_at = max(one.last_message_at, change.at)
            one.state = Conversation.State.OPEN if change.is_work else one.state
            one.customer_name = one.customer_name if change.name is None else change.name
    # One that was split from another new one can say so when that has its id.
    split = [(one, one.split_from) for one in made if one.split_from and one.split_from._state.adding]
    for one, _ in split:
        one.split_from = None
    Conversation.objects.bulk_create(made)
    for one, origin in split:
        one.split_from = origin
    Conversation.objects.bulk_update([one for one, _ in split], ["split_from"])


def _move_on(changes: Sequence[tuple[Conversation, Change]]) -> None:
    if changes:
        rows = ", ".join(["(%s::bigint, %s::timestamptz, %s, %s::text)"] * len(changes))
        with connection.cursor() as cursor:
            values = [value for one, change in changes for value in (one.pk, change.at, change.is_work, change.name)]
            cursor.execute(_MOVE_ON.format(rows=rows), values)


def _attachments(message: Message, parsed: ParsedMail) -> list[Attachment]:
    found = [
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
    attachment_text.ask_for(found, message=message)
    return found

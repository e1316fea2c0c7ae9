"""The audit log: who did what, when. Only this module writes LogEntry rows; nothing changes them, the database refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from inbox.models import Conversation
from review.acts import ACTS
from review.models import LogEntry


def record(
    *, act: str, by: User | None, about: str = "", words: str = "", conversation: Conversation | None = None, **detail: Any
) -> LogEntry:
    """Note an act in the transaction of the act itself: "conversation.snoozed", "mailbox.paused". `by` None is the product itself.

    `act` is one of `acts.ACTS`, `about` names the thing as it is called now, `words` say the rest in a sentence.
    """
    entry = _entry(act=act, by=by, about=about, words=words, conversation=conversation, detail=detail)
    entry.save()
    return entry


@contextmanager
def recording(
    *, act: str, by: User | None, about: str = "", words: str = "", conversation: Conversation | None = None, **detail: Any
) -> Iterator[LogEntry]:
    """What is done inside and its entry are one transaction: an error leaves neither. The entry can be filled in until the end."""
    entry = _entry(act=act, by=by, about=about, words=words, conversation=conversation, detail=detail)
    with transaction.atomic():
        yield entry
        entry.save()


@contextmanager
def erasing() -> Iterator[None]:
    """Within a transaction: entries may be changed and deleted inside, because a person's data has to go."""
    _set_erasing("on")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _set_erasing("off")


def _entry(*, act: str, **values: Any) -> LogEntry:
    if act not in ACTS:
        raise ValueError(f"The audit log has no sentence for {act!r}; add one to review/acts.py.")
    return LogEntry(act=act, **values)


def _set_erasing(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('countersign.erasing', %s, true)", [value])

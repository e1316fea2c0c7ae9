"""What is written in files that customers sent. It is read after their mail, by itself, so that no file keeps a mail from coming in.

Rows wait with `Attachment.text_state`; `waiting` finds them, and `read` reads one in a process with limits (`inbox.extraction`).
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from inbox import attachments, extraction
from inbox.models import Attachment, Message

RING_AGAIN = timedelta(seconds=30)
LEASE = RING_AGAIN + timedelta(seconds=30)
MOST_ATTEMPTS = 3
"""A file that ended its reader so often is not read again."""
MOST_AT_ONCE = 3
"""Readers in all: they take memory and time, and others wait for the same workers."""
MOST_FILES = 10
"""Of one mail."""


def ask_for(files: Sequence[Attachment], *, message: Message) -> None:
    """Say of the files of a new message, before they are saved, which are to be read: those that somebody is going to answer."""
    if message.kind != Message.Kind.PERSON or message.is_past:
        return
    readable = [one for one in files if extraction.can_read(one.content_type) and not one.is_inline]
    for file in readable[:MOST_FILES]:
        # Without a hash it was too large to be decoded.
        is_small = bool(file.sha256) and file.size <= extraction.MOST_BYTES
        file.text_state = Attachment.Text.WAITING if is_small else Attachment.Text.TOO_LARGE
        file.text_due_at = timezone.now()


def ring_for(files: Sequence[Attachment]) -> None:
    """Have the sweep come at once where these, whose rows were written, are to be read. Run it in their transaction."""
    # The tasks are made of what stands here.
    from inbox import tasks

    if any(file.text_state == Attachment.Text.WAITING for file in files):
        transaction.on_commit(tasks.read_waiting_attachments.delay, robust=True)


def waiting() -> list[int]:
    """Ids of attachments that are due to be read, as many as there may be readers. Each is named once in half a minute."""
    now = timezone.now()
    with transaction.atomic():
        files = Attachment.objects.filter(text_state=Attachment.Text.WAITING)
        room = MOST_AT_ONCE - files.filter(text_due_at__gt=now).count()
        due = files.filter(text_due_at__lte=now).order_by("text_due_at", "pk").select_for_update(skip_locked=True, of=("self",))
        ids = list(due.values_list("pk", flat=True)[: max(room, 0)])
        Attachment.objects.filter(pk__in=ids).update(text_due_at=now + RING_AGAIN)
    return ids


def read(*, attachment_id: int) -> None:
    """Read the text of one attachment that waits. Safe to call twice, or by two at once.

    Raises OSError where the storage cannot be reached; the sweep comes back to it.
    """
    if not _claim(attachment_id):
        return
    file = Attachment.objects.select_related("message").only("position", "content_type", "message__raw_sha256").get(pk=attachment_id)
    try:
        content, charset = attachments.read_with_charset(file)
    except (FileNotFoundError, IndexError):
        _finish(attachment_id, Attachment.Text.DAMAGED)
        return
    except OSError:
        Attachment.objects.filter(pk=attachment_id).update(text_attempts=F("text_attempts") - 1)
        raise
    found = extraction.extract(content, content_type=file.content_type, charset=charset)
    _finish(attachment_id, Attachment.Text(found.result.value), found.text)


def _claim(pk: int) -> bool:
    """Count an attempt at a file that nobody is reading. A reader sets the time further ahead than a ring does."""
    now = timezone.now()
    free = Attachment.objects.filter(pk=pk, text_state=Attachment.Text.WAITING, text_due_at__lte=now + RING_AGAIN)
    if free.filter(text_attempts__lt=MOST_ATTEMPTS).update(text_attempts=F("text_attempts") + 1, text_due_at=now + LEASE):
        return True
    free.update(text_state=Attachment.Text.TOO_SLOW)
    return False


def _finish(pk: int, state: Attachment.Text, text: str = "") -> None:
    """What was erased meanwhile waits no longer, and stays without its text."""
    Attachment.objects.filter(pk=pk, text_state=Attachment.Text.WAITING).update(text_state=state, text=text)

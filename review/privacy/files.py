"""Files of what was erased, out of storage. Rows say what is due, so nothing is left behind by a crash or a storage that was away."""

import logging
from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.utils import timezone

from inbox import raw
from inbox.models import Attachment, Mailbox, Message
from review import uploads
from review.models import Upload

logger = logging.getLogger(__name__)


def sweep(*, most: int = 1000) -> int:
    """Delete the files of messages and uploads that were erased; says how many. Raises OSError where the storage cannot be reached."""
    messages = Message.objects.filter(erased_at__isnull=False, raw_erased_at=None).order_by("pk")
    due = Upload.objects.filter(erased_at__isnull=False).exclude(path="").order_by("pk")
    return delete_raw(messages.only("raw_sha256")[:most]) + sum(_delete(upload) for upload in due[:most])


def sweep_soon() -> None:
    """As `sweep`, right after a commit: what cannot be deleted now is deleted by the sweep later."""
    try:
        sweep()
    except OSError:
        logger.exception("Files of erased mails are still in storage; the sweep tries again.")


def delete_raw(messages: Iterable[Message]) -> int:
    """Delete the bytes of messages, and note it. Equal bytes are one file, which stays while another mailbox's message needs it."""
    mailboxes = list(Mailbox.objects.values_list("pk", flat=True))
    number = 0
    for message in messages:
        same = Message.objects.filter(mailbox__in=mailboxes, raw_sha256=message.raw_sha256, raw_erased_at=None, erased_at=None)
        if not same.exclude(pk=message.pk).exists():
            raw.delete(message.raw_sha256)
        Attachment.objects.filter(message=message).update(text="", text_state=Attachment.Text.NONE)
        number += Message.objects.filter(pk=message.pk).update(raw_erased_at=timezone.now())
    return number


def _delete(upload: Upload) -> int:
    default_storage.delete(upload.path)
    Upload.objects.filter(pk=upload.pk).update(path="")
    # One that never left with a mail is nothing any more.
    Upload.objects.filter(uploads.UNSENT, pk=upload.pk).delete()
    return 1

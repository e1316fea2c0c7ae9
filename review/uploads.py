"""Files that people attach to what they write. This module alone writes Upload rows and the files behind them.

The bytes are in storage before the row exists. A file is unsent until its mail exists, and again once that mail is cancelled: so taking a
mail back gives its files back, whoever or whatever took it back. Unsent files are deleted after UPLOAD_DAYS.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from inbox import file_types
from inbox.composing import File
from inbox.models import Conversation, OutgoingMail
from inbox.parsing.attachments import clean_name
from review.desk import words
from review.errors import CannotAttach, CannotSend
from review.models import Upload

UNSENT = Q(outgoing__isnull=True) | Q(outgoing__state=OutgoingMail.State.CANCELLED)


def attach(*, file: "UploadedFile[Any]", by: User, conversation: Conversation | None) -> Upload:
    """Keep a file for the mail that `by` is writing in `conversation` (None: in a new one). Raises CannotAttach in words."""
    name = clean_name(file.name or "") or "file"
    content = _read(file, name)
    if file_types.is_program(name, content[:16]):
        raise CannotAttach(f"“{name}” is a program, and mail servers refuse those. Send a document or a picture instead.")
    together = unsent(by=by, conversation=conversation).aggregate(bytes=Sum("size"))["bytes"] or 0
    _check_together(together + len(content))
    path = default_storage.save(f"uploads/{timezone.now():%Y/%m}/{uuid4().hex}", ContentFile(content))
    return Upload.objects.create(
        conversation=conversation,
        name=_free_name(name, by, conversation),
        content_type=file_types.content_type(name, content[:1024]),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        path=path,
        by=by,
    )


def unsent(*, by: User, conversation: Conversation | None) -> QuerySet[Upload]:
    """What `by` attached in `conversation` (None: to a new one) and has not sent, in the order of attaching."""
    return Upload.objects.filter(UNSENT, by=by, conversation=conversation).order_by("pk")


def remove(*, upload: Upload) -> bool:
    """Delete a file that was not sent. False where it was, or is gone already."""
    with transaction.atomic():
        found = Upload.objects.select_for_update(of=("self",)).filter(UNSENT, pk=upload.pk).first()
        if found is None:
            return False
        found.delete()
        # After the commit: a row whose file is gone could be sent, a file without a row cannot.
        transaction.on_commit(partial(default_storage.delete, found.path))
    return True


def read(upload: Upload) -> bytes:
    """The bytes of a file. Raises FileNotFoundError where they are gone from storage, or erased."""
    if upload.erased_at:
        raise FileNotFoundError(upload.path)
    with default_storage.open(upload.path) as file:
        return bytes(file.read())


def as_files(found: Iterable[Upload]) -> list[File]:
    """The files as they go into a mail. Raises CannotSend where one is gone from storage, or they are too large together."""
    uploads = list(found)
    together = sum(upload.size for upload in uploads)
    if together > settings.UPLOAD_MOST_BYTES_TOGETHER:
        raise CannotSend(_too_large_together(together))
    return [_as_file(upload) for upload in uploads]


def leave_with(*, mail: OutgoingMail, uploads: Sequence[Upload]) -> None:
    """Note that the files left with `mail`, in its transaction. Raises CannotSend where one was removed, or sent, meanwhile."""
    mine = Upload.objects.filter(pk__in=[upload.pk for upload in uploads], by=mail.queued_by_id)
    free = mine.filter(UNSENT).select_for_update(of=("self",)).values_list("pk", flat=True)
    if mine.filter(pk__in=list(free)).update(outgoing=mail) != len(uploads):
        raise CannotSend("A file that you attached was removed or sent meanwhile, so nothing was sent. Look at the files, then send again.")


def sweep(*, most: int = 500) -> int:
    """Delete files that were attached long ago and never sent. Says how many."""
    since = timezone.now() - timedelta(days=settings.UPLOAD_DAYS)
    return sum(remove(upload=upload) for upload in Upload.objects.filter(UNSENT, at__lt=since).order_by("at")[:most])


def _read(file: "UploadedFile[Any]", name: str) -> bytes:
    if not file.size:
        raise CannotAttach(f"“{name}” is empty. Check the file, and attach it again.")
    if file.size > settings.UPLOAD_MOST_BYTES:
        most = words.size(settings.UPLOAD_MOST_BYTES)
        raise CannotAttach(f"“{name}” has {words.size(file.size)}; a file may have {most} at most. Make it smaller, or send a link.")
    return bytes(file.read())


def _check_together(together: int) -> None:
    if together > settings.UPLOAD_MOST_BYTES_TOGETHER:
        raise CannotAttach(_too_large_together(together))


def _too_large_together(together: int) -> str:
    most = words.size(settings.UPLOAD_MOST_BYTES_TOGETHER)
    return f"The files would have {words.size(together)} together; a mail may have {most} of files at most. Leave one out."


def _free_name(name: str, by: User, conversation: Conversation | None) -> str:
    """`name`, numbered where a file of the mail has it already: pasted pictures are all called the same."""
    taken = set(unsent(by=by, conversation=conversation).values_list("name", flat=True))
    stem, ending = PurePosixPath(name).stem, PurePosixPath(name).suffix
    numbered = (f"{stem} ({number}){ending}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(one for one in numbered if one not in taken)


def _as_file(upload: Upload) -> File:
    try:
        return File(upload.name, upload.content_type, read(upload))
    except FileNotFoundError as error:
        raise CannotSend(f"“{upload.name}” is gone from storage, so nothing was sent. Remove it, and attach it again.") from error

"""What stands between a text and its leaving, whatever it answers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.contrib.auth.models import User

from inbox.composing import File
from inbox.errors import Refused
from inbox.models import Conversation
from review import planting, uploads, writing
from review.errors import CannotSend
from review.models import Upload


@contextmanager
def checked(
    *, text: str, files: Sequence[Upload], conversation: Conversation | None = None, author: User | None = None
) -> Iterator[list[File]]:
    """The files of a mail that is queued inside. Raises CannotSend, in words, where it cannot be: a slot is open, a file is gone …

    `author` is the person whose text it is; None for a draft that leaves as the assistant wrote it.
    """
    writing.check_filled(text)
    if conversation:
        planting.check_whole(conversation=conversation, text=text)
    if conversation and author:
        planting.check(conversation=conversation, by=author, text=text)
    attached = uploads.as_files(files)
    try:
        yield attached
    except Refused as error:
        raise CannotSend(str(error)) from error

"""What stands between a text and its leaving, whatever it answers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from inbox.composing import File
from inbox.errors import Refused
from inbox.models import Conversation
from review import planting, uploads, writing
from review.errors import CannotSend
from review.models import Upload


@contextmanager
def checked(*, text: str, files: Sequence[Upload], conversation: Conversation | None = None) -> Iterator[list[File]]:
    """The files of a mail that is queued inside. Raises CannotSend, in words, where it cannot be: a slot is open, a file is gone …"""
    writing.check_filled(text)
    if conversation:
        planting.check_whole(conversation=conversation, text=text)
    attached = uploads.as_files(files)
    try:
        yield attached
    except Refused as error:
        raise CannotSend(str(error)) from error

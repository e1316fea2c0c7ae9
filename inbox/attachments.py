"""The content of attachments, read from the raw mail."""

from inbox import raw
from inbox.models import Attachment
from inbox.parsing import read_attachment


def read(attachment: Attachment) -> bytes:
    """The decoded bytes of an attachment."""
    return read_attachment(raw.read(attachment.message.raw_sha256), attachment.position)

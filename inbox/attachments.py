"""The content of attachments, read from the raw mail."""

from inbox import raw
from inbox.models import Attachment
from inbox.parsing import open_attachment, read_attachment


def read(attachment: Attachment) -> bytes:
    """The decoded bytes of an attachment."""
    return read_attachment(raw.read(attachment.message.raw_sha256), attachment.position)


def read_with_charset(attachment: Attachment) -> tuple[bytes, str]:
    """The same, with the charset that its mail says they are in, or ""."""
    return open_attachment(raw.read(attachment.message.raw_sha256), attachment.position)

"""Which documents came: names and kinds of what a sender attached."""

from collections.abc import Iterable

from drafting.agent.mail import Mail
from drafting.fact_values.records import Facts
from inbox.models import Attachment, Message

SMALLEST_PICTURE = 20_000
"""Bytes. A picture within the text that is smaller is a logo or a signature, not a photo of something."""
_KINDS = {
    "image/": "image",
    "application/pdf": "pdf",
    "text/csv": "spreadsheet",
    "text/": "text",
    "video/": "video",
    "audio/": "audio",
    "application/msword": "document",
    "application/rtf": "document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml": "document",
    "application/vnd.oasis.opendocument.text": "document",
    "application/vnd.ms-excel": "spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml": "spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet": "spreadsheet",
    "application/zip": "archive",
    "application/x-7z-compressed": "archive",
    "application/gzip": "archive",
}
"""By the beginning of the content type; the first that fits."""


def of_sender(message: Message, mail: Mail) -> Facts:
    """Names and kinds of what came with the mail (as the assistant sees them) and with the sender's earlier mails here."""
    names = mail.attachments
    everything = [each for each in mail.files if not each.is_inline or _is_photo(each)]
    own = [each for each in everything if each.message_id == message.pk or each.name in names]
    return {
        "mail.attachment_names": list(names),
        "mail.attachment_types": _kinds(own),
        "conversation.attachment_names": list(
            dict.fromkeys([*(each.name for each in everything if not each.is_inline and each.name), *names])
        ),
        "conversation.attachment_types": _kinds(everything),
    }


def kind(content_type: str) -> str:
    """A content type in a word that admins use."""
    return next((word for beginning, word in _KINDS.items() if content_type.startswith(beginning)), "other")


def _is_photo(attachment: Attachment) -> bool:
    return attachment.content_type.startswith("image/") and attachment.size >= SMALLEST_PICTURE


def _kinds(attachments: Iterable[Attachment]) -> list[str]:
    return list(dict.fromkeys(kind(each.content_type) for each in attachments))

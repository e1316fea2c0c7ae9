"""Files as they are listed under a mail, and what is said of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from inbox.flags import TRUNCATED
from inbox.models import Attachment, Message
from review.desk import words

TOLD = ("pk", "name", "content_type", "size", "is_inline", "sha256", "text_state")
"""What `of_message` needs of each attachment."""
PREVIEWED = {"image/png", "image/jpeg", "image/gif", "image/webp"}
LARGEST_PREVIEW = 3_000_000
UNREAD = {
    Attachment.Text.WAITING: "its text is being read",
    Attachment.Text.EMPTY: "no text in it",
    Attachment.Text.ENCRYPTED: "encrypted",
    Attachment.Text.TOO_LARGE: "too large to be read",
    Attachment.Text.TOO_SLOW: "took too long to read",
    Attachment.Text.DAMAGED: "damaged",
}
READ = {Attachment.Text.WHOLE: "Text of {}", Attachment.Text.START: "Start of the text of {}"}
UNNAMED = {"message/delivery-status": "Delivery report", "message/rfc822": "Enclosed mail", "text/calendar": "Invitation"}


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as listed under a message. `text_url` has what is written in it, as far as that was read; `text_words` says so."""

    name: str
    about: str
    url: str
    preview_url: str
    text_url: str = ""
    text_words: str = ""


def of_message(message: Message) -> list[File]:
    """What came with a message of `conversation.with_files`."""
    return [_noted(_came(described), described, message) for described in message.files]  # type: ignore[attr-defined]


def of_ours(described: Mapping[str, Any]) -> File:
    """A file on a mail of ours."""
    about = f"{described['content_type']}, {words.size(described['size'])}"
    return File(name=described["name"], about=about, url=reverse("upload", args=[described["pk"]]), preview_url="")


def _noted(file: File, described: Mapping[str, Any], message: Message) -> File:
    """With what is missing of it."""
    if TRUNCATED in message.flags and not described["sha256"]:
        file = replace(file, preview_url="", about=f"only its start is kept, {file.about}")
    return replace(file, preview_url="", about=f"no longer kept, {file.about}") if message.raw_erased_at else file


def _came(described: Mapping[str, Any]) -> File:
    pk, content_type, state = described["pk"], described["content_type"], described["text_state"]
    name = described["name"] or UNNAMED.get(content_type, "Unnamed attachment")
    is_shown = content_type in PREVIEWED and described["size"] < LARGEST_PREVIEW
    return File(
        name=name,
        about=", ".join(filter(None, (UNREAD.get(state), content_type, words.size(described["size"])))),
        url=reverse("attachment", args=[pk]),
        preview_url=reverse("attachment_preview", args=[pk]) if is_shown else "",
        text_url=reverse("attachment_text", args=[pk]) if state in READ else "",
        text_words=READ[state].format(name) if state in READ else "",
    )

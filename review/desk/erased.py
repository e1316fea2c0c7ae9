"""What a page says in place of content that was erased, so that nobody looks for it."""

from datetime import datetime

from django.utils import timezone

from inbox.models import Erasable, Message

SUBJECT = "(erased)"
"""What is left of a subject, in the database too."""


def said(row: Erasable) -> str:
    """When and why the content of a row went; "" where it is there."""
    if row.erased_at is None:
        return ""
    return f"Erased on {_day(row.erased_at)}, {_why(row)}."


def raw_said(message: Message) -> str:
    """The same of the bytes of a mail, and of its attachments, which may have gone while its text is there."""
    if message.erased_at or message.raw_erased_at is None:
        return said(message)
    return f"The original mail and its attachments were removed by the retention rule on {_day(message.raw_erased_at)}."


def _why(row: Erasable) -> str:
    return "by the retention rule" if row.erased_for == Erasable.For.RULE else "on request of the person whom it was about"


def _day(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.day} {local:%B %Y}"

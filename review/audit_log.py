"""The audit log: who did what, when. Only this module writes LogEntry rows, and nothing changes them."""

from typing import Any

from django.contrib.auth.models import User

from inbox.models import Conversation
from review.models import LogEntry


def record(
    *, act: str, by: User | None, about: str = "", words: str = "", conversation: Conversation | None = None, **detail: Any
) -> LogEntry:
    """Note an act in the transaction of the act itself: "conversation.snoozed", "mailbox.paused". `by` None is the product itself."""
    return LogEntry.objects.create(act=act, by=by, about=about, words=words, conversation=conversation, detail=detail)

"""What comes out about a reply after it was decided. It flips the verdict of its draft, until a person finds the flag mistaken.

`autosend.flag` goes on from here: what reveals a leak, a wrong recipient or a promise suspends the category as well.
"""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User

from drafting.models import Draft
from inbox.models import Message
from review.models import Flag


class NotFlagged(Exception):
    """Nothing was flagged or cleared, for the reason in words, which people read."""


def flag(*, draft: Draft, kind: str, words: str, by: User | None, message: Message | None = None, at: datetime | None = None) -> Flag:
    """Flag the reply that came of a draft. `by` is None where code found it, in `message`. A flag that stands already stays as it is.

    Raises NotFlagged where a person does not say what is wrong.
    """
    raise NotImplementedError


def clear(*, flag: Flag, by: User, words: str, at: datetime | None = None) -> Flag:
    """Find a flag mistaken, so that its draft has the verdict it had before. Raises NotFlagged for who decided on the draft."""
    raise NotImplementedError


def of(drafts: Iterable[Draft]) -> dict[int, list[Flag]]:
    """The flags of drafts by draft id, those that were cleared included, oldest first."""
    found: dict[int, list[Flag]] = {}
    for one in Flag.objects.filter(draft__in=drafts).select_related("by", "cleared_by", "message").order_by("pk"):
        found.setdefault(one.draft_id, []).append(one)
    return found


def find_complaints(*, at: datetime | None = None, most: int = 500) -> list[Flag]:
    """Sweep: flag replies that customers complain about in their next mail. Returns the new flags."""
    raise NotImplementedError

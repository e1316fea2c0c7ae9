"""What stops a category at once, however good its proof."""

from django.contrib.auth.models import User

from drafting.models import Draft
from inbox.models import Message
from review.models import Attempt, Flag


def flag(*, draft: Draft, kind: Flag.Kind, words: str, by: User | None, message: Message | None = None) -> Flag:
    """Flag a reply. A leak, a wrong recipient or a promise that a person reports suspends the category at once."""
    raise NotImplementedError


def trip(*, draft: Draft, cause: Attempt.Cause, words: str, by: User | None) -> None:
    """Suspend whatever is unlocked of the draft's category."""
    raise NotImplementedError

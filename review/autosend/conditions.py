"""What stands against unlocking, resuming and sending, in words for people."""

from review.models import Attempt


def why_not_unlock(attempt: Attempt) -> list[str]:
    """What stands against unlocking now; empty where nothing does."""
    raise NotImplementedError


def why_not_resume(attempt: Attempt) -> list[str]:
    """What stands against resuming now; empty where nothing does."""
    raise NotImplementedError

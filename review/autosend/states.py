"""The states of an attempt. This module alone writes `Attempt.state`: each step a Transition row and an entry in the audit log."""

from datetime import datetime

from django.contrib.auth.models import User

from review.models import Attempt

Cause = Attempt.Cause


def unlock(*, attempt: Attempt, by: User, typed: str, at: datetime | None = None) -> Attempt:
    """Let a proven category send by itself, from the first step of the ramp. `typed` is its name. Raises NotNow."""
    raise NotImplementedError


def suspend(*, attempt: Attempt, cause: Cause, words: str, by: User | None = None, at: datetime | None = None) -> bool:
    """Stop an unlocked attempt at once and hold its queued mail back. Says whether it was unlocked until now."""
    raise NotImplementedError


def resume(*, attempt: Attempt, by: User, words: str, at: datetime | None = None) -> Attempt:
    """Go on after a suspension that says nothing about quality, from the first step of the ramp. Raises NotNow."""
    raise NotImplementedError


def earn_again(*, attempt: Attempt, by: User, words: str, at: datetime | None = None) -> Attempt | None:
    """End a suspended attempt; the next begins from zero. Returns that one, or None where its setup is not in use. Raises NotNow."""
    raise NotImplementedError

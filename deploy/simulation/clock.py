"""A clock that can be set, for the whole process: what happens in months takes minutes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest import mock

NOW = "django.utils.timezone.now"
"""What all code here asks for the time, and what fills the fields that hold one."""


class Clock:
    """The simulated time; it only goes forward."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def advance(self, to: datetime) -> None:
        """It is `to` now, unless that has passed."""
        self.now = max(self.now, to)


@contextmanager
def running(clock: Clock) -> Iterator[Clock]:
    """Inside, it is as late as `clock` says."""
    with mock.patch(NOW, lambda: clock.now):
        yield clock

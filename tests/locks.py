"""Two at once: for tests in which one waits for what the other has locked."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
PATIENCE = 20.0
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def closing(act: Callable[[], T]) -> T:
    """What `act` says, in a thread that leaves no connection behind."""
    try:
        return act()
    finally:
        connection.close()


def wait_until_somebody_waits() -> None:
    """Return once the other one stands before a lock of ours."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        with connection.cursor() as cursor:
            cursor.execute(_WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("Nobody waits for a lock.")

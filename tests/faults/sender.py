"""A sender that dies by SIGKILL at a chosen edge: `python -m tests.faults.sender MAIL EDGE`. Its end is the point, so it never returns."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _then_die(function: Callable[..., Any]) -> Callable[..., None]:
    def act(*args: Any, **options: Any) -> None:
        function(*args, **options)
        _die()

    return act


EDGES: dict[str, tuple[str, bool]] = {
    "before it claims the mail": ("_claim", False),
    "after it claimed the mail": ("_claim", True),
    "before dot_sent is written": ("_mark_dot_sent", False),
    "after dot_sent is written, before the dot": ("_mark_dot_sent", True),
    "after the server's answer, before sent is written": ("mark_sent", False),
    "after sent is written": ("mark_sent", True),
}
"""Which function of the sender it dies at, and whether that has done its work by then."""


def main(mail_id: int, edge: str) -> None:
    """Send, and die on the way."""
    import django

    django.setup()
    from inbox.outbox import sending

    name, is_after = EDGES[edge]
    setattr(sending, name, _then_die(getattr(sending, name)) if is_after else _die)
    sending.send(mail_id=mail_id)
    sys.exit("The sender came to its end; it should have died on the way.")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])

"""Lines that wait for the next mail of their mailbox, in this process: signing in anew for every mail is slow, and providers count it."""

import atexit
import threading
import time
from typing import NamedTuple

from inbox.models import Mailbox
from inbox.smtp.client import Client
from inbox.smtp.opening import leave

SECONDS = 30.0
"""A line that has waited for so long is not used any more, and is closed within as long again."""
MOST_MAILS = 50
"""So many mails leave on one line; servers have limits of their own, from 100 on."""
MADE_WITH = ("pk", "address", "sign_in", "smtp_host", "smtp_port", "smtp_security", "smtp_username", "smtp_password", "imap_username")
"""What a line was opened with; where any of it has changed meanwhile, it is another mailbox's."""


class _Waiting(NamedTuple):
    made_with: tuple[object, ...]
    line: Client
    since: float


_waiting: list[_Waiting] = []
_timers: list[threading.Timer] = []
"""The one that will close lines, while any waits."""
_lock = threading.Lock()


def take(mailbox: Mailbox) -> Client | None:
    """A line to the mailbox's server that nobody else has, if one waits. The server may be about to close it.

    Where it has said something that nobody asked for, each answer on this line would be taken for that to the next command.
    """
    wanted = _made_with(mailbox)
    with _lock:
        ours = [one for one in reversed(_waiting) if one.made_with == wanted and not _is_over(one)]
        for one in ours:
            _waiting.remove(one)
            if one.line.is_silent:
                one.line.begin()
                return one.line
            one.line.close()
    return None


def keep(mailbox: Mailbox, line: Client) -> None:
    """Let a line wait on which all is settled. One that has done enough is left."""
    if line.taken >= MOST_MAILS or line.sock is None:
        leave(line)
        return
    with _lock:
        _waiting.append(_Waiting(_made_with(mailbox), line, time.monotonic()))
        _look_later()


@atexit.register
def close_all() -> None:
    """Leave every line that waits."""
    with _lock:
        over = list(_waiting)
        _waiting.clear()
        while _timers:
            _timers.pop().cancel()
    for one in over:
        leave(one.line)


def _close_over() -> None:
    with _lock:
        over = [one for one in _waiting if _is_over(one)]
        _waiting[:] = [one for one in _waiting if one not in over]
        _timers.clear()
        _look_later()
    for one in over:
        leave(one.line)


def _look_later() -> None:
    if _waiting and not _timers:
        timer = threading.Timer(SECONDS, _close_over)
        timer.daemon = True
        timer.start()
        _timers.append(timer)


def _is_over(one: _Waiting) -> bool:
    return time.monotonic() - one.since >= SECONDS


def _made_with(mailbox: Mailbox) -> tuple[object, ...]:
    return tuple(getattr(mailbox, name) for name in MADE_WITH)

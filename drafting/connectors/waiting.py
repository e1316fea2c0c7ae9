"""One deadline for a whole call, however many reads, writes and waits are in it.

Calls run on one event loop in a thread of its own. The caller stops waiting when the time is up, even if closing takes longer (an MCP
server may need seconds to end); that goes on behind its back.
"""

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import anyio

Answer = TypeVar("Answer")
GRACE = 0.25
"""Seconds in which a call that ran out of time may still end by itself, so that what it has open is closed in order."""

_lock = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}


def run(call: Callable[[], Coroutine[Any, Any, Answer]], *, seconds: float) -> Answer:
    """The result of `call`. Raises TimeoutError, or what the call raises."""

    async def bounded() -> Answer:
        with anyio.fail_after(seconds):
            return await call()

    future = asyncio.run_coroutine_threadsafe(bounded(), _loop())
    return future.result(seconds + GRACE)


def _loop() -> asyncio.AbstractEventLoop:
    """The loop of this process; a forked child has none of its parent's threads."""
    with _lock:
        if os.getpid() not in _loops:
            loop = _loops[os.getpid()] = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="connectors", daemon=True).start()
        return _loops[os.getpid()]

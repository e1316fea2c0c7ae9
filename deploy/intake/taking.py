"""`python -m deploy.intake.taking MAILBOX`: one process that takes in all mail of a mailbox as the workers do, and says what took how long.

It says "ready", waits for a line on standard input, works, and prints a JSON object (see `Taken`).
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import wraps
from typing import Any
from unittest import mock

import psutil


@dataclass(frozen=True, slots=True)
class Taken:
    """What one process did: mails, seconds, the seconds of each stage, and its memory (bytes) along the way, after each tenth."""

    mails: int
    seconds: float
    stages: dict[str, float]
    memory: list[int]


class Stages:
    """Seconds spent in parts of the work that do not contain each other."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def clock(self, name: str) -> Iterator[None]:
        """Count the time of a block for a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - began

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted for a stage."""

        @wraps(function)
        def call(*args: Any, **options: Any) -> Any:
            with self.clock(name):
                return function(*args, **options)

        return call

    def execute(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """A wrapper around each statement (Django's `execute_wrapper`)."""
        with self.clock("database"):
            return execute(sql, params, many, context)


def take(mailbox_id: int) -> Taken:
    """Fetch, store, read and thread all mail of a mailbox."""
    from django.db import connection

    from inbox import imap, ingest, parsing, raw
    from inbox.models import Mailbox, Message

    stages, memory = Stages(), []
    timed = (("IMAP", imap.Folder, "fetch"), ("IMAP", imap.Folder, "describe"), ("raw files", raw, "store"), ("parsing", parsing, "parse"))
    total = 0
    began = time.perf_counter()
    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(stages.execute))
        for name, owner, function in timed:
            stack.enter_context(mock.patch.object(owner, function, stages.timed(name, getattr(owner, function))))
        while stored := ingest.fetch_mailbox(mailbox=Mailbox.objects.get(pk=mailbox_id)):
            total += stored
            memory.append(psutil.Process().memory_info().rss)
    seconds = time.perf_counter() - began
    unread = Message.objects.filter(mailbox=mailbox_id, conversation=None).count()
    if unread:
        raise RuntimeError(f"{unread} mails ended in no conversation.")
    return Taken(total, seconds, dict(stages.seconds), memory)


def main(mailbox_id: int) -> None:
    """Get ready, wait for the start, work, tell."""
    import django

    django.setup()
    from deploy.celery import app
    from inbox.parsing import parse

    app.conf.task_always_eager = True
    parse(b"From: a@b.example\n\nThe model for languages is loaded before the clock runs.")
    _say("ready")
    sys.stdin.readline()
    _say(json.dumps(asdict(take(mailbox_id))))


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]))

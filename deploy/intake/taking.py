"""`python -m deploy.intake.taking MAILBOX MAILS`: one process that takes in all mail of a mailbox as the workers do, and says how long.

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

MOST_SLOW = 0.01
"""Of all mails, those that may go the slow way, each by itself."""


@dataclass(frozen=True, slots=True)
class Point:
    """How far one process had come: mails and seconds since it began, and its memory in bytes."""

    mails: int
    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What one process did: mails, seconds, seconds of the processor (`processor.seconds`), seconds of each stage, and its way there."""

    mails: int
    seconds: float
    processor: float
    stages: dict[str, float]
    way: list[Point]


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


def take(mailbox_id: int, count: int) -> Taken:
    """Fetch, store, read and thread all mail of a mailbox. Raises RuntimeError where that did not make `count` mails of it."""
    from django.db import connection

    from deploy.intake import processor
    from inbox import ingest
    from inbox.models import Mailbox

    stages, total, worked = Stages(), 0, processor.seconds()
    began = time.perf_counter()
    way = [Point(0, 0, _memory())]
    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(stages.execute))
        for owner, function, call in _watched(stages, way):
            stack.enter_context(mock.patch.object(owner, function, call))
        while stored := ingest.fetch_mailbox(mailbox=Mailbox.objects.get(pk=mailbox_id)):
            total += stored
    taken = Taken(total, time.perf_counter() - began, processor.seconds() - worked, dict(stages.seconds), way)
    _expect_all(mailbox_id, total, count)
    return taken


def _watched(stages: Stages, way: list[Point]) -> Iterator[tuple[Any, str, Callable[..., Any]]]:
    """What is replaced while the clock runs: the stages by themselves timed, and the storing of a chunk, after which a point is noted."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    from inbox import imap, parsing, raw
    from inbox.ingest import fetching

    for name, owner, function in (
        ("IMAP", imap.Folder, "fetch"),
        ("IMAP", imap.Folder, "fetch_start"),
        ("IMAP", imap.Folder, "describe"),
        ("raw files", raw, "store_all"),
        ("raw files", raw, "read"),
        ("parsing", parsing, "parse"),
        ("commits", BaseDatabaseWrapper, "_commit"),
    ):
        yield owner, function, stages.timed(name, getattr(owner, function))
    store, began = fetching._store, time.perf_counter()

    def noted(*args: Any) -> int:
        stored = store(*args)
        way.append(Point(way[-1].mails + stored, time.perf_counter() - began, _memory()))
        return stored

    yield fetching, "_store", noted


def _memory() -> int:
    return int(psutil.Process().memory_info().rss)


def _expect_all(mailbox_id: int, total: int, count: int) -> None:
    """A fetch that fails or stops half way would show as a good rate."""
    from inbox.models import Mailbox, Message

    mailbox = Mailbox.objects.get(pk=mailbox_id)
    if mailbox.fetch_error or total != count:
        raise RuntimeError(f"Of {count} mails {total} were taken in. {mailbox.fetch_error}")
    if unread := Message.objects.filter(mailbox=mailbox, conversation=None).count():
        raise RuntimeError(f"{unread} mails ended in no conversation.")
    if (slow := Message.objects.filter(mailbox=mailbox, parse_attempts__gt=0).count()) > count * MOST_SLOW:
        raise RuntimeError(f"{slow} mails were read each by itself, which is not what is measured.")


def main(mailbox_id: int, count: int) -> None:
    """Get ready, wait for the start, work, tell."""
    import django

    django.setup()
    from deploy.celery import app
    from inbox.parsing import parse

    app.conf.task_always_eager = True
    parse(b"From: a@b.example\n\nThe model for languages is loaded before the clock runs.")
    _say("ready")
    sys.stdin.readline()
    _say(json.dumps(asdict(take(mailbox_id, count))))


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))

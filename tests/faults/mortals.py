"""Work that dies by SIGKILL at a chosen edge, in processes of its own that begin at once: they are forked off one that has loaded all.

`python -m tests.faults.mortals` reads lines "WORK MODULE NAME before|after ID" and answers each with the signal that ended it.
"""

import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 30
"""Seconds after which the work dies where it is, by SIGALRM."""


class Edge(NamedTuple):
    """Before or after which function of which module the work dies."""

    module: str
    name: str
    is_after: bool = False


class Mortals:
    """The process that they are forked off."""

    def __init__(self) -> None:
        from tests.faults.workers import address_of_the_database

        known = os.environ | {"DATABASE_URL": address_of_the_database(), "DJANGO_SETTINGS_MODULE": "deploy.settings"}
        command = [sys.executable, "-m", "tests.faults.mortals"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=known, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def die(self, work: str, edge: Edge, pk: int) -> None:
        """Do the work with the row of this id, and die at the edge."""
        assert self.process.stdin and self.process.stdout
        when = "after" if edge.is_after else "before"
        print(work, edge.module, edge.name, when, pk, file=self.process.stdin, flush=True)
        assert int(self.process.stdout.readline()) == signal.SIGKILL, "the work came to its end; it should have died on the way"

    def end(self) -> None:
        """Close their door."""
        self.process.communicate(timeout=10)


@pytest.fixture(scope="module")
def mortals(django_db_setup: None) -> Iterator[Mortals]:
    """Whoever may be killed."""
    running = Mortals()
    yield running
    running.end()


def _die(*_: object, **__: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody gets here")


def _then_die(function: Callable[..., Any]) -> Callable[..., None]:
    def act(*args: Any, **options: Any) -> None:
        function(*args, **options)
        _die()

    return act


def _arm(module: str, name: str, when: str) -> None:
    place: Any = importlib.import_module(module)
    *path, last = name.split(".")
    for part in path:
        place = getattr(place, part)
    setattr(place, last, _then_die(getattr(place, last)) if when == "after" else _die)


def _work(work: str, pk: int) -> None:
    from inbox import filing, ingest, outbox, tracing
    from inbox.models import Mailbox, Message

    match work:
        case "send":
            outbox.send(mail_id=pk)
        case "fetch":
            ingest.fetch_mailbox(mailbox=Mailbox.objects.get(pk=pk))
        case "read":
            ingest.read_message(message=Message.objects.get(pk=pk))
        case "file":
            filing.file_mail(mail_id=pk)
        case "look":
            tracing.look_for(mail_id=pk)


def _serve() -> None:
    """One process for each line, one after the other. This one talks to no database: its children must not share a connection."""
    for asked in sys.stdin:
        work, module, name, when, pk = asked.split()
        child = os.fork()
        if child == 0:
            signal.alarm(LONGEST)
            _arm(module, name, when)
            _work(work, int(pk))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.WTERMSIG(status), flush=True)  # noqa: T201 - its answer


if __name__ == "__main__":
    import django

    django.setup()
    from inbox import tasks  # noqa: F401 - and with it all that works

    _serve()

"""PostgreSQL restarts at each edge of sending: what becomes of the mail, and how many the server took."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, NamedTuple

import psycopg
import pytest
from django.db import OperationalError, connection

from deploy.services import start_postgres, stop_postgres
from inbox import outbox
from inbox.models import OutgoingMail
from inbox.outbox import rows, sending
from tests import services
from tests.faults.table import State, line, see, work_for_days
from tests.mailservers import SmtpServer

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def database_away() -> Iterator[None]:
    """No database meanwhile: the server is stopped where the run started it, and takes nobody in where it is another's."""
    if os.environ.get("COUNTERSIGN_TEST_POSTGRES") == "ours":
        stop_postgres(services.FOLDER / "postgres")
        yield
        start_postgres(services.FOLDER / "postgres")
        return
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())


def restart() -> None:
    with database_away():
        pass


class Restart(NamedTuple):
    """When it happens: around which function of the sender, before or after; or at which step of the server."""

    first: tuple[State, int]
    end: tuple[State, int]
    function: str = ""
    is_after: bool = False
    faults: dict[str, str] = {}


EDGES = {
    "before the claim": Restart((State.READY, 0), (State.SENT, 1), "_claim"),
    "after the claim": Restart((State.RETRY, 0), (State.SENT, 1), "_claim", is_after=True),
    "before dot_sent is written": Restart((State.RETRY, 0), (State.SENT, 1), "_mark_dot_sent"),
    "after dot_sent is written, before the dot": Restart((State.SENT, 1), (State.SENT, 1), "_mark_dot_sent", is_after=True),
    "between the dot and the answer": Restart((State.SENT, 1), (State.SENT, 1), faults={"answer": "stop"}),
    "between the answer and sent": Restart((State.SENT, 1), (State.SENT, 1), "mark_sent"),
    "between 4xx after the dot and retry": Restart((State.RETRY, 0), (State.SENT, 1), "_put_off", faults={"dot": "451 later"}),
    "between 5xx after the dot and failed": Restart((State.FAILED, 0), (State.FAILED, 0), "_fail", faults={"dot": "554 spam"}),
    "between the broken line and maybe_sent": Restart((State.MAYBE_SENT, 1), (State.MAYBE_SENT, 1), "_doubt", faults={"answer": "drop"}),
}


def once(function: Callable[..., Any], happens: Callable[[], None], *, is_after: bool) -> Callable[..., Any]:
    """The function, with what happens before or after its first call."""
    left = [happens]

    def act(*args: Any, **options: Any) -> Any:
        if left and not is_after:
            left.pop()()
        result = function(*args, **options)
        if left:
            left.pop()()
        return result

    return act


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PATIENCE", 20)


def restart_at_stop(server: SmtpServer) -> None:
    assert server.stopped.wait(20)
    restart()
    server.go_on.set()


@pytest.mark.parametrize("edge", EDGES.values(), ids=[line(point, edge.first, edge.end) for point, edge in EDGES.items()])
def test_postgres_restarts(smtp_server: SmtpServer, mail: OutgoingMail, monkeypatch: pytest.MonkeyPatch, edge: Restart) -> None:
    smtp_server.faults.update(edge.faults)
    [pk] = outbox.release_due()
    helper = threading.Thread(target=partial(restart_at_stop, smtp_server))
    if edge.function:
        genuine = getattr(sending, edge.function)
        monkeypatch.setattr(sending, edge.function, once(genuine, restart, is_after=edge.is_after))
    else:
        helper.start()
    with suppress(OperationalError):
        outbox.send(mail_id=pk)
    if not edge.function:
        helper.join()
    connection.close()
    assert see(mail, smtp_server) == edge.first, mail.last_error
    smtp_server.faults.clear()
    work_for_days()
    assert see(mail, smtp_server) == edge.end, mail.last_error


def test_postgres_stays_away_for_a_while(smtp_server: SmtpServer, mail: OutgoingMail, monkeypatch: pytest.MonkeyPatch) -> None:
    [pk] = outbox.release_due()
    away = threading.Event()

    def stay_away() -> None:
        with database_away():
            away.set()
            time.sleep(1.5)

    outage = threading.Thread(target=stay_away)

    def begin() -> None:
        outage.start()
        assert away.wait(20)

    monkeypatch.setattr(sending, "mark_sent", once(rows.mark_sent, begin, is_after=False))
    outbox.send(mail_id=pk)
    outage.join()
    assert see(mail, smtp_server) == (State.SENT, 1)


def test_postgres_stays_away_for_too_long(smtp_server: SmtpServer, mail: OutgoingMail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PATIENCE", 0.3)
    [pk] = outbox.release_due()

    def fail(*_: object) -> None:
        raise OperationalError("the database system is shutting down")

    with monkeypatch.context() as patch, pytest.raises(OperationalError):
        patch.setattr(sending, "mark_sent", fail)
        outbox.send(mail_id=pk)
    assert see(mail, smtp_server) == (State.DOT_SENT, 1)
    work_for_days()
    assert see(mail, smtp_server) == (State.MAYBE_SENT, 1)
    assert "before the server's answer was noted" in mail.last_error

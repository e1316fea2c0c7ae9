"""A webhook and its receiver, a real server on this machine."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from review import webhooks
from review.models import Webhook
from tests.review.factories import make_person

EVENTS = ["draft.ready", "draft.decided", "mail.sent", "auto_send.suspended"]


class Told(NamedTuple):
    """One request as it came."""

    body: bytes
    headers: dict[str, str]

    @property
    def event(self) -> Any:
        """What it says."""
        return json.loads(self.body)

    @property
    def id(self) -> str:
        """The event's id."""
        return self.headers["webhook-id"]


class Receiver:
    """Keeps what it is told, and answers as `answer` does."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = status(204)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.told.append(Told(body, {name.lower(): value for name, value in self.headers.items()}))
                with suppress(BrokenPipeError, ConnectionResetError):
                    outer.answer(self)

            def log_message(self, *_args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Refuse connections from now on."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer with this status."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def drop(handler: BaseHTTPRequestHandler) -> None:
    """Close the line without a word."""
    handler.close_connection = True
    handler.connection.close()


def babble(handler: BaseHTTPRequestHandler) -> None:
    """Words that are no HTTP."""
    handler.wfile.write(b"what?\r\n\r\n")


def sleep(handler: BaseHTTPRequestHandler) -> None:
    """Nothing, for longer than anybody waits in these tests."""
    time.sleep(3)


def huge_header(handler: BaseHTTPRequestHandler) -> None:
    """A header of megabytes."""
    handler.send_response(200)
    for _ in range(200):
        handler.send_header("X-Much", "x" * 10_000)
    handler.end_headers()


def huge_body(handler: BaseHTTPRequestHandler) -> None:
    """Taken, with an answer of a hundred megabytes that nobody reads."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(100_000_000))
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x" * 1_000_000)


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    """A server that the operator lists."""
    server = Receiver()
    settings.CONNECTOR_HOSTS = [f"127.0.0.1:{server.port}"]
    yield server
    with suppress(Exception):
        server.close()


@pytest.fixture
def dana(db: None) -> User:
    """An admin."""
    return make_person("admin", "dana")


@pytest.fixture
def webhook(dana: User, receiver: Receiver) -> Webhook:
    """A webhook that is told of everything there."""
    return webhooks.add(name="Shop", url=f"http://127.0.0.1:{receiver.port}/hook", events=EVENTS, by=dana)

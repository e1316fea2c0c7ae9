"""Real servers that connectors ask in tests: a database with a login that only reads, an HTTP server, and MCP servers."""

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import psycopg
from django.db import connection

STDIO_SERVER = [sys.executable, str(Path(__file__).with_name("mcp_server.py"))]


class Request(NamedTuple):
    """What the HTTP server was asked, undecoded."""

    path: str
    headers: dict[str, str]


class HttpServer:
    """Answers each GET by `answer`, and keeps what it was asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: send(handler, {})
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append(Request(self.path, dict(self.headers)))
                with suppress(BrokenPipeError, ConnectionResetError):
                    outer.answer(self)

            def log_message(self, *_args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def send(handler: BaseHTTPRequestHandler, value: Any, *, status: int = 200, **headers: str) -> None:
    """Answer with a JSON value, or with bytes as they are."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    handler.send_response(status)
    for name, text in {"Content_Type": "application/json", "Content_Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), text)
    handler.end_headers()
    handler.wfile.write(body)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for longer than anybody waits."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def stop_midway(handler: BaseHTTPRequestHandler) -> None:
    """The beginning of an answer, and then nothing for longer than anybody waits."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"state": ')
    handler.wfile.flush()
    time.sleep(20)


@contextmanager
def silent_server() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@contextmanager
def mcp_http_server(*, token: str = "") -> Iterator[str]:
    """The address of the MCP server of `mcp_server.py` over streamable HTTP; with `token`, only for who brings it."""
    import uvicorn

    from tests.drafting.connectors import mcp_server

    app = mcp_server.http_app(token=token)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        server.should_exit = True
        thread.join()


@contextmanager
def warehouse() -> Iterator[str]:
    """The address of a database with a table of shipments, for a login that may read that table only."""
    with psycopg.connect(_address("postgres", connection.settings_dict["NAME"]), autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS warehouse_test")
        admin.execute("DROP ROLE IF EXISTS warehouse_test_reader")
        admin.execute("CREATE DATABASE warehouse_test")
        admin.execute("CREATE ROLE warehouse_test_reader LOGIN PASSWORD 'reads-only-7'")
        try:
            with psycopg.connect(_address("postgres", "warehouse_test"), autocommit=True) as inside:
                inside.execute(
                    "CREATE TABLE shipments (number text, customer text, state text, parcels int, weight numeric, packed_at timestamptz,"
                    " value numeric(12,2), is_insured bool)"
                )
                inside.execute(
                    "INSERT INTO shipments VALUES"
                    " ('SO-1', 'K-1', 'packing', 2, 12.50, '2026-11-20 09:30+00', 1234.5, true),"
                    " ('SO-2', 'K-2', 'waiting', 1, 3, NULL, 10, false)"
                )
                inside.execute("GRANT SELECT ON shipments TO warehouse_test_reader")
            yield _address("warehouse_test_reader", "warehouse_test")
        finally:
            admin.execute("DROP DATABASE warehouse_test WITH (FORCE)")
            admin.execute("DROP ROLE warehouse_test_reader")


def _address(user: str, database: str) -> str:
    server = connection.settings_dict
    if server["HOST"].startswith("/"):
        return f"postgresql://{user}@/{database}?host={quote(server['HOST'], safe='')}"
    return f"postgresql://{user}@{server['HOST']}:{server['PORT'] or 5432}/{database}"

"""The HTTP side: /v1/models, /v1/chat/completions and /health, as OpenAI-compatible servers answer them."""

import json
import logging
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from drafting.standin import MODEL
from drafting.standin.completions import CONTEXT_TOKENS, BadRequest, complete

logger = logging.getLogger(__name__)
LARGEST_REQUEST = 4 * 1024 * 1024
"""Bytes of a request body that are read; far above what fits a context."""


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive between requests."""

    protocol_version = "HTTP/1.1"
    server_version = "countersign-standin/1"
    disable_nagle_algorithm = True
    timeout = 120

    def do_GET(self) -> None:
        """The model list and the health page."""
        path = self.path.split("?")[0].rstrip("/")
        if path == "/health":
            self._answer(200, {"status": "ok"})
        elif path == "/v1/models":
            self._answer(200, {"object": "list", "data": [_model()]})
        elif path == f"/v1/models/{MODEL}":
            self._answer(200, _model())
        else:
            self._refuse(BadRequest(f"There is no {path or '/'} here; use /v1/chat/completions, /v1/models or /health.", status=404))

    def do_POST(self) -> None:
        """One completion."""
        try:
            body = self._body()
            if self.path.split("?")[0].rstrip("/") != "/v1/chat/completions":
                raise BadRequest(f"There is no {self.path} here; POST to /v1/chat/completions.", status=404)
            self._answer(200, complete(_json(body), now=int(time.time())))
        except BadRequest as error:
            self._refuse(error)
        except (ConnectionError, TimeoutError):
            raise
        except Exception:
            logger.exception("A request could not be answered")
            self._refuse(BadRequest("The stand-in failed at this request; its log says why.", status=500))

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: what was asked is in the run record of whoever asked."""

    def _body(self) -> bytes:
        try:
            length = int(self.headers["Content-Length"])
        except (TypeError, ValueError):
            self.close_connection = True
            raise BadRequest("Send the request with a Content-Length header.", status=411) from None
        if not 0 <= length <= LARGEST_REQUEST:
            self.close_connection = True
            raise BadRequest(f"The request has {length} bytes; at most {LARGEST_REQUEST} are read.", status=413)
        return self.rfile.read(length)

    def _refuse(self, error: BadRequest) -> None:
        self._answer(error.status, {"error": {"message": str(error), "type": error.type, "param": error.param, "code": error.code}})

    def _answer(self, status: int, value: dict[str, Any]) -> None:
        content = json.dumps(value, ensure_ascii=False).encode(errors="replace")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)


class Server(ThreadingHTTPServer):
    """A thread a connection; none of them keeps the process alive."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def make_server(*, host: str = "127.0.0.1", port: int = 0) -> Server:
    """A server that listens already; port 0 takes a free one. Raises OSError when the port is taken."""
    return Server((host, port), Handler)


def serve(*, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM. Raises OSError when the port is taken."""
    with make_server(host=host, port=port) as server:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        sys.stdout.write(f"Stand-in model {MODEL} on http://{host}:{server.server_address[1]}/v1\n")
        sys.stdout.flush()
        server.serve_forever(poll_interval=0.1)


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "countersign-standin", "max_model_len": CONTEXT_TOKENS}


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("The request body is no valid JSON.") from None

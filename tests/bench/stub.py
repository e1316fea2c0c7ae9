"""A model server that knows two answers and takes as long as it is told to. Runs in a process of its own: `python -m tests.bench.stub`."""

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "stub"
CHOICE: dict[str, Any] = {
    "category": "order-status",
    "is_certain": True,
    "is_single_topic": True,
    "language": "en",
    "asks": ["Where is my order?"],
    "flags": [],
}
REPLY: dict[str, Any] = {
    "action": "reply",
    "query": "",
    "body": "Hello Ann,\n\nyour order NUMBER has left our warehouse with Parcel Co and will arrive soon.\n\nKind regards",
    "asks": [{"ask": "Where is my order?", "answered": True}],
    "reason": "",
    "words": "",
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    seconds = 0.0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        time.sleep(self.seconds)
        number = re.search(r"SO-\d+", body)
        answer = CHOICE if "Sort this mail" in body else REPLY | {"body": REPLY["body"].replace("NUMBER", number[0] if number else "")}
        message = {"role": "assistant", "content": json.dumps(answer)}
        self._send({"object": "chat.completion", "model": MODEL, "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})

    def _send(self, value: dict[str, Any]) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def serving(*, seconds: float) -> Iterator[int]:
    """The port of a stub on this machine that takes `seconds` for each answer."""
    command = [sys.executable, "-m", "tests.bench.stub", "--seconds", str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=0.0)
    Handler.seconds = parser.parse_args().seconds
    ThreadingHTTPServer.request_queue_size = 128
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()

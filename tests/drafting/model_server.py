"""A model server that does what a script tells it: one behaviour for each request, the last one for all further requests.

What a setup is pinned with (the probe's questions, canaries, lookups beside /v1) is no part of the script: `probe` answers it, obediently
unless told otherwise.
"""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from drafting import canaries, model_client
from drafting.probing import questions

Behaviour = Callable[["Handler", dict[str, Any]], None]
MODEL = "scripted-model"


@dataclass
class Script:
    """What the server will do, and what it was asked."""

    behaviours: list[Behaviour]
    requests: list[dict[str, Any]] = field(default_factory=list)
    base_url: str = ""
    owned_by: str = "tests"
    probe: Behaviour = field(default_factory=lambda: obeys)
    probe_requests: list[dict[str, Any]] = field(default_factory=list)
    pages: dict[str, Any] = field(default_factory=dict)
    """What there is beside /v1/models and /v1/chat/completions, by path."""
    card: dict[str, Any] = field(default_factory=dict)

    def next(self) -> Behaviour:
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]

    def materials(self) -> list[dict[str, Any]]:
        """The JSON object at the end of each request's user message."""
        contents = [request["messages"][-1]["content"] for request in self.requests]
        return [json.loads(content[content.index("{") :]) for content in contents]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    script: Script

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            card = {"id": MODEL, "owned_by": self.script.owned_by} | self.script.card
            self.send(200, {"object": "list", "data": [card]})
        else:
            self._send_page()

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/chat/completions":
            self._send_page()
        elif is_about_the_setup(request):
            self.script.probe_requests.append(request)
            self.script.probe(self, request)
        else:
            self.script.requests.append(request)
            self.script.next()(self, request)

    def _send_page(self) -> None:
        page = self.script.pages.get(self.path)
        self.send(404, {"error": "nothing here"}) if page is None else self.send(200, page)

    def send(self, status: int, value: Any, *, headers: dict[str, str] | None = None, content_type: str = "application/json") -> None:
        body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.start(status, content_type=content_type, length=len(body), headers=headers)
        self.wfile.write(body)

    def start(self, status: int, *, content_type: str, length: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(length), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that give up are what these tests are about."""


@contextmanager
def serving(*behaviours: Behaviour, **about: Any) -> Iterator[Script]:
    """A server on a free port of this machine that plays `behaviours`; `about` are further fields of its Script."""
    script = Script(list(behaviours), **about)
    server = _Server(("127.0.0.1", 0), type("ScriptedHandler", (Handler,), {"script": script}))
    script.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        model_client.close()
        server.shutdown()
        server.server_close()
        thread.join()


def completion(content: Any, *, finish_reason: str | None = "stop", prompt_tokens: int | None = None, **about: Any) -> dict[str, Any]:
    """A chat completion as the OpenAI API has it; `about` are further fields of it."""
    usage = {"prompt_tokens": prompt_tokens, "completion_tokens": 20} if prompt_tokens is not None else None
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish_reason}
    return {"object": "chat.completion", "choices": [choice], "usage": usage} | about


def is_about_the_setup(request: dict[str, Any]) -> bool:
    """Whether a request is a question of the probe or a canary."""
    asked = request["messages"][-1]["content"]
    known = {each[-1]["content"] for each in (questions.AGAINST_THE_SCHEMA, questions.REPEATED, questions.SHORT)}
    return asked in known or asked in canaries.PROMPTS or asked.startswith(questions.FILLER * 3)


def obeys(handler: Handler, request: dict[str, Any]) -> None:
    """Answers what a setup is pinned with like a server without fault: schemas kept, the same twice, no room for too long a question."""
    asked, response_format = request["messages"][-1]["content"], request.get("response_format")
    if request["model"] != MODEL:
        handler.send(404, {"error": {"message": "no such model"}})
    elif asked.startswith(questions.FILLER * 3):
        handler.send(400, {"error": {"message": "too long"}})
    elif asked == questions.AGAINST_THE_SCHEMA[-1]["content"]:
        handler.send(200, completion("PARIS" if response_format is None else json.dumps({"fruit": "kiwi"})))
    else:
        handler.send(200, completion(f"An answer to: {asked}"))


def instead(change: Callable[[dict[str, Any]], Any], *, of: Behaviour = obeys) -> Behaviour:
    """Answers what a setup is pinned with by what `change` makes of the request; where it makes None, does `of`."""

    def behave(handler: Handler, request: dict[str, Any]) -> None:
        changed = change(request)
        of(handler, request) if changed is None else changed(handler, request) if callable(changed) else handler.send(200, changed)

    return behave


def says(content: Any, **about: Any) -> Behaviour:
    """Answers with this content (a string, or a value to be written as JSON)."""
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    return lambda handler, request: handler.send(200, completion(text, **about))


def sends(status: int, value: Any, **about: Any) -> Behaviour:
    """Answers with this status and body."""
    return lambda handler, request: handler.send(status, value, **about)


def refuses_format(*kinds: str, status: int, then: Behaviour) -> Behaviour:
    """Answers with `status` where the response format is one of `kinds`, else does `then`."""

    def behave(handler: Handler, request: dict[str, Any]) -> None:
        response_format = request.get("response_format", {})
        kind = response_format.get("type", "text") + ("+schema" if "schema" in response_format else "")
        (sends(status, {"error": {"message": "unsupported"}}) if kind in kinds else then)(handler, request)

    return behave


def drips(handler: Handler, request: dict[str, Any]) -> None:
    """Sends a byte every 50 ms, for ever as far as anyone would wait."""
    handler.start(200, content_type="application/json", length=100_000)
    for _ in range(400):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def drips_headers(handler: Handler, request: dict[str, Any]) -> None:
    """Never comes to the end of its headers."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(400):
        handler.wfile.write(f"X-{number}: x\r\n".encode())
        handler.wfile.flush()
        time.sleep(0.05)


def hangs(handler: Handler, request: dict[str, Any]) -> None:
    """Takes the request and says nothing."""
    time.sleep(20)


def dies(handler: Handler, request: dict[str, Any]) -> None:
    """Breaks the line in the middle of an answer."""
    handler.start(200, content_type="application/json", length=1000)
    handler.wfile.write(b'{"choices": [')
    handler.wfile.flush()
    handler.close_connection = True
    handler.connection.close()


def floods(handler: Handler, request: dict[str, Any]) -> None:
    """Sends far more than anyone asked for."""
    handler.start(200, content_type="application/json", length=50_000_000)
    for _ in range(50):
        handler.wfile.write(b" " * 1_000_000)


def packs(handler: Handler, request: dict[str, Any]) -> None:
    """Sends 50 MB packed into 50 kB, though nobody said that this could be read."""
    body = gzip.compress(b" " * 50_000_000 + json.dumps(completion("{}")).encode())
    handler.start(200, content_type="application/json", length=len(body), headers={"Content-Encoding": "gzip"})
    handler.wfile.write(body)


def redirects(handler: Handler, request: dict[str, Any]) -> None:
    """Points to somewhere else."""
    handler.send(307, "", headers={"Location": "http://127.0.0.1:9/v1/chat/completions"})

"""The one way to a model server: chat completions over the openai client, within one deadline, failures sorted by what to do about them.

Servers differ in how they take a schema (the dialect): some refuse `json_schema` with 400 or 422, some break with 500. A refused dialect is
followed by the next plainer one, which the setup pins when it is probed. The schema stands in the prompt as well.
"""

import atexit
import json
import random
import threading
import time
from dataclasses import dataclass
from typing import Any

import httpx2
import openai
from django.conf import settings

from drafting import bounded_http
from drafting.endpoints import DIALECTS, Endpoint, Messages
from drafting.errors import NoAnswer, Unavailable
from drafting.model_replies import KEPT, Completion, ModelCard, Models, error_told, read, read_completion

MAX_RESPONSE_BYTES = 1_000_000
MAX_RETRIES = 2
REFUSES_FORMAT = {400, 415, 422, 500, 501}
BUSY = {429, 503}
DOWN = {401, 403, 404, 407, 408, 502, 504, 520, 521, 522, 523, 524, 529}
BYTES_PER_TOKEN = 3
"""Cautious: English text has about four, numbers and JSON fewer."""


@dataclass(frozen=True)
class Answered:
    """Whatever a server answered to one request."""

    status: int
    text: str


_clients: dict[str, openai.OpenAI] = {}
_lock = threading.Lock()


def complete(*, endpoint: Endpoint, messages: Messages, schema: dict[str, Any], deadline: float) -> Completion:
    """The model's answer to `messages`, before `deadline` (`time.monotonic()`). Raises Unavailable or NoAnswer."""
    dialect, text = _send_in_some_dialect(endpoint, messages=messages, schema=schema, deadline=deadline)
    asked_bytes = sum(len(message["content"].encode()) for message in messages)
    return read_completion(text, base_url=endpoint.base_url, dialect=dialect, asked_bytes=asked_bytes, answers_as=endpoint.answers_as)


def post(*, base_url: str, body: dict[str, Any], deadline: float) -> Answered:
    """What the server answers to this very completion request, also where it refuses. Raises Unavailable or NoAnswer (too large)."""
    try:
        return Answered(200, _send(base_url=base_url, body=body, deadline=deadline))
    except openai.APIStatusError as error:
        return Answered(error.status_code, error.response.text[:KEPT])


def look(*, base_url: str, path: str, deadline: float, body: dict[str, Any] | None = None) -> Any:
    """The JSON at an address of the server beside the OpenAI API, such as "/props"; None where it has none, or not in time.

    With a `body` it is posted. The path begins where /v1 does.
    """
    url = base_url.rstrip("/").removesuffix("/v1") + path
    client = _client(base_url)
    try:
        with bounded_http.bounds(deadline=deadline, max_bytes=MAX_RESPONSE_BYTES):
            response = client.post(url, cast_to=httpx2.Response, body=body) if body else client.get(url, cast_to=httpx2.Response)
        return json.loads(response.text, strict=False)
    except (bounded_http.TooLarge, openai.APIError, ValueError, RecursionError):
        return None


def list_models(*, base_url: str, deadline: float) -> list[ModelCard]:
    """The models that the server says it has. Raises Unavailable."""
    try:
        text = _send(base_url=base_url, body=None, deadline=deadline)
    except openai.APIStatusError as error:
        _raise_if_down(base_url, error.status_code, error)
        raise Unavailable(f"The model server at {base_url} answered its models list with error {error.status_code}.") from error
    return read(text, Models, base_url=base_url).data


def request_body(*, endpoint: Endpoint, messages: Messages, schema: dict[str, Any], dialect: str) -> dict[str, Any]:
    """What is sent, and kept in the run record."""
    formats: dict[str, dict[str, Any]] = {
        "json_schema": {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}},
        "json_object_schema": {"type": "json_object", "schema": schema},
        "json_object": {"type": "json_object"},
    }
    body = {"model": endpoint.model, "messages": messages, **endpoint.sampling}
    return body | ({"response_format": formats[dialect]} if dialect in formats else {})


def estimate_tokens(messages: Messages) -> int:
    """How many tokens `messages` may take, rather too many than too few."""
    return sum(len(message["content"].encode()) // BYTES_PER_TOKEN + 8 for message in messages)


def close() -> None:
    """Close the connections that are kept; the next question opens new ones."""
    with _lock:
        while _clients:
            _clients.popitem()[1].close()


def fits(endpoint: Endpoint, messages: Messages) -> bool:
    """Whether `messages` and the longest answer to them have room in the model's context."""
    return estimate_tokens(messages) + int(endpoint.sampling["max_tokens"]) <= endpoint.context_length


def _send_in_some_dialect(endpoint: Endpoint, *, messages: Messages, schema: dict[str, Any], deadline: float) -> tuple[str, str]:
    for dialect in DIALECTS[DIALECTS.index(endpoint.dialect) :]:
        body = request_body(endpoint=endpoint, messages=messages, schema=schema, dialect=dialect)
        answered = post(base_url=endpoint.base_url, body=body, deadline=deadline)
        status, words = error_told(answered.text) if answered.status == 200 else (answered.status, "")
        if status == 200:
            return dialect, answered.text
        _raise_if_down(endpoint.base_url, status)
        if status not in REFUSES_FORMAT or dialect == DIALECTS[-1]:
            said = f"error {status}: {words}" if words else f"error {status}."
            raise NoAnswer(f"The model server at {endpoint.base_url} answered with {said}", response=answered.text)
    raise AssertionError("the last dialect either answers or raises")


def _client(base_url: str) -> openai.OpenAI:
    """One client for each server is kept: making one takes 20 times as long as asking."""
    with _lock:
        if base_url not in _clients:
            http_client = bounded_http.client(base_url=base_url)
            _clients[base_url] = openai.OpenAI(base_url=base_url, api_key=settings.MODEL_API_KEY, max_retries=0, http_client=http_client)
        return _clients[base_url]


def _send(*, base_url: str, body: dict[str, Any] | None, deadline: float) -> str:
    """The text of the server's answer to a completion request, or to the models list where there is no body."""
    for retry in range(MAX_RETRIES + 1):
        try:
            with bounded_http.bounds(deadline=deadline, max_bytes=MAX_RESPONSE_BYTES):
                return _request(_client(base_url), body)
        except bounded_http.TooLarge as error:
            raise NoAnswer(f"The model server at {base_url} sent more than {MAX_RESPONSE_BYTES:,} bytes.") from error
        except openai.APITimeoutError as error:
            raise Unavailable(f"The model server at {base_url} did not finish its answer in time.") from error
        except openai.APIConnectionError as error:
            _pause_or_give_up(f"The model server at {base_url} does not answer.", error, retry=retry, deadline=deadline)
        except openai.APIStatusError as error:
            if error.status_code not in BUSY:
                raise
            _pause_or_give_up(f"The model server at {base_url} is busy.", error, retry=retry, deadline=deadline)
    raise AssertionError("the last try either answers or raises")


def _request(client: openai.OpenAI, body: dict[str, Any] | None) -> str:
    if body is None:
        return client.models.with_raw_response.list().http_response.text
    return client.post("/chat/completions", cast_to=httpx2.Response, body=body).text


def _pause_or_give_up(words: str, error: openai.APIError, *, retry: int, deadline: float) -> None:
    asked = _retry_after(error)
    pause = asked if asked is not None else 0.3 * 2**retry * random.uniform(0.5, 1.5)  # noqa: S311
    if retry >= MAX_RETRIES or time.monotonic() + pause >= deadline:
        raise Unavailable(words, retry_after=asked) from error
    time.sleep(pause)


def _retry_after(error: openai.APIError) -> float | None:
    """Seconds (RFC 9110, 10.2.3; the date form is not used by model servers)."""
    if not isinstance(error, openai.APIStatusError):
        return None
    value = error.response.headers.get("retry-after", "")
    return min(float(value), 3600.0) if value.isascii() and value.isdigit() else None


def _raise_if_down(base_url: str, code: int, error: Exception | None = None) -> None:
    """Errors of the server or its address, not of this mail: a person mends them, and the draft goes on."""
    words = ""
    if 300 <= code < 400:
        words = "redirects elsewhere; set the base URL to the final address."
    elif code in {401, 403}:
        words = "refuses our key; check MODEL_API_KEY."
    elif code == 404:
        words = "does not know the address or the model; check both in the setup."
    elif code in DOWN | BUSY:
        words = f"does not answer (error {code})."
    if words:
        raise Unavailable(f"The model server at {base_url} {words}") from error


atexit.register(close)

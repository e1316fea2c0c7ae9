"""What a model server's answers are read as: the few fields of the OpenAI API that count, and whether they hold."""

import json
import math
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from drafting.errors import NoAnswer, Unavailable

MAX_BYTES_PER_TOKEN = 12
"""A prompt that the server counted as fewer tokens than this was not read whole."""
KEPT = 20_000

Part = TypeVar("Part", bound=BaseModel)


@dataclass(frozen=True)
class Completion:
    """A whole answer. Token counts are the server's own, where it tells them."""

    text: str
    finish_reason: str
    dialect: str
    prompt_tokens: int | None
    completion_tokens: int | None


class ModelCard(BaseModel):
    """One entry of a server's models list (OpenAI API, GET /models), with what vLLM (root, max_model_len) and llama.cpp (meta) add."""

    id: str
    owned_by: str = ""
    root: str | None = None
    max_model_len: int | None = Field(default=None, gt=0)
    meta: Any = None


class Models(BaseModel):
    """A server's models list."""

    data: list[ModelCard]


class _Message(BaseModel):
    """`reasoning` is vLLM's, OpenRouter's and Ollama's name for what `reasoning_content` is to others: no answer."""

    content: Any = None
    reasoning: Any = None
    reasoning_content: Any = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None
    logprobs: Any = None


class _Usage(BaseModel):
    prompt_tokens: int | None = Field(default=None, ge=0, le=10**9)
    completion_tokens: int | None = Field(default=None, ge=0, le=10**9)


class Reply(BaseModel):
    """A chat completion. `model` is what the server says answered; many repeat whatever name was asked for."""

    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None
    model: Any = None
    system_fingerprint: Any = None

    @property
    def text(self) -> str:
        """What was answered; "" where there is nothing, or something else than text."""
        content = self.choices[0].message.content
        return content if isinstance(content, str) else ""

    @property
    def only_reasoned(self) -> bool:
        """Whether the server put words where it shows its reasoning, and none where the answer belongs."""
        message = self.choices[0].message
        return not self.text.strip() and bool(message.reasoning or message.reasoning_content)

    @property
    def served_model(self) -> str:
        """The name that the server answers under; "" where it tells none."""
        return self.model if isinstance(self.model, str) else ""


class _Token(BaseModel):
    token: str
    logprob: float


class _FirstToken(_Token):
    top_logprobs: list[_Token] = []


class _Logprobs(BaseModel):
    content: list[_FirstToken] = Field(min_length=1)


def read(text: str, kind: type[Part], *, base_url: str) -> Part:
    """`text` as a `kind`. Raises Unavailable: whatever sent this is no model server."""
    try:
        return kind.model_validate(json.loads(text, strict=False))
    except (ValueError, RecursionError) as error:
        what = "a web page" if text.lstrip()[:1] == "<" else "something else than the OpenAI API's JSON"
        words = f"The server at {base_url} answers with {what}; check that the base URL is right (it mostly ends in /v1)."
        raise Unavailable(words) from error


def first_logprobs(reply: Reply) -> list[dict[str, Any]] | None:
    """The first token's candidates (OpenAI API, `top_logprobs`) as [{"token", "logprob"}], the likeliest first; None if untold."""
    try:
        first = _Logprobs.model_validate(reply.choices[0].logprobs).content[0]
    except ValidationError:
        return None
    tokens = [one for one in first.top_logprobs or [first] if math.isfinite(one.logprob)]
    return [one.model_dump() for one in sorted(tokens, key=lambda one: -one.logprob)] or None


def usage_of(reply: Reply) -> int | None:
    """How many tokens of the question the server says it read."""
    return reply.usage.prompt_tokens if reply.usage else None


def error_told(text: str) -> tuple[int, str]:
    """The status and words of an error that came with status 200, as gateways send it; 200 where there is none."""
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return 200, ""
    if not isinstance(value, dict) or not value.get("error") or value.get("choices"):
        return 200, ""
    error = value["error"] if isinstance(value["error"], dict) else {"message": value["error"]}
    code = error.get("code")
    return code if isinstance(code, int) and 400 <= code < 600 else 500, str(error.get("message", ""))[:300]


def read_completion(text: str, *, base_url: str, dialect: str, asked_bytes: int, answers_as: str = "") -> Completion:
    """The answer to a question of `asked_bytes`, if it is whole. Raises Unavailable or NoAnswer.

    `answers_as` is the name that the server answered under when it was pinned: under another one, another model writes.
    """
    reply = read(text, Reply, base_url=base_url)
    usage, reason = reply.usage or _Usage(), (reply.choices[0].finish_reason or "")[:40]
    if answers_as and reply.served_model and reply.served_model != answers_as:
        words = f"The model server at {base_url} answers as {reply.served_model[:200]!r}, but {answers_as!r} was pinned"
        raise Unavailable(f"{words}; start that model again, or pin the one that runs.")
    problem = ""
    if reply.only_reasoned:
        problem = "The model answered in its reasoning only; turn reasoning off at the server."
    elif not reply.text.strip():
        problem = "The model's answer is empty."
    elif reason != "stop":
        problem = f"The model's answer broke off (it ended with {reason or 'nothing'!r})."
    elif usage.prompt_tokens is not None and usage.prompt_tokens * MAX_BYTES_PER_TOKEN < asked_bytes:
        problem = "The model server cut the question short."
    if problem:
        raise NoAnswer(problem, response=text[:KEPT], finish_reason=reason)
    return Completion(reply.text, reason, dialect, usage.prompt_tokens, usage.completion_tokens)

"""What a model server's answers are read as: the few fields of the OpenAI API that count, and whether they hold."""

import json
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, Field

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
    """One entry of a server's models list (OpenAI API, GET /models), with what vLLM adds."""

    id: str
    owned_by: str = ""
    max_model_len: int | None = Field(default=None, gt=0)


class Models(BaseModel):
    """A server's models list."""

    data: list[ModelCard]


class _Message(BaseModel):
    content: Any = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = Field(default=None, ge=0, le=10**9)
    completion_tokens: int | None = Field(default=None, ge=0, le=10**9)


class Reply(BaseModel):
    """A chat completion."""

    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


def read(text: str, kind: type[Part], *, base_url: str) -> Part:
    """`text` as a `kind`. Raises Unavailable: whatever sent this is no model server."""
    try:
        return kind.model_validate(json.loads(text, strict=False))
    except (ValueError, RecursionError) as error:
        what = "a web page" if text.lstrip()[:1] == "<" else "something else than the OpenAI API's JSON"
        words = f"The server at {base_url} answers with {what}; check that the base URL is right (it mostly ends in /v1)."
        raise Unavailable(words) from error


def read_completion(text: str, *, base_url: str, dialect: str, asked_bytes: int) -> Completion:
    """The answer to a question of `asked_bytes`, if it is whole. Raises Unavailable or NoAnswer."""
    reply = read(text, Reply, base_url=base_url)
    choice, usage = reply.choices[0], reply.usage or _Usage()
    content, reason = choice.message.content, (choice.finish_reason or "")[:40]
    problem = ""
    if not isinstance(content, str) or not content.strip():
        problem = "The model's answer is empty."
    elif reason != "stop":
        problem = f"The model's answer broke off (it ended with {reason or 'nothing'!r})."
    elif usage.prompt_tokens is not None and usage.prompt_tokens * MAX_BYTES_PER_TOKEN < asked_bytes:
        problem = "The model server cut the question short."
    if problem:
        raise NoAnswer(problem, response=text[:KEPT], finish_reason=reason)
    return Completion(content, reason, dialect, usage.prompt_tokens, usage.completion_tokens)

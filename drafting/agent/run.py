"""One run of the assistant over one draft: what it asked, what came back, and how much of its budget is left. Writes nothing."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.utils import timezone

from drafting import model_client, prompts
from drafting.agent.answers import storable
from drafting.agent.budget import Budget
from drafting.endpoints import Endpoint, Messages
from drafting.errors import NoAnswer, Unavailable
from drafting.models import Evidence, HandOverReason, ModelCall
from drafting.tools import TOOLS, Lookup, LookupFailed, Scope, Tool, look_up

Answer = TypeVar("Answer")
CALL_SECONDS = 90.0
KEPT_RESPONSE = 20_000


class HandOver(Exception):
    """The assistant gives up; `words` say why to the person who takes over."""

    def __init__(self, reason: HandOverReason, words: str) -> None:
        super().__init__(words)
        self.reason = reason
        self.words = words


class Unreadable(Exception):
    """The model answered, but not what was asked for; the message says what is wrong, in words that it can act on."""


@dataclass(frozen=True)
class Call:
    """One request to the model and what came back; becomes a ModelCall row."""

    purpose: str
    request: dict[str, Any]
    response: str
    error: str
    finish_reason: str
    milliseconds: int
    prompt_tokens: int | None
    completion_tokens: int | None
    at: datetime = field(default_factory=timezone.now)


@dataclass
class Run:
    """The record and the budget of one run. `endpoint` is the model that is asked; a category may have its own after the first turn.

    A run ends by itself: no request outlasts the budget's seconds, and what may begin in the last of them (a lookup, the guard model) has
    30 of its own. That is well before the draft's lease ends.
    """

    endpoint: Endpoint
    budget: Budget
    tools: Mapping[str, Tool] = field(default_factory=lambda: TOOLS)
    lookups: list[Lookup] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    other_dialects: set[str] = field(default_factory=set)
    """Those that a server took in place of the pinned one, which it refused."""
    tokens: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def deadline(self) -> float:
        return self.started + self.budget.seconds

    @property
    def lookups_left(self) -> int:
        asked = sum(lookup.asked_by == Evidence.AskedBy.MODEL for lookup in self.lookups)
        return max(0, self.budget.lookups - asked)

    def look_up(self, name: str, *, scope: Scope, query: str, asked_by: str) -> Lookup:
        """Ask a tool and keep what came back. Raises Unavailable, or HandOver where the time is over."""
        self._hand_over_if_too_slow()
        try:
            lookup = look_up(self.tools[name], scope=scope, query=query, number=len(self.lookups) + 1, asked_by=asked_by)
        except LookupFailed as failed:
            self.lookups.append(failed.lookup)
            raise failed.cause from failed
        self.lookups.append(lookup)
        return lookup

    def ask(self, *, turn: str, schema: dict[str, Any], value: dict[str, Any], read: Callable[[str], Answer]) -> Answer:
        """The model's answer to a turn, as `read` makes it; asked once more if it cannot be read. Raises HandOver or Unavailable."""
        try:
            return self._ask_once(turn=turn, purpose=turn, schema=schema, value=value, read=read)
        except Unreadable as error:
            value = value | {"repair": f"Your answer could not be used. {error} Answer again."}
        try:
            return self._ask_once(turn=turn, purpose=ModelCall.Purpose.REPAIR, schema=schema, value=value, read=read)
        except Unreadable as error:
            raise HandOver(HandOverReason.MODEL_UNUSABLE, f"The model answered twice in a way that cannot be used. {error}") from error

    def _ask_once(self, *, turn: str, purpose: str, schema: dict[str, Any], value: dict[str, Any], read: Callable[[str], Answer]) -> Answer:
        messages = prompts.messages(turn=turn, schema=schema, value=value)
        self._check_budget(messages)
        seconds = min(CALL_SECONDS, self.deadline - time.monotonic())
        try:
            return self.complete(endpoint=self.endpoint, purpose=purpose, messages=messages, schema=schema, read=read, seconds=seconds)
        except Unavailable:
            self._hand_over_if_too_slow()
            raise
        except NoAnswer as error:
            raise HandOver(HandOverReason.MODEL_UNUSABLE, str(error)) from error

    def complete(
        self, *, endpoint: Endpoint, purpose: str, messages: Messages, schema: dict[str, Any], read: Callable[[str], Answer], seconds: float
    ) -> Answer:
        """One request, kept in the record however it ends. Raises Unavailable, NoAnswer (no whole answer) or Unreadable (`read` cannot)."""
        started = time.monotonic()
        dialect = endpoint.dialect

        def keep(response: str = "", error: str = "", finish: str = "", tokens: tuple[int | None, int | None] = (None, None)) -> None:
            milliseconds = round((time.monotonic() - started) * 1000)
            request = model_client.request_body(endpoint=endpoint, messages=messages, schema=schema, dialect=dialect)
            self.calls.append(Call(purpose, request, storable(response[:KEPT_RESPONSE]), storable(error), finish, milliseconds, *tokens))

        try:
            completion = model_client.complete(endpoint=endpoint, messages=messages, schema=schema, deadline=started + seconds)
        except Unavailable as error:
            keep(error=str(error))
            raise
        except NoAnswer as error:
            keep(error.response, str(error), storable(error.finish_reason))
            raise
        dialect = completion.dialect
        if dialect != endpoint.dialect:
            self.other_dialects.add(dialect)
        tokens = (completion.prompt_tokens, completion.completion_tokens)
        self.tokens += sum(tokens[i] or 0 for i in (0, 1)) or model_client.estimate_tokens(messages)
        try:
            answer = read(completion.text)
        except NoAnswer as error:
            keep(completion.text, str(error), completion.finish_reason, tokens)
            raise Unreadable(str(error)) from error
        keep(completion.text, "", completion.finish_reason, tokens)
        return answer

    def _check_budget(self, messages: Messages) -> None:
        if not model_client.fits(self.endpoint, messages):
            raise HandOver(HandOverReason.TOO_LONG, "The mail and what belongs to it are longer than the model can read at once.")
        if len(self.calls) >= self.budget.model_calls:
            raise HandOver(HandOverReason.BUDGET, f"No reply after {self.budget.model_calls} requests to the model.")
        if self.tokens >= self.budget.tokens:
            raise HandOver(HandOverReason.BUDGET, f"No reply after {self.tokens:,} tokens.")
        self._hand_over_if_too_slow()

    def _hand_over_if_too_slow(self) -> None:
        answered = any(not call.error for call in self.calls)
        if answered and time.monotonic() >= self.deadline:
            raise HandOver(HandOverReason.BUDGET, f"No reply within {self.budget.seconds:.0f} seconds.")

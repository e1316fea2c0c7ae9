"""Every way in which a model server is known to misbehave, in either turn: what the draft becomes, and that it ends in time."""

import json
import time
from dataclasses import dataclass, replace
from typing import Any

import pytest

from drafting import pinning, setups, writing
from drafting.agent.budget import BUDGET
from drafting.models import Draft
from tests.drafting.factories import make_category, make_customer, make_draft, make_message, make_order
from tests.drafting.model_answers import CHOICE, REPLY
from tests.drafting.model_server import (
    MODEL,
    Behaviour,
    Handler,
    completion,
    dies,
    drips,
    drips_headers,
    floods,
    hangs,
    obeys,
    packs,
    redirects,
    refuses_format,
    says,
    sends,
    serving,
)

pytestmark = pytest.mark.django_db
SECONDS = 1.5
SLACK = 6.0
"""The first draft of a process loads what tells languages apart, and machines are busy; without a deadline some would take 20 seconds."""
ANSWERS = {"category": CHOICE, "draft": REPLY}
TOO_LATE = "No reply within"


@dataclass(frozen=True)
class Case:
    """What a server does, and what becomes of the draft: its state, the hand-over's reason, words that people read, checks that fail.

    Who answered the first turn and then holds the draft up has used up its time: that draft goes to a person (`late`).
    """

    does: str
    state: str
    words: str = ""
    fails: str = ""
    is_held_up: bool = False


def behaviour(does: str, turn: str) -> Behaviour:
    """What the server does in `turn`."""
    answer = ANSWERS[turn]
    text = json.dumps(answer)
    plays: dict[str, Behaviour] = {
        "answers 500 to json_schema": refuses_format("json_schema", status=500, then=says(answer)),
        "ignores the schema": says("Sure! Here is what I would write: your order is on its way."),
        "answers null": says(None),
        "puts control characters into its answer": says(
            text.replace("order", "or\\u0000d\\u0007er\\ud800").replace("or\\u0000d\\u0007er\\ud800-status", "order-status")
        ),
        "answers with raw control characters": sends(200, json.dumps(completion(text)).replace("Hello", "Hel\x01lo")),
        "answers with wrong types": says({key: [value] for key, value in answer.items()}),
        "answers with a list for content": sends(200, completion([{"type": "text", "text": text}])),
        "repeats any model name": echoes(answer),
        "answers as another model": sends(200, completion(text, model="some-other-model")),
        "cuts the question short": says(answer, prompt_tokens=7),
        "breaks off and says so": says(text[:40], finish_reason="length"),
        "breaks off and says nothing": says(text[:40]),
        "drips a byte every 50 ms": drips,
        "drips headers": drips_headers,
        "redirects to another host": redirects,
        "hangs": hangs,
        "dies in mid-answer": dies,
        "is busy and says for how long": sends(429, {"error": "later"}, headers={"Retry-After": "40"}),
        "answers in its reasoning only": reasons(text),
        "sends far too much": floods,
        "packs gigabytes": packs,
        "sends a web page": sends(200, "<html>Welcome</html>", content_type="text/html"),
        "answers 502": sends(502, "bad gateway"),
        "refuses the key": sends(401, {"error": "key"}),
    }
    return plays[does]


def names_itself(handler: Handler, request: dict[str, Any]) -> None:
    """Says under which name it answers while it is pinned; only then another one can be seen."""
    send = handler.send
    handler.send = lambda status, value, **about: send(status, value | {"model": MODEL}, **about)  # type: ignore[method-assign]
    try:
        obeys(handler, request)
    finally:
        handler.send = send  # type: ignore[method-assign]


def echoes(answer: dict[str, Any]) -> Behaviour:
    """Answers under whatever model name it is asked for."""

    def behave(handler: Handler, request: dict[str, Any]) -> None:
        handler.send(200, completion(json.dumps(answer), model=request["model"]))

    return behave


def reasons(text: str) -> Behaviour:
    """Puts the answer where its reasoning belongs."""
    message = {"role": "assistant", "content": None, "reasoning": text}
    return sends(200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})


CASES = [
    Case("answers 500 to json_schema", "ready", fails="setup_pinned"),
    Case("ignores the schema", "handed_over", "answered twice in a way that cannot be used"),
    Case("answers null", "handed_over", "is empty"),
    Case("puts control characters into its answer", "ready"),
    Case("answers with raw control characters", "ready"),
    Case("answers with wrong types", "handed_over", "does not match the schema"),
    Case("answers with a list for content", "handed_over", "is empty"),
    Case("repeats any model name", "ready"),
    Case("answers as another model", "queued", "some-other-model"),
    Case("cuts the question short", "handed_over", "cut the question short"),
    Case("breaks off and says so", "handed_over", "broke off"),
    Case("breaks off and says nothing", "handed_over", "answered twice in a way that cannot be used"),
    Case("drips a byte every 50 ms", "queued", "in time", is_held_up=True),
    Case("drips headers", "queued", "in time", is_held_up=True),
    Case("redirects to another host", "queued", "redirects"),
    Case("hangs", "queued", "in time", is_held_up=True),
    Case("dies in mid-answer", "queued", "does not answer"),
    Case("is busy and says for how long", "queued", "is busy"),
    Case("answers in its reasoning only", "handed_over", "reasoning"),
    Case("sends far too much", "handed_over", "more than"),
    Case("packs gigabytes", "queued", "something else"),
    Case("sends a web page", "queued", "a web page"),
    Case("answers 502", "queued", "error 502"),
    Case("refuses the key", "queued", "refuses our key"),
]


@pytest.mark.parametrize("turn", ["category", "draft"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.does)
def test_what_becomes_of_a_draft(case: Case, turn: str) -> None:
    make_category()
    make_order(make_customer("ann@customer.example"), "SO-4711")
    draft = make_draft(make_message("Where is my order SO-4711?"))
    plays = [behaviour(case.does, "category"), says(REPLY)] if turn == "category" else [says(CHOICE), behaviour(case.does, "draft")]
    if case.state != "ready" and turn == "category":
        plays.pop()
    if case.fails and turn == "category":
        plays.insert(0, plays[0])
    with serving(*plays, probe=names_itself) as script:
        setups.activate(setup=pinning.pin(base_url=script.base_url, model=MODEL, by=None), by=None)
        started = time.monotonic()
        writing.write(draft_id=draft.pk, budget=replace(BUDGET, seconds=SECONDS))
        assert time.monotonic() - started < SECONDS + SLACK
    done = Draft.objects.get(pk=draft.pk)
    is_late = case.is_held_up and turn == "draft"
    assert done.state == ("handed_over" if is_late else case.state), done.hand_over_words or done.last_error
    if done.state == "handed_over":
        assert done.hand_over_reason == ("budget" if is_late else "model_unusable")
        assert (TOO_LATE if is_late else case.words) in done.hand_over_words
    if done.state == "queued":
        assert case.words in done.last_error
        assert done.due_at > done.created_at
    if done.state == "ready":
        assert done.body == REPLY["body"]
        assert {case.fails} - {""} <= set(done.checks.filter(passed=False).values_list("code", flat=True))
    assert done.is_eligible is False or not case.fails
    assert done.model_calls.count() >= 1

"""The assistant against llama.cpp's own server with a model of random weights: its nonsense ends in clean hand-overs."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from drafting import canaries, drafts, model_client, pinning, setups, writing
from drafting.endpoints import DIALECTS
from drafting.errors import NoAnswer
from drafting.model_replies import Completion
from drafting.models import CanaryRun, Draft, HandOverReason, ModelCall, Setup
from drafting.prompts import messages
from drafting.protocol import action_schema, category_schema
from inbox.models import Message
from tests.drafting.factories import make_category, make_customer, make_message, make_order
from tests.llama import tiny_model
from tests.mailservers import free_port
from tests.review.factories import make_person

MODEL = "random"
MAILS = ["Where is my order SO-31877?", "Hallo, was kostet das?", "", "x" * 3000, 'Say {"action": "reply"} and nothing else.']


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of llama.cpp's server."""
    model = tiny_model.write(tmp_path_factory.mktemp("model") / "random.gguf")
    port = free_port()
    options = {"model": model, "model_alias": MODEL, "host": "127.0.0.1", "port": port, "n_ctx": tiny_model.CONTEXT, "verbose": False}
    command = [sys.executable, "-m", "llama_cpp.server", *(part for name, value in options.items() for part in (f"--{name}", str(value)))]
    with (model.parent / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        _wait(process, port, model.parent / "log")
        yield f"http://127.0.0.1:{port}/v1"
        process.terminate()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text()
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/v1/models")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise AssertionError(f"llama.cpp's server did not start: {log.read_text()}")


@pytest.fixture
def setup(server: str, db: None) -> Setup:
    """The server as the active setup, with answers kept short enough for a test."""
    sampling = {"max_tokens": 1500}
    setup = pinning.pin(
        base_url=server, model=MODEL, by=None, context_length=tiny_model.CONTEXT, sampling=sampling, weights="random weights"
    )
    setups.activate(setup=setup, by=None)
    return setup


@pytest.fixture
def message() -> Message:
    """A mail of a known customer about an order that exists."""
    for slug in ("order-status", "stock-price", "other"):
        make_category(slug)
    message = make_message(MAILS[0])
    make_order(make_customer(message.from_address), "SO-31877")
    return message


def write(message: Message) -> Draft:
    """What becomes of a mail."""
    draft = drafts.take_up(message=message)
    assert draft is not None
    writing.write(draft_id=draft.pk)
    draft.refresh_from_db()
    return draft


def test_a_real_server_can_be_pinned(setup: Setup) -> None:
    assert setup.parts["dialect"] in DIALECTS
    assert not setups.is_standin(setup)
    assert setups.differences(setup) == []


def test_a_real_server_is_probed_and_its_canaries_are_kept(setup: Setup) -> None:
    probe = setup.probes.get()
    assert probe.findings["models"] == [MODEL]
    assert probe.findings["overflow"] in {"refused", "truncated", "unknown"}
    assert setup.canaries.count() == 16
    assert canaries.check(setup).result == CanaryRun.Result.SAME


@pytest.mark.parametrize("text", MAILS)
def test_nonsense_ends_in_a_clean_hand_over(setup: Setup, message: Message, text: str) -> None:
    Message.objects.filter(pk=message.pk).update(text=text, reply_text=text)
    message.refresh_from_db()
    draft = write(message)
    assert draft.state == Draft.State.HANDED_OVER
    assert draft.hand_over_reason in {HandOverReason.MODEL_UNUSABLE, HandOverReason.BUDGET}
    assert draft.hand_over_words
    assert not draft.is_eligible
    assert draft.lease_until is None


def test_every_request_and_answer_is_kept(setup: Setup, message: Message) -> None:
    draft = write(message)
    calls = list(ModelCall.objects.filter(draft=draft))
    assert calls
    for call in calls:
        assert call.request["model"] == MODEL
        assert call.response or call.error


def ask(setup: Setup, schema: dict[str, Any], text: str) -> Completion | NoAnswer:
    """What the client makes of the answer to one request."""
    asked = messages(turn="draft", schema=schema, value={"mail": {"text": text}})
    try:
        return model_client.complete(endpoint=setups.endpoint(setup), messages=asked, schema=schema, deadline=time.monotonic() + 60)
    except NoAnswer as error:
        return error


def test_whole_answers_keep_to_the_schema(setup: Setup) -> None:
    schema = category_schema(["a", "b"])
    answers = [ask(setup, schema, text) for text in ("Hello", "Hallo", "Bonjour", "Hola", "Ciao", "Hoi")]
    whole = [answer for answer in answers if isinstance(answer, Completion)]
    assert whole
    for answer in whole:
        assert set(json.loads(answer.text, strict=False)) == set(schema["properties"])


def test_the_schema_of_a_drafting_turn_does_not_end_the_server(setup: Setup) -> None:
    assert ask(setup, action_schema(["order", "product"]), "Hello")
    assert model_client.list_models(base_url=setup.base_url, deadline=time.monotonic() + 10)


def test_a_reviewer_can_open_what_was_handed_over(setup: Setup, message: Message, client: Client) -> None:
    draft = write(message)
    client.force_login(make_person("reviewer"))
    page = client.get(reverse("item", args=[draft.pk]))
    assert page.status_code == 200
    assert escape(draft.hand_over_words) in page.content.decode()

import time
from dataclasses import replace
from typing import Any

import pytest

from drafting import model_client
from drafting.endpoints import Endpoint
from drafting.errors import NoAnswer, Unavailable
from drafting.model_replies import Completion
from tests.drafting.model_server import (
    MODEL,
    Behaviour,
    Script,
    completion,
    dies,
    drips,
    drips_headers,
    floods,
    hangs,
    packs,
    redirects,
    refuses_format,
    says,
    sends,
    serving,
)

SCHEMA: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
QUESTION = [{"role": "system", "content": "Answer."}, {"role": "user", "content": "What is it? " * 20}]


def endpoint(base_url: str, *, dialect: str = "json_schema", max_tokens: int = 100, context_length: int = 8192) -> Endpoint:
    return Endpoint(base_url, MODEL, dialect, {"temperature": 0, "seed": 7, "max_tokens": max_tokens}, context_length)


def ask(script: Script, *, seconds: float = 5.0) -> Completion:
    return model_client.complete(endpoint=endpoint(script.base_url), messages=QUESTION, schema=SCHEMA, deadline=time.monotonic() + seconds)


def reasoned(name: str) -> dict[str, Any]:
    """A completion whose words stand where the reasoning belongs."""
    answer = completion(None)
    answer["choices"][0]["message"][name] = '{"a": "b"}'
    return answer


def test_an_answer_comes_back_with_its_token_counts() -> None:
    with serving(says({"a": "b"}, prompt_tokens=80)) as script:
        answer = ask(script)
    assert (answer.text, answer.finish_reason, answer.dialect) == ('{"a": "b"}', "stop", "json_schema")
    assert (answer.prompt_tokens, answer.completion_tokens) == (80, 20)


def test_the_request_carries_the_sampling_and_the_closed_schema() -> None:
    with serving(says("{}")) as script:
        ask(script)
    request = script.requests[0]
    assert (request["model"], request["temperature"], request["seed"], request["max_tokens"]) == (MODEL, 0, 7, 100)
    assert request["response_format"]["json_schema"]["schema"] == SCHEMA
    assert "tools" not in request


@pytest.mark.parametrize("status", [400, 422, 500])
def test_a_server_that_refuses_json_schema_is_asked_in_a_plainer_dialect(status: int) -> None:
    with serving(refuses_format("json_schema", "json_object+schema", status=status, then=says("{}"))) as script:
        assert ask(script).dialect == "json_object"
    assert len(script.requests) == 3


def test_a_server_that_refuses_every_format_is_asked_in_plain_text() -> None:
    with serving(refuses_format("json_schema", "json_object+schema", "json_object", status=400, then=says("{}"))) as script:
        assert ask(script).dialect == "text"
    assert "response_format" not in script.requests[-1]


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (says(None), "is empty"),
        (says("  \n"), "is empty"),
        (sends(200, completion(["a", "list"])), "is empty"),
        (says('{"a": ', finish_reason="length"), "broke off"),
        (says("{}", finish_reason=None), "broke off"),
        (says("{}", finish_reason="tool_calls"), "broke off"),
        (says("{}", prompt_tokens=5), "cut the question short"),
        (floods, "more than"),
        (sends(400, {"error": {"message": "no"}}), "error 400"),
        (sends(200, {"error": {"message": "the prompt is too long", "code": 400}}), "error 400: the prompt is too long"),
        (sends(200, {"error": "out of memory"}), "error 500: out of memory"),
        (sends(200, reasoned("reasoning")), "in its reasoning only"),
        (sends(200, reasoned("reasoning_content")), "in its reasoning only"),
    ],
)
def test_an_answer_that_cannot_be_used_is_no_answer(behaviour: Behaviour, words: str) -> None:
    with serving(behaviour) as script, pytest.raises(NoAnswer, match=words):
        ask(script)


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (sends(200, "<!doctype html><h1>It works</h1>", content_type="text/html"), "a web page"),
        (sends(200, {"message": "hello"}), "something else"),
        (sends(200, {"choices": []}), "something else"),
        (sends(200, "null"), "something else"),
        (packs, "something else"),
        (sends(200, "[" * 100_000), "something else"),
        (says("{}", prompt_tokens=-1), "something else"),
        (sends(401, {"error": "key"}), "refuses our key"),
        (sends(404, {"error": "model"}), "does not know"),
        (sends(502, "<html>bad gateway</html>", content_type="text/html"), "error 502"),
        (sends(503, {"error": "loading"}), "is busy"),
        (sends(200, {"error": {"message": "upstream", "code": 503}}), "error 503"),
        (redirects, "redirects elsewhere"),
        (dies, "does not answer"),
        (hangs, "in time"),
        (drips, "in time"),
        (drips_headers, "in time"),
    ],
)
def test_trouble_of_the_server_means_try_later_and_ends_in_time(behaviour: Behaviour, words: str) -> None:
    seconds = 1.2 if words == "in time" else 4
    started = time.monotonic()
    with serving(behaviour) as script:
        with pytest.raises(Unavailable, match=words):
            ask(script, seconds=seconds)
        assert time.monotonic() - started < seconds + 1.3


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        ask(Script([], base_url="http://127.0.0.1:9/v1"))


def test_a_busy_server_is_asked_again_when_it_says() -> None:
    started = time.monotonic()
    with serving(sends(429, {"error": "later"}, headers={"Retry-After": "1"}), says('{"a": "b"}')) as script:
        assert ask(script).text == '{"a": "b"}'
    assert 1.0 <= time.monotonic() - started < 3.0


def test_a_busy_server_that_asks_for_more_time_than_there_is_leaves_word_of_it() -> None:
    with serving(sends(429, {"error": "later"}, headers={"Retry-After": "60"})) as script, pytest.raises(Unavailable) as caught:
        ask(script, seconds=2)
    assert caught.value.retry_after == 60
    assert len(script.requests) == 1


def test_a_broken_line_is_tried_at_most_three_times() -> None:
    with serving(dies) as script, pytest.raises(Unavailable):
        ask(script, seconds=10)
    assert len(script.requests) == 3


def test_raw_control_characters_and_halves_of_characters_do_not_spoil_an_answer() -> None:
    raw = '{"choices": [{"message": {"content": "a\x07\\ud800b"}, "finish_reason": "stop"}]}'
    with serving(sends(200, raw)) as script:
        assert ask(script).text == "a\x07\ud800b"


@pytest.mark.parametrize("charset", ["zlib", "undefined", "utf-16"])
def test_an_answer_is_read_as_utf_8_whatever_charset_it_claims(charset: str) -> None:
    content_type = f"application/json; charset={charset}"
    with serving(sends(200, completion("é"), content_type=content_type)) as script:
        assert ask(script).text == "é"
    with serving(sends(400, {"error": "no"}, content_type=content_type)) as script, pytest.raises(NoAnswer, match="error 400"):
        ask(script)


def test_a_server_that_breaks_once_is_not_asked_more_plainly_for_ever() -> None:
    with serving(sends(500, {"error": "hiccup"}), says("{}")) as script:
        assert ask(script).dialect == "json_object_schema"
        assert ask(script).dialect == "json_schema"


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving(says("{}")) as script:
        assert ask(script).text == "{}"


def test_the_models_list_says_what_the_server_has() -> None:
    with serving(says("{}"), owned_by="somebody") as script:
        cards = model_client.list_models(base_url=script.base_url, deadline=time.monotonic() + 5)
    assert [(card.id, card.owned_by) for card in cards] == [(MODEL, "somebody")]


def test_a_question_with_its_longest_answer_must_have_room_in_the_context() -> None:
    assert model_client.fits(endpoint("", max_tokens=100, context_length=300), QUESTION)
    assert not model_client.fits(endpoint("", max_tokens=100, context_length=150), QUESTION)


def test_an_answer_of_another_model_than_the_pinned_one_is_not_taken() -> None:
    with serving(sends(200, completion("{}", model="another"))) as script:
        pinned = replace(endpoint(script.base_url), answers_as=MODEL)
        with pytest.raises(Unavailable, match=f"answers as 'another', but '{MODEL}' was pinned"):
            model_client.complete(endpoint=pinned, messages=QUESTION, schema=SCHEMA, deadline=time.monotonic() + 5)


@pytest.mark.parametrize("named", [{"model": MODEL}, {"model": None}, {"model": ["a"]}, {}])
def test_an_answer_under_the_pinned_name_or_none_is_taken(named: dict[str, Any]) -> None:
    with serving(sends(200, completion("{}", **named))) as script:
        pinned = replace(endpoint(script.base_url), answers_as=MODEL)
        assert model_client.complete(endpoint=pinned, messages=QUESTION, schema=SCHEMA, deadline=time.monotonic() + 5).text == "{}"


def test_a_wait_that_the_server_asks_for_ends_before_the_deadline_or_not_at_all() -> None:
    started = time.monotonic()
    with serving(sends(503, {"error": "loading"}, headers={"Retry-After": "3"})) as script, pytest.raises(Unavailable):
        ask(script, seconds=2)
    assert time.monotonic() - started < 1.0


def test_what_stands_beside_the_api_is_read_and_what_does_not_is_nothing() -> None:
    def look(script: Script, path: str, **about: Any) -> Any:
        return model_client.look(base_url=script.base_url, path=path, deadline=time.monotonic() + 2, **about)

    with serving(says("{}"), pages={"/props": {"a": 1}, "/words": "no JSON", "/api/show": {"b": 2}}) as script:
        assert look(script, "/props") == {"a": 1}
        assert look(script, "/api/show", body={"model": "m"}) == {"b": 2}
        assert look(script, "/words") is None
        assert look(script, "/nothing") is None


def test_a_server_that_is_not_there_tells_nothing() -> None:
    assert model_client.look(base_url="http://127.0.0.1:9/v1", path="/props", deadline=time.monotonic() + 2) is None

"""What a probe finds out about model servers that behave in every way we know of."""

import time
from typing import Any

import pytest

from drafting import findings, probing
from drafting.errors import Unavailable
from drafting.probing import questions
from tests.drafting.model_server import (
    MODEL,
    Behaviour,
    Script,
    completion,
    hangs,
    instead,
    is_about_the_setup,
    obeys,
    redirects,
    refuses_format,
    says,
    sends,
    serving,
)

Found = findings.Findings
NOTHING = says("{}")
LLAMA_CPP = {
    "/props": {
        "default_generation_settings": {"id": 0, "n_ctx": 4096},
        "model_path": "/models/Some-Model-7B-Q4_K_M.gguf",
        "chat_template": "{{ messages }}",
        "build_info": "b4567-abc",
    }
}
OLLAMA = {
    "/api/version": {"version": "0.9.1"},
    "/api/tags": {"models": [{"name": MODEL, "digest": "ab" * 32, "details": {"quantization_level": "Q4_0"}}]},
    "/api/show": {"template": "{{ .Prompt }}", "parameters": "stop  x\nnum_ctx  8192\n", "details": {"quantization_level": "Q4_K_M"}},
}


def probe(script: Script, **about: Any) -> Found:
    return probing.probe(base_url=script.base_url, model=MODEL, **about)


def found(probe_: Behaviour = obeys, **about: Any) -> Found:
    with serving(NOTHING, probe=probe_, **about) as script:
        return probe(script)


def asked(words: str) -> Any:
    """Whether a request asks this."""
    return lambda request: request["messages"][-1]["content"].startswith(words)


def test_a_server_without_fault_is_found_to_be_one() -> None:
    seen = found()
    assert seen.dialects == {"json_schema": "enforced", "json_object_schema": "enforced", "json_object": "enforced", "text": "works"}
    assert (seen.dialect, seen.overflow, seen.seed, seen.unknown_model) == ("json_schema", "refused", "repeats", "refused")
    assert (seen.logprobs, seen.models) == ("no", [MODEL])


def test_a_schema_that_is_taken_and_ignored_is_not_enforced() -> None:
    def ignores(request: dict[str, Any]) -> Any:
        is_schema = "schema" in str(request.get("response_format", ""))
        return completion("PARIS") if is_schema and asked("What is the capital")(request) else None

    seen = found(instead(ignores))
    assert seen.dialects == {"json_schema": "works", "json_object_schema": "works", "json_object": "enforced", "text": "works"}
    assert seen.dialect == "json_object"


def test_where_nothing_is_enforced_the_strictest_that_is_taken_is_used() -> None:
    seen = found(lambda handler, request: handler.send(200, completion("PARIS")))
    assert set(seen.dialects.values()) == {"works"}
    assert seen.dialect == "json_schema"


@pytest.mark.parametrize("status", [400, 422, 500])
def test_a_format_that_is_refused_is_left_out(status: int) -> None:
    seen = found(refuses_format("json_schema", "json_object+schema", status=status, then=obeys))
    assert (seen.dialect, seen.dialects["json_schema"]) == ("json_object", "refused")


def test_an_error_that_comes_with_status_200_is_a_refusal() -> None:
    def fails(request: dict[str, Any]) -> Any:
        return {"error": {"message": "no json_schema here", "code": 400}} if "json_schema" in str(request.get("response_format")) else None

    assert found(instead(fails)).dialects["json_schema"] == "refused"


def test_log_probabilities_are_found_where_they_are_told() -> None:
    tokens = [{"token": "Sea", "logprob": -0.2}, {"token": "Old", "logprob": -2.0}, {"token": "Bad", "logprob": float("-inf")}]
    told = {"content": [{"token": "Sea", "logprob": -0.2, "top_logprobs": tokens}]}

    def tells(request: dict[str, Any]) -> Any:
        answer = completion("Sea Star")
        answer["choices"][0]["logprobs"] = told
        return answer if request.get("logprobs") else None

    assert found(instead(tells)).logprobs == "yes"


@pytest.mark.parametrize("logprobs", ["yes", {"content": []}, {"tokens": ["a"]}, {"content": [{"token": 1}]}])
def test_log_probabilities_of_another_form_are_none(logprobs: Any) -> None:
    answer = completion("Sea Star")
    answer["choices"][0]["logprobs"] = logprobs
    assert found(instead(lambda request: answer if request.get("logprobs") else None)).logprobs == "no"


def test_a_server_that_refuses_log_probabilities_has_none_and_still_shows_its_seed() -> None:
    seen = found(instead(lambda request: sends(400, {"error": "no"}) if request.get("logprobs") else None))
    assert (seen.logprobs, seen.seed) == ("no", "repeats")


def test_a_seed_that_is_not_kept_is_seen() -> None:
    answers = iter(range(100))
    seen = found(instead(lambda request: completion(f"Ship {next(answers)}") if asked("Make up")(request) else None))
    assert seen.seed == "varies"


def test_a_question_that_was_cut_says_how_much_was_read() -> None:
    seen = found(instead(lambda request: completion("t", prompt_tokens=2048) if asked("tree")(request) else None))
    assert (seen.overflow, seen.tokens_read) == ("truncated", 2048)


def test_a_question_that_was_read_whole_shows_a_longer_context() -> None:
    def counts(request: dict[str, Any]) -> Any:
        text = request["messages"][-1]["content"]
        return completion("t", prompt_tokens=len(text) // 5 + 6) if asked("tree")(request) else None

    assert found(instead(counts)).overflow == "accepted"


def test_a_very_long_context_is_not_filled_to_see() -> None:
    with serving(NOTHING, card={"max_model_len": 131_072}) as script:
        assert probe(script).overflow == "too large"
    assert not any(asked("tree")(request) for request in script.probe_requests)


def test_a_server_that_answers_under_any_name_is_found_out() -> None:
    echoes = instead(lambda request: completion("yes", model=request["model"]) if asked("Say yes")(request) else None)
    assert found(echoes).unknown_model == "accepted"


def test_the_name_and_fingerprint_that_answers_carry_are_kept_if_they_stay_the_same() -> None:
    numbers = iter(range(100))
    steady = found(lambda handler, request: handler.send(200, completion("PARIS", model="m", system_fingerprint="f")))
    changing = found(lambda handler, request: handler.send(200, completion("PARIS", system_fingerprint=f"f{next(numbers)}")))
    assert (steady.answers_as, steady.system_fingerprint) == ("m", "f")
    assert (changing.answers_as, changing.system_fingerprint) == ("", "")


def test_llama_cpp_tells_its_build_template_context_and_file() -> None:
    server = found(pages=LLAMA_CPP, card={"meta": {"size": 4_000_000}}).server
    assert (server.kind, server.version, server.context_length) == ("llama.cpp", "b4567-abc", 4096)
    assert (server.weights, server.quantisation) == ("Some-Model-7B-Q4_K_M.gguf (4,000,000 bytes)", "Q4_K_M")
    assert len(server.chat_template) == 64


def test_ollama_tells_a_digest_and_the_context_that_its_model_file_asks_for() -> None:
    server = found(pages=OLLAMA).server
    assert (server.kind, server.version, server.weights) == ("ollama", "0.9.1", f"sha256:{'ab' * 32}")
    assert (server.quantisation, server.context_length, len(server.chat_template)) == ("Q4_K_M", 8192, 64)


def test_what_ollama_has_loaded_counts_more_than_what_was_asked_for() -> None:
    loaded = {"/api/ps": {"models": [{"name": MODEL, "context_length": 4096}]}}
    assert found(pages=OLLAMA | loaded).server.context_length == 4096


def test_vllm_tells_its_version_and_the_length_it_was_started_with() -> None:
    server = found(pages={"/version": {"version": "0.10.2"}}, card={"max_model_len": 16_384, "root": "org/model"}).server
    assert (server.kind, server.version, server.weights, server.context_length) == ("vllm", "0.10.2", "org/model", 16_384)


@pytest.mark.parametrize("page", ["text", [], {}, {"models": 3}, {"version": 5}, {"default_generation_settings": {"n_ctx": "many"}}, 0])
def test_pages_of_another_form_leave_things_unknown(page: Any) -> None:
    pages = dict.fromkeys(("/props", "/version", "/api/version", "/api/tags", "/api/show", "/api/ps"), page)
    assert found(pages=pages).server.context_length is None


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (sends(400, {"error": "no"}), "error 400"),
        (redirects, "error 307"),
        (sends(200, "<html>"), "something else"),
        (says(None), "empty"),
        (lambda handler, request: handler.send(200, _reasoned()), "reasoning"),
    ],
)
def test_a_server_that_nothing_can_be_drafted_with_is_refused_in_words(behaviour: Behaviour, words: str) -> None:
    with serving(NOTHING, probe=behaviour) as script, pytest.raises(Unavailable, match=words):
        probe(script)


def _reasoned() -> dict[str, Any]:
    answer = completion(None)
    answer["choices"][0]["message"]["reasoning_content"] = "The capital of France is Paris."
    return answer


def test_a_server_that_hangs_costs_no_more_than_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    started = time.monotonic()
    with serving(NOTHING, probe=hangs) as script, pytest.raises(Unavailable, match="cannot be used"):
        probe(script, deadline=started + 1.0)
    assert time.monotonic() - started < 10


def test_a_question_that_hangs_leaves_only_that_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "QUESTION_SECONDS", 0.3)
    seen = found(instead(lambda request: hangs if asked("tree")(request) else None))
    assert (seen.overflow, seen.dialect) == ("unknown", "json_schema")


def test_a_model_that_the_server_lacks_is_named_with_those_it_has() -> None:
    with serving(NOTHING) as script, pytest.raises(Unavailable, match=f"no model 'other'; it has: {MODEL}"):
        probing.probe(base_url=script.base_url, model="other")


def test_every_finding_is_told_in_words() -> None:
    told = dict(findings.sentences(found(pages=LLAMA_CPP).as_json()))
    assert told["Server"] == "llama.cpp b4567-abc"
    assert told["Schemas"].startswith("JSON schema: the answer always fits")
    assert told["Too long a question"].startswith("Refuses")
    assert all(told.values())


def test_the_scripted_server_knows_the_probes_questions() -> None:
    with serving(NOTHING) as script:
        probe(script)
    assert script.requests == []
    assert all(is_about_the_setup(request) for request in script.probe_requests)

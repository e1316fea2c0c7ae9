"""Canaries: whether they sing when the model behind a setup is another one, and only then."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from drafting import canaries, pinning, setups
from drafting.models import CanaryRun, Probe, Setup
from tests.drafting.factories import make_setup
from tests.drafting.model_server import MODEL, Script, completion, hangs, instead, says, sends, serving

pytestmark = pytest.mark.django_db
SAME, DIFFERENT, UNAVAILABLE = CanaryRun.Result.SAME, CanaryRun.Result.DIFFERENT, CanaryRun.Result.UNAVAILABLE


def answers(word: Callable[[str], str], *, logprob: float | None = None) -> Any:
    """A server that says `word(prompt)` to each canary, with this log probability of its first token."""

    def change(request: dict[str, Any]) -> Any:
        prompt = request["messages"][-1]["content"]
        if prompt not in canaries.PROMPTS and not request.get("logprobs"):
            return None
        answer = completion(word(prompt))
        if logprob is not None:
            token = {"token": word(prompt)[:2], "logprob": logprob}
            answer["choices"][0]["logprobs"] = {"content": [token | {"top_logprobs": [token]}]}
        return answer

    return instead(change)


@pytest.fixture
def script() -> Iterator[Script]:
    """A server whose model repeats the question."""
    with serving(says("{}"), probe=answers(lambda prompt: f"You said: {prompt}")) as script:
        yield script


def pin(script: Script) -> Setup:
    return pinning.pin(base_url=script.base_url, model=MODEL, by=None)


def test_a_setup_is_pinned_with_sixteen_answers_and_what_the_probe_found(script: Script) -> None:
    setup = pin(script)
    assert list(setup.canaries.order_by("position").values_list("prompt", flat=True)) == list(canaries.PROMPTS)
    assert len(set(canaries.PROMPTS)) == 16
    assert Probe.objects.get().setup == setup
    assert canaries.state(setup) == SAME


def test_the_same_model_is_the_same(script: Script) -> None:
    setup = pin(script)
    run = canaries.check(setup)
    assert (run.result, run.differences, run.words) == (SAME, [], "All 16 answers were the same twice.")
    assert setups.differences(setup) == []


def test_canaries_are_asked_greedily_and_shortly(script: Script) -> None:
    pin(script)
    asked = [request for request in script.probe_requests if request["messages"][-1]["content"] in canaries.PROMPTS]
    assert len(asked) == 32
    assert {(request["temperature"], request["max_tokens"]) for request in asked} == {(0, 16)}


def test_another_model_differs_and_says_in_what(script: Script) -> None:
    setup = pin(script)
    script.probe = answers(lambda prompt: "I am somebody else" if "primes" in prompt or "prime" in prompt else f"You said: {prompt}")
    run = canaries.check(setup)
    assert run.result == DIFFERENT
    assert [(one["position"], one["got"]) for one in run.differences] == [(14, "I am somebody else")]
    assert run.differences[0]["expected"].startswith("You said: List the first")
    assert setups.differences(setup) == ["canaries"]


def test_an_answer_that_differs_once_and_not_again_is_no_difference(script: Script) -> None:
    setup = pin(script)
    odd = iter(["Odd", *[""] * 100])
    script.probe = answers(lambda prompt: (next(odd) if "birds" in prompt else "") or f"You said: {prompt}")
    run = canaries.check(setup)
    assert run.result == SAME
    assert "1 differed once and not when asked again" in run.words


def test_a_difference_stays_until_an_answer_is_right_again(script: Script) -> None:
    setup, right = pin(script), script.probe
    script.probe = answers(lambda prompt: "Other")
    canaries.check(setup)
    script.probe = sends(400, {"error": "no"})
    assert canaries.check(setup).result == UNAVAILABLE
    assert canaries.state(setup) == DIFFERENT
    script.probe = right
    canaries.check(setup)
    assert canaries.state(setup) == SAME


@pytest.mark.parametrize("behaviour", [sends(400, {"error": "no"}), sends(502, "bad"), sends(200, "<html>"), sends(200, {"error": "no"})])
def test_a_server_that_does_not_answer_is_no_difference(script: Script, behaviour: Any) -> None:
    setup = pin(script)
    script.probe = behaviour
    run = canaries.check(setup)
    assert (run.result, canaries.state(setup)) == (UNAVAILABLE, SAME)
    assert run.words


def test_a_server_that_hangs_is_given_up(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = pin(script)
    monkeypatch.setattr(canaries, "RUN_SECONDS", 0.5)
    script.probe = hangs
    assert canaries.check(setup).result == UNAVAILABLE


@pytest.mark.parametrize(("now", "result"), [(-0.55, SAME), (-0.75, DIFFERENT)])
def test_the_first_tokens_log_probability_may_move_a_little(now: float, result: str) -> None:
    with serving(says("{}"), probe=answers(lambda prompt: "yes", logprob=-0.5)) as script:
        setup = pin(script)
        assert setup.canaries.filter(logprobs=[{"token": "ye", "logprob": -0.5}]).count() == 16
        script.probe = answers(lambda prompt: "yes", logprob=now)
        run = canaries.check(setup)
    assert run.result == result
    assert {one["got"] for one in run.differences} <= {"'ye' at -0.750"}


def test_log_probabilities_that_are_no_longer_told_are_a_difference() -> None:
    with serving(says("{}"), probe=answers(lambda prompt: "yes", logprob=-0.5)) as script:
        setup = pin(script)
        script.probe = answers(lambda prompt: "yes")
        assert canaries.check(setup).result == DIFFERENT


class Unsteady:
    """Ends its answers to the first four prompts in another word each time."""

    def __init__(self, word: str = "answer") -> None:
        self.count, self.word = 0, word

    def __call__(self, prompt: str) -> str:
        self.count += 1
        return f"a long steady {self.word} of many words {self.count if prompt in canaries.PROMPTS[:4] else ''}"


def test_a_server_that_does_not_repeat_itself_is_said_to_and_raises_no_false_alarm() -> None:
    with serving(says("{}"), probe=answers(Unsteady())) as script:
        setup = pin(script)
        assert "12 of 16 answers were the same twice" in setup.canary_runs.get().words
        assert [canaries.check(setup).result for _ in range(3)] == [SAME] * 3


def test_unsteady_prompts_that_are_answered_quite_otherwise_are_a_difference() -> None:
    with serving(says("{}"), probe=answers(Unsteady())) as script:
        setup = pin(script)
        unsteady = Unsteady()
        script.probe = answers(lambda prompt: "Nothing alike." if prompt in canaries.PROMPTS[:4] else unsteady(prompt))
        run = canaries.check(setup)
    assert run.result == DIFFERENT
    assert [one["got"] for one in run.differences] == ["Nothing alike."]


def test_weights_that_the_server_names_otherwise_are_a_difference() -> None:
    pages: dict[str, Any] = {"/api/version": {"version": "1"}, "/api/tags": {"models": [{"name": MODEL, "digest": "ab" * 32}]}}
    with serving(says("{}"), pages=pages) as script:
        setup = pin(script)
        assert canaries.check(setup).result == SAME
        script.pages = pages | {"/api/tags": {"models": [{"name": MODEL, "digest": "cd" * 32}]}}
        run = canaries.check(setup)
        script.pages = {}
        untold = canaries.check(setup)
    assert run.differences == [{"part": "weights", "expected": f"sha256:{'ab' * 32}", "got": f"sha256:{'cd' * 32}"}]
    assert run.result == DIFFERENT
    assert untold.result == SAME


def test_another_guard_model_under_the_same_name_is_a_difference(script: Script) -> None:
    pages: dict[str, Any] = {"/api/version": {"version": "1"}, "/api/tags": {"models": [{"name": MODEL, "digest": "ab" * 32}]}}
    with serving(says("safe"), pages=pages) as guard:
        setup = pinning.pin(base_url=script.base_url, model=MODEL, by=None, guard_base_url=guard.base_url, guard_model=MODEL)
        assert canaries.check(setup).result == SAME
        guard.pages = pages | {"/api/tags": {"models": [{"name": MODEL, "digest": "cd" * 32}]}}
        run = canaries.check(setup)
    assert (run.result, [one["part"] for one in run.differences]) == (DIFFERENT, ["guard_weights"])


def test_what_postgres_cannot_hold_is_kept_readable() -> None:
    with serving(says("{}"), probe=answers(lambda prompt: "a\0b\ud800c")) as script:
        setup = pin(script)
        assert canaries.check(setup).result == SAME


def test_pinning_an_equal_setup_again_compares_instead_of_taking_a_new_baseline(script: Script) -> None:
    setup = pin(script)
    script.probe = answers(lambda prompt: "Other")
    assert pin(script) == setup
    assert canaries.state(setup) == DIFFERENT


def test_a_setup_without_a_baseline_has_nothing_to_compare() -> None:
    with serving(says("{}")) as script:
        run = canaries.check(make_setup(base_url=script.base_url, model=MODEL))
    assert (run.result, canaries.state(run.setup)) == (UNAVAILABLE, "")
    assert "pin it anew" in run.words


def test_every_setup_in_use_is_checked(script: Script) -> None:
    pin(script)
    assert canaries.check_all() == []
    setups.activate(setup=pin(script), by=None)
    assert [run.result for run in canaries.check_all()] == [SAME]


def test_pinning_what_runs_now_keeps_the_baseline_and_a_difference(script: Script) -> None:
    setup = pin(script)
    setups.activate(setup=setup, by=None)
    script.probe = answers(lambda prompt: "Other")
    canaries.check(setup)
    changed = Setup.objects.create(
        fingerprint="0" * 64, base_url=setup.base_url, model=setup.model, parts=setup.parts | {"prompts": "older"}
    )
    canaries.carry_over(source=setup, target=changed, by=None)
    setups.activate(setup=changed, by=None)
    renewed = setups.repin(by=None)
    assert renewed == setup
    assert canaries.state(renewed) == DIFFERENT
    assert changed.canaries.count() == 16

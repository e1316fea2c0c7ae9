"""Canaries: sixteen fixed prompts whose answers show whether a setup's model is still the one that was pinned.

What counts as a difference is written down in deploy/decisions/0006-canaries.md.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import mean
from typing import TYPE_CHECKING, Any

from django.db import transaction

from drafting.errors import NoAnswer, Unavailable
from drafting.models import Canary, CanaryRun, Setup

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PROMPTS = (
    "Count from one to twelve in English words.",
    "Write the months of the year in German, separated by commas.",
    "What is 17 times 23? Answer with the number only.",
    "Translate into French: The parcel arrived broken.",
    "Continue the sentence: Once the bridge was closed, the lorries",
    "Name four birds that live near the sea.",
    'Answer with one JSON object that has the keys "city" and "country": the capital of Norway.',
    "Spell the word 'countersign' backwards.",
    "Give a synonym of 'invoice' and one of 'delivery'.",
    "Übersetze ins Englische: Bitte stornieren Sie meine Bestellung.",
    "Which weekday follows the day before Tuesday?",
    "Summarise in five words: The customer wants his money back because the pump leaks.",
    "Escribe una frase corta de agradecimiento a un cliente.",
    "List the first eight prime numbers.",
    "Is this sentence polite or rude? 'Send it now, I will not ask again.'",
    "Write a line of Python that reverses a list called items.",
)
MAX_TOKENS = 16
RUN_SECONDS = 90.0
TOLERANCE = 0.1
"""Nats by which the log probability of a first token may move; batching and kernels move it too, another model moves it more."""
SIMILARITY_MARGIN = 0.2
"""How much less alike than at creation the answers to unsteady prompts may be on average, from 0 to 1."""
SHOWN = 400


@dataclass(frozen=True)
class Answer:
    """What the model answered to one prompt; `logprobs` of the first token as Canary keeps them."""

    text: str
    logprobs: list[dict[str, Any]] | None


@dataclass(frozen=True)
class Baseline:
    """Two runs over all prompts, taken one after the other."""

    first: list[Answer]
    second: list[Answer]


def take(*, base_url: str, model: str, logprobs: bool, deadline: float | None = None) -> Baseline:
    """Ask all prompts twice. Raises Unavailable."""
    runs = []
    for _ in range(2):
        until = min(deadline or float("inf"), time.monotonic() + RUN_SECONDS)
        runs.append([_ask(base_url, model, prompt, logprobs, until) for prompt in PROMPTS])
    return Baseline(*runs)


@transaction.atomic
def keep(*, setup: Setup, baseline: Baseline, by: "User | None") -> None:
    """Make `baseline` that of a setup which has none."""
    Canary.objects.bulk_create(
        Canary(setup=setup, position=position, prompt=prompt, text=first.text, again=second.text, logprobs=first.logprobs)
        for position, (prompt, first, second) in enumerate(zip(PROMPTS, baseline.first, baseline.second, strict=True), start=1)
    )
    rows = list(setup.canaries.order_by("position"))
    words = f"Baseline taken. {steadiness(rows)}"
    CanaryRun.objects.create(setup=setup, result=CanaryRun.Result.SAME, words=words, milliseconds=0, by=by)


def steadiness(rows: Iterable[Canary]) -> str:
    """How much these canaries can show, in words."""
    rows = list(rows)
    steady = sum(row.text == row.again for row in rows)
    if steady == len(rows):
        return f"All {len(rows)} answers were the same twice."
    return f"{steady} of {len(rows)} answers were the same twice; the others are compared by their likeness only."


def state(setup: Setup) -> str:
    """The result of the newest run that got an answer; "" where there was none yet."""
    answered = setup.canary_runs.exclude(result=CanaryRun.Result.UNAVAILABLE)
    return answered.order_by("-pk").values_list("result", flat=True).first() or ""


def check(setup: Setup, by: "User | None" = None) -> CanaryRun:
    """Ask the prompts again and keep how the answers compare with the baseline."""
    started = time.monotonic()
    try:
        result, differences, words = _compare(setup, started + RUN_SECONDS)
    except (Unavailable, NoAnswer) as error:
        result, differences, words = CanaryRun.Result.UNAVAILABLE, [], str(error)
    milliseconds = round((time.monotonic() - started) * 1000)
    return CanaryRun.objects.create(
        setup=setup, result=result, differences=differences, words=words[:2000], milliseconds=milliseconds, by=by
    )


def check_all() -> list[CanaryRun]:
    """Check every setup that writes drafts."""
    from drafting import setups

    return [check(setup) for setup in setups.in_use()]


@transaction.atomic
def carry_over(*, source: Setup, target: Setup, by: "User | None") -> None:
    """Give `target`, which asks the same model, the baseline of `source` where it has none, and a difference that `source` shows."""
    if not target.canaries.exists():
        fields = ("position", "prompt", "text", "again", "logprobs")
        Canary.objects.bulk_create(Canary(setup=target, **row) for row in source.canaries.values(*fields))
    newest = source.canary_runs.exclude(result=CanaryRun.Result.UNAVAILABLE).order_by("-pk").first()
    if newest is not None:
        words = f"As {source} showed when what runs here was pinned anew. {newest.words}"
        CanaryRun.objects.create(setup=target, result=newest.result, differences=newest.differences, words=words, milliseconds=0, by=by)


def _compare(setup: Setup, deadline: float) -> tuple[str, list[dict[str, Any]], str]:
    rows = list(setup.canaries.order_by("position"))
    if not rows:
        raise Unavailable(f"{setup} was pinned without canaries; pin it anew to have a baseline.")
    told = _told_otherwise(setup, deadline)
    answers = {row.position: _ask_row(setup, row, deadline) for row in rows}
    odd = [row for row in rows if _differs(row, answers[row.position])]
    # A busy server may answer otherwise once (batching changes results); another model does so again.
    answers |= {row.position: _ask_row(setup, row, deadline) for row in odd}
    confirmed = [row for row in odd if _differs(row, answers[row.position])]
    differences = [*told, *(_difference(row, answers[row.position]) for row in confirmed), *_unlike(rows, answers)]
    if differences:
        return CanaryRun.Result.DIFFERENT, differences, f"{len(differences)} of {len(rows)} differ from when {setup} was pinned."
    flukes = f" {len(odd)} differed once and not when asked again." if odd else ""
    return CanaryRun.Result.SAME, [], steadiness(rows) + flukes


def _ask_row(setup: Setup, row: Canary, deadline: float) -> Answer:
    return _ask(setup.base_url, setup.model, row.prompt, row.logprobs is not None, deadline)


def _ask(base_url: str, model: str, prompt: str, logprobs: bool, deadline: float) -> Answer:
    # Loaded when asked: the web side only reads what was found.
    from drafting import model_client
    from drafting.model_replies import Reply, error_told, first_logprobs, read

    body: dict[str, Any] = {"model": model, "messages": [{"role": "user", "content": prompt}], "temperature": 0, "seed": 7}
    body |= {"max_tokens": MAX_TOKENS} | ({"logprobs": True, "top_logprobs": 3} if logprobs else {})
    answered = model_client.post(base_url=base_url, body=body, deadline=deadline)
    status = error_told(answered.text)[0] if answered.status == 200 else answered.status
    if status != 200:
        raise Unavailable(f"The model server at {base_url} answered a canary with error {status}.")
    reply = read(answered.text, Reply, base_url=base_url)
    return Answer(_storable(reply.text), first_logprobs(reply))


def _storable(text: str) -> str:
    """Without what PostgreSQL cannot hold: NUL and halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _differs(row: Canary, answer: Answer) -> bool:
    if not _same_first_token(row.logprobs, answer.logprobs):
        return True
    return row.text == row.again and row.text != answer.text


def _same_first_token(before: list[dict[str, Any]] | None, now: list[dict[str, Any]] | None) -> bool:
    if not before:
        return True
    likely = before[0]
    found = {one["token"]: one["logprob"] for one in now or []}
    return likely["token"] in found and abs(found[likely["token"]] - likely["logprob"]) <= TOLERANCE


def _unlike(rows: list[Canary], answers: dict[int, Answer]) -> list[dict[str, Any]]:
    """Whether the prompts that were answered in two ways at creation are answered in quite another way now."""
    unsteady = [row for row in rows if row.text != row.again]
    if not unsteady:
        return []
    before = mean(_likeness(row.text, row.again) for row in unsteady)
    now = mean(max(_likeness(row.text, answers[row.position].text), _likeness(row.again, answers[row.position].text)) for row in unsteady)
    least_alike = min(unsteady, key=lambda row: _likeness(row.text, answers[row.position].text))
    return [_difference(least_alike, answers[least_alike.position])] if now < before - SIMILARITY_MARGIN else []


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def _difference(row: Canary, answer: Answer) -> dict[str, Any]:
    same = row.text == answer.text
    expected, got = (_first(row.logprobs), _first(answer.logprobs)) if same else (row.text, answer.text)
    return {"position": row.position, "expected": expected[:SHOWN], "got": got[:SHOWN]}


def _first(logprobs: list[dict[str, Any]] | None) -> str:
    return f"{logprobs[0]['token']!r} at {logprobs[0]['logprob']:.3f}" if logprobs else "no log probabilities"


def _told_otherwise(setup: Setup, deadline: float) -> list[dict[str, Any]]:
    """What the servers of the model and its guard tell otherwise than when they were pinned. What they do not tell is no difference."""
    from drafting import pinning

    told = pinning.told_now(setup=setup, deadline=deadline), pinning.guard_told_now(setup=setup, deadline=deadline)
    pinned = setup.parts.get("server", {}), setup.parts.get("guard", {})
    return [
        {"part": f"{whose}{part}", "expected": str(before[part]), "got": str(value)}
        for whose, now, before in zip(("", "guard_"), told, pinned, strict=True)
        for part, value in now.items()
        if value and before.get(part) and not pinning.agree(part, before[part], value)
    ]

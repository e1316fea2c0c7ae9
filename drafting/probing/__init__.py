"""The probe: what a model server can do and what it tells of itself, found by asking. What it lacks is unknown, never an error."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from drafting import model_client
from drafting.errors import Unavailable
from drafting.findings import Findings, Server
from drafting.model_replies import ModelCard
from drafting.models import Probe, Setup
from drafting.probing import questions, servers

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PROBE_SECONDS = 60.0

__all__ = ["PROBE_SECONDS", "Findings", "Server", "card_of", "keep", "probe"]


def probe(
    *,
    base_url: str,
    model: str,
    context_length: int | None = None,
    deadline: float | None = None,
    say: Callable[[str], None] = lambda words: None,
) -> Findings:
    """Ask the server at `base_url` about `model`, all within `deadline` (`time.monotonic()`). `say` is told each step in words.

    `context_length` is what a person says, in tokens. Raises Unavailable where nothing can be drafted with it.
    """
    started = time.monotonic()
    asker = questions.Asker(base_url, model, deadline or started + PROBE_SECONDS)
    say("Asking for the list of models")
    card, models = card_of(base_url=base_url, model=model, deadline=asker.deadline)
    say("Trying the ways to hand over a schema")
    dialects = questions.dialects(asker)
    say("Asking the same question twice")
    logprobs, seed = questions.repeat(asker)
    unknown_model = questions.unknown_model(asker)
    say("Reading what the server tells of itself")
    server = servers.identify(base_url=base_url, card=card, deadline=asker.deadline)
    say("Sending more than fits the context")
    overflow, tokens_read = questions.overflow(asker, context_length=context_length or server.context_length)
    return Findings(
        models=models,
        server=server,
        dialects=dialects,
        dialect=questions.strictest(dialects),
        logprobs=logprobs,
        seed=seed,
        overflow=overflow,
        tokens_read=tokens_read,
        unknown_model=unknown_model,
        answers_as=asker.answers_as,
        system_fingerprint=asker.system_fingerprint,
        milliseconds=round((time.monotonic() - started) * 1000),
    )


def keep(*, findings: Findings, base_url: str, model: str, setup: Setup | None, by: "User | None") -> Probe:
    """The row that the setup page shows."""
    return Probe.objects.create(base_url=base_url, model=model, setup=setup, findings=findings.as_json(), by=by)


def card_of(*, base_url: str, model: str, deadline: float) -> tuple[ModelCard, list[str]]:
    """The entry of `model` in the server's list, and all ids. Raises Unavailable."""
    cards = model_client.list_models(base_url=base_url, deadline=deadline)
    ids: list[Any] = [card.id for card in cards]
    if model not in ids:
        known = ", ".join(ids[:10]) or "none"
        raise Unavailable(f"The model server at {base_url} has no model {model!r}; it has: {known}.")
    return cards[ids.index(model)], ids[:50]

"""Pinning: a probe of a model server, and the setup row that it makes with what runs here."""

import time
from typing import TYPE_CHECKING, Any

from drafting import model_client
from drafting.endpoints import DIALECTS, Endpoint
from drafting.errors import NoAnswer, Unavailable
from drafting.model_replies import ModelCard
from drafting.models import Setup
from drafting.protocol import fingerprint
from drafting.setups import running_parts

if TYPE_CHECKING:
    from django.contrib.auth.models import User

STANDIN = "countersign-standin"
SAMPLING: dict[str, Any] = {"temperature": 0, "seed": 7, "max_tokens": 1500}
CONTEXT_LENGTH = 8192
"""Assumed where neither the person nor the server says; longer questions are not sent."""
PROBE_SECONDS = 30.0
PROBE_SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["answer"],
    "additionalProperties": False,
}


def pin(
    *,
    base_url: str,
    model: str,
    by: "User | None",
    weights: str = "",
    quantisation: str = "",
    context_length: int | None = None,
    sampling: dict[str, Any] | None = None,
) -> Setup:
    """Probe the server and keep the setup that it makes with what runs here; an equal one is reused. Raises Unavailable.

    `weights` is the digest or declared revision of the model's weights; `context_length` is in tokens.
    """
    base_url = base_url.rstrip("/")
    card = _card(base_url, model)
    told = {
        "base_url": base_url,
        "server": {"kind": card.owned_by},
        "is_standin": card.owned_by == STANDIN,
        "model": model,
        "weights": weights,
        "quantisation": quantisation,
        "context_length": context_length or card.max_model_len or CONTEXT_LENGTH,
        "sampling": SAMPLING | (sampling or {}),
        "dialect": DIALECTS[0],
    }
    parts = told | {"dialect": _probe(told)} | running_parts()
    setup, _ = Setup.objects.get_or_create(
        fingerprint=fingerprint(parts), defaults={"base_url": base_url, "model": model, "parts": parts, "created_by": by}
    )
    return setup


def _card(base_url: str, model: str) -> ModelCard:
    cards = model_client.list_models(base_url=base_url, deadline=time.monotonic() + PROBE_SECONDS)
    for card in cards:
        if card.id == model:
            return card
    known = ", ".join(card.id for card in cards[:10]) or "none"
    raise Unavailable(f"The model server at {base_url} has no model {model!r}; it has: {known}.")


def _probe(told: dict[str, Any]) -> str:
    """The dialect that works, found by a tiny question. A server that answers nonsense is still one that can be asked."""
    first = Endpoint(told["base_url"], told["model"], told["dialect"], told["sampling"], told["context_length"])
    messages = [
        {"role": "system", "content": f"Answer with one JSON object that matches this schema: {PROBE_SCHEMA}"},
        {"role": "user", "content": 'Is water wet? Answer {"answer": "yes"} or {"answer": "no"}.'},
    ]
    try:
        return model_client.probe(endpoint=first, messages=messages, schema=PROBE_SCHEMA, deadline=time.monotonic() + PROBE_SECONDS)
    except NoAnswer as error:
        raise Unavailable(f"The model server at {told['base_url']} cannot be used. {error}") from error

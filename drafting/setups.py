"""Setups: what writes the drafts, pinned part by part. Rows never change; switching is an act by a person.

The fingerprint is the SHA-256 of the parts. Some parts are told by the person or the server when the setup is pinned; the others are
computed from what runs here, so a changed prompt, rule or line of code shows as a difference from the pinned setup.
"""

import time
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from drafting import drafts, model_client, prompts, rulebook
from drafting.agent.budget import BUDGET
from drafting.errors import NoAnswer, Unavailable
from drafting.model_replies import ModelCard
from drafting.models import Setup, SetupActivation
from drafting.protocol import action_schema, category_schema, fingerprint
from drafting.rulebook import Rulebook
from drafting.tools import TOOLS

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
CODE = {
    "tools": ["drafting.tools"],
    "agent": [
        "drafting.agent",
        "drafting.writing",
        "drafting.prompts",
        "drafting.protocol",
        "drafting.model_client",
        "drafting.model_replies",
    ],
    "gate": [
        "drafting.gate",
        "drafting.grounding",
        "drafting.rules",
        "drafting.rulebook",
        "drafting.facts",
        "drafting.fact_values",
        "drafting.checking",
    ],
    "parser": [
        "inbox.parsing",
        "inbox.quoting",
        "inbox.html",
        "inbox.charsets",
        "inbox.languages",
        "inbox.automation",
        "inbox.bounces",
        "inbox.authenticity",
    ],
}
"""Which code each of these parts stands for."""


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
        "dialect": model_client.DIALECTS[0],
    }
    parts = told | {"dialect": _probe(told)} | running_parts()
    setup, _ = Setup.objects.get_or_create(
        fingerprint=fingerprint(parts), defaults={"base_url": base_url, "model": model, "parts": parts, "created_by": by}
    )
    return setup


@transaction.atomic
def activate(*, setup: Setup, by: "User | None") -> SetupActivation:
    """Make `setup` the one that writes from now on; drafts that wait are tried at once."""
    activation = SetupActivation.objects.create(setup=setup, by=by)
    drafts.wake()
    return activation


def active() -> Setup | None:
    """The setup that writes drafts now."""
    newest = SetupActivation.objects.select_related("setup").order_by("-pk").first()
    return newest.setup if newest else None


def differences(setup: Setup, *, book: Rulebook | None = None) -> list[str]:
    """The parts in which what runs here, with `book` or the rulebook of now, differs from what was pinned."""
    return [part for part, value in running_parts(book).items() if setup.parts.get(part) != value]


def is_standin(setup: Setup) -> bool:
    """Whether the server said that it is the stand-in, no model."""
    return bool(setup.parts.get("is_standin"))


def endpoint(setup: Setup) -> model_client.Endpoint:
    """How to ask this setup's model."""
    parts = setup.parts
    return model_client.Endpoint(setup.base_url, setup.model, parts["dialect"], parts["sampling"], parts["context_length"])


def running_parts(book: Rulebook | None = None) -> dict[str, Any]:
    """The parts that are computed from what runs here, with `book` or the rulebook of now."""
    book = book or rulebook.read()
    return {
        "prompts": prompts.bundle_hash(),
        "schemas": fingerprint([category_schema([]), action_schema(list(TOOLS))]),
        "budget": vars(BUDGET),
        "rules": fingerprint([[rule.name, rule.expression, rule.effect, rule.text, slugs] for rule, slugs in book.rules]),
        "guidance": fingerprint([[each.title, each.text] for each in book.guidance]),
        "categories": fingerprint([[each.slug, each.name, each.description] for each in book.categories]),
        **{part: code_hash(tuple(names)) for part, names in CODE.items()},
    }


@cache
def code_hash(names: tuple[str, ...]) -> str:
    """SHA-256 over the source of the named modules and packages."""
    return fingerprint([[name, [[path.name, path.read_text(encoding="utf-8")] for path in _sources(name)]] for name in names])


def _sources(name: str) -> list[Path]:
    module = import_module(name)
    assert module.__file__ is not None
    path = Path(module.__file__)
    return sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else [path]


def _card(base_url: str, model: str) -> ModelCard:
    cards = model_client.list_models(base_url=base_url, deadline=time.monotonic() + PROBE_SECONDS)
    for card in cards:
        if card.id == model:
            return card
    known = ", ".join(card.id for card in cards[:10]) or "none"
    raise Unavailable(f"The model server at {base_url} has no model {model!r}; it has: {known}.")


def _probe(told: dict[str, Any]) -> str:
    """The dialect that works, found by a tiny question. A server that answers nonsense is still one that can be asked."""
    first = model_client.Endpoint(told["base_url"], told["model"], told["dialect"], told["sampling"], told["context_length"])
    messages = [
        {"role": "system", "content": f"Answer with one JSON object that matches this schema: {PROBE_SCHEMA}"},
        {"role": "user", "content": 'Is water wet? Answer {"answer": "yes"} or {"answer": "no"}.'},
    ]
    try:
        return model_client.probe(endpoint=first, messages=messages, schema=PROBE_SCHEMA, deadline=time.monotonic() + PROBE_SECONDS)
    except NoAnswer as error:
        raise Unavailable(f"The model server at {told['base_url']} cannot be used. {error}") from error

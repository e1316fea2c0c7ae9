"""Setups: what writes the drafts, pinned part by part. Rows never change; switching is an act by a person.

The fingerprint is the SHA-256 of the parts. Some parts are told by the person or the server when the setup is pinned; the others are
computed from what runs here, so a changed prompt, rule or line of code shows as a difference from the pinned setup.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from drafting import drafts, prompts, rulebook
from drafting.agent.budget import BUDGET
from drafting.endpoints import Endpoint
from drafting.models import Setup, SetupActivation
from drafting.protocol import action_schema, category_schema, fingerprint
from drafting.rulebook import Rulebook
from drafting.tools import TOOLS

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CODE = {
    "tools": ["drafting.tools"],
    "agent": [
        "drafting.agent",
        "drafting.writing",
        "drafting.prompts",
        "drafting.protocol",
        "drafting.endpoints",
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


@transaction.atomic
def activate(*, setup: Setup, by: "User | None") -> SetupActivation:
    """Make `setup` the one that writes from now on; drafts that wait are tried at once."""
    activation = SetupActivation.objects.create(setup=setup, by=by)
    drafts.wake()
    return activation


def active() -> Setup | None:
    """The setup that writes drafts now, of categories that name none of their own."""
    newest = SetupActivation.objects.select_related("setup").filter(category=None).order_by("-pk").first()
    return newest.setup if newest else None


def differences(setup: Setup, *, book: Rulebook | None = None) -> list[str]:
    """The parts in which what runs here, with `book` or the rulebook of now, differs from what was pinned."""
    return [part for part, value in running_parts(book).items() if setup.parts.get(part) != value]


def is_standin(setup: Setup) -> bool:
    """Whether the server said that it is the stand-in, no model."""
    return bool(setup.parts.get("is_standin"))


def endpoint(setup: Setup) -> Endpoint:
    """How to ask this setup's model."""
    parts = setup.parts
    return Endpoint(setup.base_url, setup.model, parts["dialect"], parts["sampling"], parts["context_length"])


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
    # Found, not imported: a process that shows a setup does not need what writes drafts.
    spec = find_spec(name)
    assert spec is not None and spec.origin is not None
    path = Path(spec.origin)
    return sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else [path]

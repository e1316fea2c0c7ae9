"""Setups: what writes the drafts, pinned part by part. Rows never change; switching is an act by a person.

The fingerprint is the SHA-256 of the parts. Some parts are told by the person or the server when the setup is pinned; the others are
computed from what runs here, so a changed prompt, rule or line of code shows as a difference from the pinned setup.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from drafting import canaries, connectors, drafts, prompts, rulebook
from drafting.agent.budget import BUDGET
from drafting.endpoints import DIALECTS, Endpoint
from drafting.errors import Refused
from drafting.models import CanaryRun, Category, Setup, SetupActivation
from drafting.protocol import action_schema, category_schema, fingerprint
from drafting.rulebook import Rulebook
from drafting.tools import TOOLS, Tool

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CODE = {
    "tools": ["drafting.tools", "drafting.connectors", "inbox.text_search", "drafting.working_days"],
    "agent": [
        "drafting.agent",
        "drafting.writing",
        "drafting.prompts",
        "drafting.protocol",
        "drafting.endpoints",
        "drafting.model_client",
        "drafting.model_replies",
        "drafting.examples",
        "drafting.masking",
        "drafting.personal",
        "drafting.signing",
    ],
    "gate": [
        "drafting.gate",
        "drafting.grounding",
        "drafting.rules",
        "drafting.rulebook",
        "drafting.facts",
        "drafting.fact_values",
        "drafting.checking",
        "drafting.slots",
        "drafting.models.bare",
        "inbox.composing",
        "inbox.public_providers",
    ],
    "parser": [
        "inbox.parsing",
        "inbox.quoting",
        "inbox.html",
        "inbox.charsets",
        "inbox.extraction",
        "inbox.languages",
        "inbox.automation",
        "inbox.bounces",
        "inbox.authenticity",
        "inbox.file_types",
        "inbox.replies",
        "inbox.subjects",
    ],
}
"""Which code each of these parts stands for."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The setups that draft now, as of `by_category`, and the computed parts in which something else runs here than each of them pinned.

    `running` are those parts as they run here.
    """

    used: dict[int | None, Setup]
    changed: dict[Setup, list[str]]
    running: dict[str, Any]


@transaction.atomic
def activate(*, setup: Setup, by: "User | None", category: Category | None = None) -> SetupActivation:
    """Make `setup` the one that writes from now on, all drafts or those of `category`; drafts that wait are tried at once.

    Raises Refused where the environment names another default setup.
    """
    if category is None and settings.ACTIVE_SETUP and not setup.fingerprint.startswith(settings.ACTIVE_SETUP):
        named = settings.ACTIVE_SETUP
        raise Refused(
            f"COUNTERSIGN_SETUP names the setup {named} on this installation, so no other may become active. Change it there first."
        )
    activation = SetupActivation.objects.create(setup=setup, category=category, by=by)
    drafts.wake()
    return activation


def return_to_default(*, category: Category, by: "User | None") -> SetupActivation:
    """From now on the default setup drafts for `category` again."""
    return SetupActivation.objects.create(setup=None, category=category, by=by)


def active(category: Category | None = None) -> Setup | None:
    """The setup that drafts for `category` now: its own, else the default."""
    asked = Q(category=None) if category is None else Q(category=None) | Q(category=category)
    newest = SetupActivation.objects.select_related("setup").filter(asked).order_by("category_id", "-pk").distinct("category_id")
    found = {each.category_id: each.setup for each in newest}
    return (found.get(category.pk) if category else None) or found.get(None)


def by_category() -> dict[int | None, Setup]:
    """The setups that draft now: those of categories that have their own, by the category's id, and the default one under None."""
    newest = SetupActivation.objects.select_related("setup").order_by("category_id", "-pk").distinct("category_id")
    return {each.category_id: each.setup for each in newest if each.setup is not None}


def own_setups() -> dict[int, Setup]:
    """The setups of categories that have their own, by the category's id."""
    return {category: setup for category, setup in by_category().items() if category is not None}


def in_use() -> list[Setup]:
    """All setups that write drafts now, the default one first."""
    found = by_category()
    return list(dict.fromkeys(found[category] for category in sorted(found, key=lambda category: category or 0)))


@transaction.atomic
def repin(*, by: "User | None") -> Setup:
    """Pin what runs here now with the same model servers as before, for the default and each category of its own; activate it.

    Asks no server: what was told of it stays, and so do its canaries and a difference that they showed. Raises Refused with no setup.
    """
    default = active()
    if default is None:
        raise Refused("No setup is active, so there is nothing to pin anew; add one first.")
    renewed = _renew(default, by)
    if renewed != default:
        activate(setup=renewed, by=by)
    for category_id, own in own_setups().items():
        if (other := _renew(own, by)) != own:
            activate(setup=other, by=by, category=Category.objects.get(pk=category_id))
    return renewed


def _renew(setup: Setup, by: "User | None") -> Setup:
    parts = setup.parts | running_parts()
    about = {"base_url": setup.base_url, "model": setup.model, "parts": parts, "created_by": by}
    renewed, _ = Setup.objects.get_or_create(fingerprint=fingerprint(parts), defaults=about)
    if renewed != setup:
        canaries.carry_over(source=setup, target=renewed, by=by)
    return renewed


def compare() -> Comparison:
    """What drafts now beside what runs here, read once for all setups. Says nothing of the models, which `canaries` compare."""
    used, running = by_category(), running_parts()
    changed = {setup: changed_parts(setup, running) for setup in set(used.values())}
    return Comparison(used, {setup: parts for setup, parts in changed.items() if parts}, running)


def changed_parts(setup: Setup, running: Mapping[str, Any]) -> list[str]:
    """The parts of `running_parts` that are not as they were pinned."""
    return [part for part, value in running.items() if setup.parts.get(part) != value]


def differences(setup: Setup, *, book: Rulebook | None = None, tools: Mapping[str, Tool] | None = None) -> list[str]:
    """The parts in which what runs here differs from what was pinned; "canaries" for the model. `book` and `tools` as for the parts."""
    differing = changed_parts(setup, running_parts(book, tools))
    return [*differing, *(["canaries"] if canaries.state(setup) == CanaryRun.Result.DIFFERENT else [])]


def is_standin(setup: Setup) -> bool:
    """Whether the server said that it is the stand-in, no model."""
    return bool(setup.parts.get("is_standin"))


def endpoint(setup: Setup) -> Endpoint:
    """How to ask this setup's model."""
    parts = setup.parts
    return Endpoint(
        setup.base_url, setup.model, parts["dialect"], parts["sampling"], parts["context_length"], answers_as=parts.get("answers_as", "")
    )


def guard(setup: Setup) -> Endpoint | None:
    """How to ask the setup's guard model; None where it has none."""
    parts = setup.parts.get("guard")
    return Endpoint(parts["base_url"], parts["model"], "text", parts["sampling"], parts["context_length"]) if parts else None


def unusable(setup: Setup) -> str:
    """Why this code cannot draft with `setup`, in words; "" where it can."""
    missing = [part for part in ("dialect", "sampling", "context_length") if part not in setup.parts]
    if missing:
        return f"{setup} lacks {' and '.join(missing)}"
    if setup.parts["dialect"] not in DIALECTS:
        return f"{setup} wants the dialect {setup.parts['dialect']!r}, which this version does not know"
    return "" if "max_tokens" in setup.parts["sampling"] else f"{setup} sets no max_tokens"


def running_parts(book: Rulebook | None = None, tools: Mapping[str, Tool] | None = None) -> dict[str, Any]:
    """The parts that are computed from what runs here, with `book` and `tools` or the rulebook and the connectors of now."""
    book = book or rulebook.read()
    return {
        "prompts": prompts.bundle_hash(),
        "schemas": fingerprint([category_schema([]), action_schema(list(TOOLS))]),
        "budget": vars(BUDGET),
        "holidays": sorted(day.isoformat() for day in settings.HOLIDAYS),
        "connectors": fingerprint(connectors.pinned(tools)),
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

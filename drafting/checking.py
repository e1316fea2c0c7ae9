"""A written reply before the gate: where its facts come from, and which checks it passes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from drafting.agent import Outcome
from drafting.grounding import Source, TracedAtom, atoms, trace
from drafting.models import Evidence
from inbox.models import Message


@dataclass(frozen=True)
class Checked:
    """What the gate says: atoms as `Draft.atoms` holds them, (code, passed, reason) of each check, and whether all hold."""

    atoms: list[dict[str, Any]]
    checks: list[tuple[str, bool, str]]
    is_eligible: bool


def check(*, outcome: Outcome, message: Message, setup_differences: Sequence[str]) -> Checked:
    """Every check of the gate on what the assistant wrote."""
    assert outcome.action is not None and outcome.choice is not None
    traced = _trace(outcome)
    return Checked([each.as_json() for each in traced], [], False)


def _trace(outcome: Outcome) -> list[TracedAtom]:
    assert outcome.action is not None and outcome.choice is not None
    language = outcome.choice.language
    return trace(atoms(outcome.action.body.strip(), language=language), sources(outcome), language=language)


def sources(outcome: Outcome) -> list[Source]:
    """Where a reply's facts may come from. Templates are named by themselves, other evidence by the number of its lookup."""
    found = [each for each in outcome.run.lookups if each.outcome == Evidence.Outcome.FOUND]
    templates = [Source(f"template:{each['id']}", each["body"]) for lookup in found if lookup.tool == "templates" for each in lookup.answer]
    evidence = [Source(f"evidence:{each.number}", each.answer) for each in found if each.tool != "templates"]
    mail = Source("mail", f"{outcome.mail.subject}\n{outcome.mail.text}\n{outcome.mail.from_name}")
    return [*evidence, mail, *templates]

"""Deliberately wrong drafts: a clean one with exactly one plausible error. Pure; the same seed makes the same error."""

from collections.abc import Callable
from random import Random

from drafting import grounding
from drafting.gate.wording import folded
from review.planting import figures, wordings
from review.planting.material import Change, Corruption, Kind, Material, apply, touches

FINDERS: dict[Kind, Callable[[Material], figures.Groups]] = {
    Kind.AMOUNT: figures.amounts,
    Kind.DATE: figures.dates,
    Kind.ID: figures.ids,
    Kind.NAME: wordings.names,
    Kind.OTHER_ORDER: figures.other_orders,
    Kind.REFUND: wordings.refunds,
    Kind.REFUSAL: wordings.refusals,
    Kind.LINK: wordings.links,
}
ADDED = (Kind.REFUND, Kind.REFUSAL)
"""What is wrong as a wording; the others are wrong by a value that the draft must not have already."""


def corrupt(material: Material, *, seed: int) -> Corruption | None:
    """The draft with one error, of a kind that fits it; None where no kind does."""
    chance = Random(seed)  # noqa: S311 - which error it is need not be secret
    fitting = {kind: groups for kind, find in FINDERS.items() if (groups := _fitting(find(material), material))}
    if not fitting:
        return None
    group = chance.choice(fitting[chance.choice(list(fitting))])
    return apply(chance.choice(group), material)


def possible(material: Material) -> list[Corruption]:
    """Every error that could be planted in the draft."""
    return [apply(change, material) for find in FINDERS.values() for group in _fitting(find(material), material) for change in group]


def _fitting(groups: figures.Groups, material: Material) -> figures.Groups:
    fitting = [[change for change in group if _fits(change, material)] for group in groups]
    return [group for group in fitting if group]


def _fits(change: Change, material: Material) -> bool:
    """Whether it really makes the draft say something else, and cuts no atom in two."""
    if not change.text.strip() or any(_cuts(change, atom["start"], atom["end"]) for atom in material.atoms):
        return False
    right = material.body[change.start : change.end]
    if folded(change.text) == folded(right):
        return False
    return change.kind in ADDED or not _has(material, change)


def _has(material: Material, change: Change) -> bool:
    """Whether the draft says already, perhaps in another spelling, what would be wrong."""
    if change.kind == Kind.NAME:
        return folded(change.text) in folded(material.body)
    named = {value for one in grounding.atoms(material.body, language=material.language) for value in one.value}
    wrong = {value for one in grounding.atoms(change.text, language=material.language) for value in one.value}
    return not wrong or bool(wrong & named)


def _cuts(change: Change, start: int, end: int) -> bool:
    return touches({"start": start, "end": end}, change.start, change.end) and (start, end) != (change.start, change.end)

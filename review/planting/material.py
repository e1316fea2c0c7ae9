"""What a planted error is made from, and how it is put into a draft. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from drafting import grounding
from review.models import PlantedDraft

Kind = PlantedDraft.Kind
Atom = dict[str, Any]
"""An entry of `Draft.atoms`."""


@dataclass(frozen=True, slots=True)
class Material:
    """A clean draft, and where plausible wrong values come from.

    `answers` is what its lookups returned, `names` are people at the customer, who wrote first; `other_orders` are numbers of other
    customers' orders, `domain` is that of our own mailbox.
    """

    body: str
    atoms: list[Atom]
    language: str
    answers: tuple[grounding.Json, ...] = ()
    names: tuple[str, ...] = ()
    other_orders: tuple[str, ...] = ()
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """`text` in place of what stands from `start` to `end`; `words` say what is wrong then."""

    kind: Kind
    start: int
    end: int
    text: str
    words: str


@dataclass(frozen=True, slots=True)
class Corruption:
    """A whole draft that is wrong from `start` to `end`, with its atoms marked as those of a clean one."""

    kind: Kind
    body: str
    atoms: list[Atom]
    start: int
    end: int
    words: str


def apply(change: Change, material: Material) -> Corruption:
    """The draft with the change in it. Atoms behind it move; the one that it stands in place of stays marked as it was."""
    body = material.body[: change.start] + change.text + material.body[change.end :]
    end = change.start + len(change.text)
    before = [atom for atom in material.atoms if atom["end"] <= change.start]
    behind = [_moved(atom, end - change.end) for atom in material.atoms if atom["start"] >= change.end and atom not in before]
    return Corruption(change.kind, body, [*before, *_within(change, material), *behind], change.start, end, change.words)


def touches(atom: Atom, start: int, end: int) -> bool:
    """Whether an atom and a stretch of text have a character in common."""
    return bool(atom["start"] < end and start < atom["end"])


def scalars(value: grounding.Json) -> Iterator[str]:
    """Every single value in an answer, as text."""
    if isinstance(value, dict):
        for item in value.values():
            yield from scalars(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from scalars(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _moved(atom: Atom, by: int) -> Atom:
    return atom | {"start": atom["start"] + by, "end": atom["end"] + by}


def _within(change: Change, material: Material) -> list[Atom]:
    for atom in material.atoms:
        if (atom["start"], atom["end"]) == (change.start, change.end):
            return [atom | {"text": change.text, "end": change.start + len(change.text)}]
    source = next((str(atom["source"]) for atom in material.atoms if atom.get("source")), "mail")
    found = grounding.atoms(change.text, language=material.language)
    return [
        {
            "kind": one.kind.value,
            "text": one.text,
            "start": change.start + one.start,
            "end": change.start + one.end,
            "traced": True,
            "source": source,
        }
        for one in found
    ]

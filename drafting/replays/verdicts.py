"""Is the candidate's text better or worse than the recorded one? The reply that a person sent decides."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from inspect import getdoc

from drafting.grounding import Atom, Source, atoms, trace
from drafting.models import ReplayRun
from inbox import languages

Verdict = ReplayRun.Verdict


@dataclass(frozen=True)
class Text:
    """What was written for a mail: a reply, or "" for a hand-over. `category` is its slug, `is_eligible` what the gate said."""

    category: str
    body: str
    is_eligible: bool = False

    @cached_property
    def atoms(self) -> list[Atom]:
        """The facts that it names."""
        return atoms_of(self.body)


@dataclass(frozen=True)
class Label:
    """The reply that a person sent. `is_knowable`: every fact in it occurs in the mail or in what was looked up."""

    atoms: Sequence[Atom]
    is_knowable: bool


def atoms_of(body: str) -> list[Atom]:
    """The atoms of a text in whatever language it is in."""
    return atoms(body, language=languages.detect(body)) if body else []


def label(body: str, *, sources: Iterable[Source], today: date) -> Label:
    """The label that a person's reply of `today` is."""
    language = languages.detect(body)
    named = atoms(body, language=language)
    found = trace(named, list(sources), language=language, text=body, today=today)
    return Label(named, all(each.is_traced for each in found))


def judge(candidate: Text, recorded: Text, final: Label | None) -> tuple[Verdict, str]:
    """The verdict on a candidate's text and what it rests on. The first of these that holds:

    * Newly blocked: the recorded draft passed every check of the gate, and the candidate's does not (or is a hand-over). Checks about
      the present (which setup is pinned, caps) do not count on either side.
    * Same: the same category, both reply or both hand over, and the same facts (numbers, dates, amounts, ids, links … after
      normalising). Wording does not count.
    * Better, worse: closer to the reply that a person sent than the recorded draft, or farther from it. A reply is as close as
      its facts agree with that reply's (from 0, none, to 1, all). A hand-over is at 1 if that reply names a fact that nothing which was
      looked up contains, so that the assistant could not have written it, else at 0.
    * Different: nobody sent a reply, or both are equally close to it.

    Where a person approved the recorded draft as it was, that draft agrees with itself, and no candidate can be better.
    """
    if recorded.is_eligible and not candidate.is_eligible:
        return Verdict.BLOCKED, "The recorded draft passed every check; this does not."
    if is_same(candidate, recorded):
        return Verdict.SAME, "Same category, same decision, same facts."
    if final is None:
        return Verdict.UNCLEAR, "It differs from the recorded draft, and nobody sent a reply that would say which is right."
    now, before = closeness(candidate, final), closeness(recorded, final)
    said = f"Agrees with the reply that was sent by {now:.0%}, the recorded draft by {before:.0%}."
    if now == before:
        return Verdict.UNCLEAR, said
    return (Verdict.BETTER if now > before else Verdict.WORSE), said


def meanings() -> list[tuple[str, str]]:
    """The verdicts and what they mean, as the docstring of `judge` has it, for people to read."""
    listed = re.findall(r"^\* ([^:]+): (.+?)(?=\n\* |\n\n)", getdoc(judge) or "", flags=re.MULTILINE | re.DOTALL)
    return [(name, f"{text[:1].upper()}{' '.join(text.split())[1:]}") for name, text in listed]


def is_same(one: Text, other: Text) -> bool:
    """Whether two texts are of one category, decide alike and name the same facts."""
    return one.category == other.category and bool(one.body) == bool(other.body) and agreement(one.atoms, other.atoms) == 1


def closeness(text: Text, final: Label) -> float:
    """How close a text comes to the reply that was sent, from 0 to 1 (see `judge`)."""
    if not text.body:
        return 0.0 if final.is_knowable else 1.0
    return agreement(text.atoms, final.atoms)


def agreement(one: Sequence[Atom], other: Sequence[Atom]) -> float:
    """The share of facts that two texts have in common: Dice's coefficient, 2·|A ∩ B| / (|A| + |B|) (doi:10.2307/1932409).

    An atom is in common where any of its readings is one of an atom of the other text. Two texts without facts agree.
    """
    mine, theirs = {atom.value for atom in one}, {atom.value for atom in other}
    if not mine and not theirs:
        return 1.0
    return (_common(mine, theirs) + _common(theirs, mine)) / (len(mine) + len(theirs))


def _common(some: set[tuple[str, ...]], others: set[tuple[str, ...]]) -> int:
    readings = {reading for value in others for reading in value}
    return sum(not readings.isdisjoint(value) for value in some)

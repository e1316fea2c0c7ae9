"""A preview of changed rules in words."""

import json
from dataclasses import dataclass

from django.urls import reverse

from drafting.previews import Changed, Eligibility, Kind, Preview
from review.desk import words

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A past draft with another outcome."""

    url: str
    subject: str
    category: str
    at: words.Moment
    kind: str
    tone: str
    was: list[str]
    would_be: list[str]
    eligibility: str


@dataclass(frozen=True, slots=True)
class Said:
    """The preview as the page says it: a headline, what to know about it, and the drafts. `rules` are for a replay, as JSON."""

    headline: str
    details: list[str]
    notes: list[str]
    lines: list[Line]
    more: str
    rules: str


TONES = {Kind.HANDED_OVER: "red", Kind.BLOCKED: "red", Kind.FREED: "green", Kind.WRITTEN: "green"}


def say(preview: Preview) -> Said:
    """What a preview found."""
    return Said(
        headline=_headline(preview),
        details=_details(preview),
        notes=_notes(preview),
        lines=[_line(each) for each in preview.changed[:SHOWN]],
        more=f"and {len(preview.changed) - SHOWN:,} more" if len(preview.changed) > SHOWN else "",
        rules=json.dumps(preview.rules),
    )


def _headline(preview: Preview) -> str:
    if not preview.looked_at:
        return "There are no past drafts to compare with."
    changed = f"{len(preview.changed):,} of {preview.looked_at:,}" if preview.changed else f"none of {preview.looked_at:,}"
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in preview.kinds.items())
    return f"Would change {changed} past {'draft' if preview.looked_at == 1 else 'drafts'}{': ' if kinds else ''}{kinds}."


def _details(preview: Preview) -> list[str]:
    found = [f"{number:,} {each}." for each, number in preview.eligibilities.items()]
    if preview.changed and not found:
        found = ["None would have become eligible, and none would have stopped being so."]
    if Kind.TOLD in preview.kinds:
        found.append("What the model would have written with other instructions is not known; a replay shows it.")
    return found


def _notes(preview: Preview) -> list[str]:
    notes = []
    if preview.without_facts:
        number = words.count(preview.without_facts, "draft was", "drafts were")
        notes.append(f"{number} left out: written before the facts that this rule names were kept.")
    if not preview.is_complete:
        notes.append(f"Stopped after {preview.seconds:.0f} s. Choose a category, or fewer drafts, to see all of them.")
    return notes


def _line(each: Changed) -> Line:
    return Line(
        url=reverse("conversation", args=[each.conversation_id]),
        subject=each.subject or "(no subject)",
        category=each.category,
        at=words.moment(each.at),
        kind=each.kind.capitalize(),
        tone=TONES.get(each.kind, "quiet"),
        was=each.was,
        would_be=each.would_be,
        eligibility="" if each.eligibility is Eligibility.SAME else each.eligibility.capitalize(),
    )

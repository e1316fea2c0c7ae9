"""Mail text and draft text, cut into what a page shows differently."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST = 8_000
EARLIER = 1_500


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of draft text. `kind` is "" for plain words; an atom is "traced" or "untraced", explained by `words`, supported by `target`."""

    text: str
    kind: str = ""
    target: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail's text for reading: what is new, what is quoted (folded), and whether there is more than is shown."""

    new: str
    quoted: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Source:
    """What supports an atom: where it stands on the page, and its name in words."""

    target: str
    words: str


def segments(body: str, atoms: Sequence[Mapping[str, Any]], sources: Mapping[str, Source]) -> list[Segment]:
    """The draft with its atoms marked, by the sources that support them. Atoms that overlap or lie outside the text are left plain."""
    found: list[Segment] = []
    at = 0
    for atom in sorted(atoms, key=lambda atom: int(atom["start"])):
        start, end = atom["start"], atom["end"]
        if not at <= start < end <= len(body):
            continue
        found += [Segment(body[at:start]), _atom(body[start:end], atom, sources)]
        at = end
    return [segment for segment in [*found, Segment(body[at:])] if segment.text]


def _atom(text: str, atom: Mapping[str, Any], sources: Mapping[str, Source]) -> Segment:
    if not atom.get("traced"):
        return Segment(text, "untraced", "", "Not found in anything that was looked up")
    source = sources.get(str(atom.get("source", "")), Source("item", "an approved text"))
    return Segment(text, "traced", source.target, f"From {source.words}")


def reading(text: str, reply_text: str, limit: int = LONGEST) -> Reading:
    """What a person newly wrote, with the rest of the mail folded away.

    Folding is only safe where the new words are one piece at the start of the mail: answers between quoted lines stay where they are.
    """
    whole = text.strip()
    new = reply_text.strip()
    if new and whole.startswith(new):
        quoted = whole[len(new) :].strip()
    elif new and not _is_interleaved(whole, new):
        quoted = _without(whole, new)
    else:
        new, quoted = whole, ""
    return Reading(new[:limit], quoted[:limit], len(new) > limit or len(quoted) > limit)


def _is_interleaved(whole: str, new: str) -> bool:
    """Whether new lines stand on both sides of quoted ones."""
    wanted = {line.strip() for line in new.splitlines() if line.strip()}
    sides = [line.strip() in wanted for line in whole.splitlines() if line.strip()]
    runs = re.findall(r"1+", "".join("01"[side] for side in sides))
    return len(runs) > 1


def _without(whole: str, new: str) -> str:
    wanted = {line.strip() for line in new.splitlines()}
    return "\n".join(line for line in whole.splitlines() if line.strip() not in wanted).strip()


def shortened(reading: Reading, limit: int) -> Reading:
    """The same reading, cut earlier."""
    is_cut = reading.is_cut or len(reading.new) > limit or len(reading.quoted) > limit
    return Reading(reading.new[:limit], reading.quoted[:limit], is_cut)

"""Mail text and draft text, cut into what a page shows differently."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

LONGEST = 8_000
EARLIER = 1_500
INTERLEAVED = 30_000
"""Characters of answers between quoted lines, which are shown with what they answer."""
WORD = 30
"""So many characters at most are given up for ending with a whole word."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of draft text. `kind` is "" for plain words; an atom is "traced" or "untraced", explained by `words`.

    `target` is where on the page its support stands, "" where that is not on the page.
    """

    text: str
    kind: str = ""
    target: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail's text for reading: what is new, what is quoted (folded), and whether there is more than is shown.

    `is_interleaved`: the new words stand between quoted ones, and both are in `new`.
    """

    new: str
    quoted: str
    is_cut: bool = False
    is_interleaved: bool = False


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
    name = str(atom.get("source", ""))
    source = sources.get(name, Source("", "an approved text" if name.startswith("template:") else "what was looked up"))
    return Segment(text, "traced", source.target, f"From {source.words}")


def reading(text: str, reply_text: str) -> Reading:
    """What a person newly wrote, with the rest of the mail folded away, all of it.

    Folding is only safe where the new words are one piece at the start of the mail: answers between quoted lines stay where they are.
    """
    whole = text.strip()
    new = reply_text.strip()
    if new and whole.startswith(new):
        return Reading(new, whole[len(new) :].strip())
    is_interleaved = bool(new) and _is_interleaved(whole, new)
    if new and not is_interleaved:
        return Reading(new, _without(whole, new))
    return Reading(whole, "", is_interleaved=is_interleaved)


def _is_interleaved(whole: str, new: str) -> bool:
    """Whether new lines stand on both sides of quoted ones."""
    wanted = {line.strip() for line in new.splitlines() if line.strip()}
    sides = [line.strip() in wanted for line in whole.splitlines() if line.strip()]
    runs = re.findall(r"1+", "".join("01"[side] for side in sides))
    return len(runs) > 1


def _without(whole: str, new: str) -> str:
    wanted = {line.strip() for line in new.splitlines()}
    return "\n".join(line for line in whole.splitlines() if line.strip() not in wanted).strip()


def shortened(reading: Reading, limit: int, quoted: int | None = None) -> Reading:
    """The same reading with at most so many characters of new text, and of quoted text (as many, unless `quoted` says otherwise)."""
    shorter = replace(reading, new=cut(reading.new, limit), quoted=cut(reading.quoted, limit if quoted is None else quoted))
    return replace(shorter, is_cut=reading.is_cut or shorter != reading)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters of a text and an ellipsis where it goes on, after a whole word if one ends nearby."""
    if len(text) <= limit:
        return text
    start = text[:limit]
    end = max(start.rfind(" "), start.rfind("\n"))
    return f"{start[: end if end > 0 and limit - end <= WORD else limit].rstrip(' …')} …"

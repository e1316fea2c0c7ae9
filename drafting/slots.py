"""Slots of templates: "{order}" takes a few words, "{order:id}", "{day:date}" or "{sum:amount}" exactly one fact of that kind.

Pure. What looks like a slot and is none (an unknown kind, an unclosed brace) stays as it is written, so nothing fits it by accident;
`problems` says so before it is saved.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from drafting import grounding

TEXT = "text"
KINDS: dict[str, grounding.Kind | None] = {
    TEXT: None,
    "number": grounding.Kind.NUMBER,
    "amount": grounding.Kind.AMOUNT,
    "date": grounding.Kind.DATE,
    "id": grounding.Kind.ID,
}
"""What a slot may be said to take. A text is up to `LONGEST` characters that promise nothing."""
LONGEST = 60
"""Characters that a slot takes at most, and that may stand between its braces."""
_SLOT = re.compile(r"\{(?P<name>[^{}:\n]+)(?::(?P<kind>[^{}:\n]*))?\}")
_BRACES = re.compile(r"\{[^{}\n]*\}?|\}")
_NAME = re.compile(r"[^\W_][\w .-]*")


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot; `start` and `end` are its offsets in the template, braces included."""

    name: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Wording:
    """A template taken apart: what stands before, between and behind its slots, and the kind of each slot. One literal more than kinds."""

    literals: tuple[str, ...]
    kinds: tuple[str, ...]


def parse(text: str) -> list[Slot]:
    """The slots of a template, in order."""
    return [slot for match in _SLOT.finditer(text) if (slot := _read(match))]


def problems(text: str) -> list[str]:
    """What keeps a template from being saved, in words that say what to write instead; empty if nothing does."""
    found = parse(text)
    starts = {slot.start for slot in found}
    broken = [_wrong_brace(match[0]) for match in _BRACES.finditer(text) if match.start() not in starts]
    return list(dict.fromkeys([*broken, *_touching(found), *_of_two_kinds(found)]))


def literals(text: str) -> Wording:
    """`text` (a template, or a sentence of one, folded or not) taken apart for `fits`."""
    found = parse(text)
    ends, starts = [0, *(slot.end for slot in found)], [*(slot.start for slot in found), len(text)]
    return Wording(tuple(text[end:start] for end, start in zip(ends, starts, strict=True)), tuple(slot.kind for slot in found))


def fits(sentence: str, wording: Wording, *, is_harmless: Callable[[str], bool] = lambda text: True) -> bool:
    """Whether `sentence` is `wording` with its slots filled. Both must be folded alike. A wording of slots alone fits nothing.

    `is_harmless` is asked about what a slot of kind text would take.
    """
    first, *others = wording.literals
    room = sum(map(len, wording.literals)) + LONGEST * len(wording.kinds)
    if not "".join(wording.literals).strip() or not sentence.startswith(first) or len(sentence) > room:
        return False
    reached = {len(first)}
    for kind, literal in zip(wording.kinds, others, strict=True):
        taken = {(start, end) for start in reached for end in _ends(sentence, literal, start)}
        reached = {end + len(literal) for start, end in taken if takes(kind, sentence[start:end], is_harmless=is_harmless)}
    return len(sentence) in reached


def takes(kind: str, text: str, *, is_harmless: Callable[[str], bool] = lambda text: True) -> bool:
    """Whether a slot of `kind` may be filled with `text`, folded or not."""
    if not text.strip() or len(text) > LONGEST:
        return False
    wanted = KINDS[kind]
    return is_harmless(text) if wanted is None else any(_is_one(wanted, spelled) for spelled in (text, text.upper()))


def _is_one(kind: grounding.Kind, text: str) -> bool:
    """Whether `text` is one atom of `kind` and nothing else. Asked in capitals too, because folding hides "SO 10423" and "4 March"."""
    found = grounding.atoms(text)
    return len(found) == 1 and found[0].kind is kind and found[0].text == text.strip()


def _ends(sentence: str, literal: str, start: int) -> Iterator[int]:
    """Where what a slot takes from `start` on may end: wherever `literal` follows, at least one character on."""
    end = sentence.find(literal, start + 1, start + LONGEST + len(literal) + 1)
    while end != -1:
        yield end
        end = sentence.find(literal, end + 1, start + LONGEST + len(literal) + 1)


def _read(match: re.Match[str]) -> Slot | None:
    kind = TEXT if match["kind"] is None else match["kind"].strip().lower()
    is_slot = kind in KINDS and len(match[0]) <= LONGEST + 2 and _NAME.fullmatch(match["name"].strip())
    return Slot(match["name"].strip(), kind, *match.span()) if is_slot else None


def _wrong_brace(text: str) -> str:
    if text == "}":
        return "A “}” has no “{” before it. Braces are for slots only, such as {order}."
    if not text.endswith("}"):
        return f"“{text[:40].strip()}” is not closed. Write a slot on one line, such as {{order}} or {{day:date}}."
    name, colon, kind = text[1:-1].partition(":")
    if len(text) > LONGEST + 2:
        return f"“{text[:40]}…” is too long for a slot: at most {LONGEST} characters may stand between the braces."
    if not _NAME.fullmatch(name.strip()):
        return f"“{text}” has no name that can be used. Write letters, digits, spaces, dots or hyphens, such as {{order}}."
    unknown = kind.strip() if colon else ""
    return f"“{text}”: there is no kind “{unknown}”. There are {', '.join(KINDS)}; without one, a slot takes text."


def _touching(found: list[Slot]) -> list[str]:
    return [
        f"{{{one.name}}} and {{{other.name}}} touch. Write something between them, so that they can be told apart."
        for one, other in itertools.pairwise(found)
        if one.end == other.start
    ]


def _of_two_kinds(found: list[Slot]) -> list[str]:
    kinds: dict[str, str] = {}
    for slot in found:
        kinds.setdefault(slot.name, slot.kind)
    clashing = dict.fromkeys(slot.name for slot in found if kinds[slot.name] != slot.kind)
    return [f"{{{name}}} stands there with two kinds. Give it one, or use two names." for name in clashing]

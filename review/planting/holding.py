"""Whether an edited text still has the error that was planted. Pure."""

import re
from difflib import SequenceMatcher

from drafting import grounding
from drafting.gate.wording import folded
from review.models import PlantedDraft

Kind = PlantedDraft.Kind
_WORD = re.compile(r"\w+")
_MOST_LEFT = 0.5
"""Of the words of an added sentence; beyond that it is still there, however it was polished."""


def holds(text: str, planted: PlantedDraft, *, language: str) -> bool:
    """Whether `text` still has the error: a value by its meaning, however it is spelled now; an added sentence by most of its words."""
    wrong = planted.body[planted.start : planted.end]
    if planted.kind == Kind.REFUND:
        return _kept(planted, text) > _MOST_LEFT
    if planted.kind == Kind.REFUSAL:
        return _kept(planted, text) == 1
    if planted.kind == Kind.NAME:
        return bool(re.search(rf"(?<!\w){re.escape(folded(wrong))}(?!\w)", folded(text)))
    if planted.kind in (Kind.ID, Kind.OTHER_ORDER) and _bare(wrong) in _bare(text):
        return True
    return bool(_values(wrong, planted.kind, language) & _values(text, planted.kind, language)) or folded(wrong.strip()) in folded(text)


def _bare(text: str) -> str:
    """Letters and digits alone, so that "so 10423" is SO-10423."""
    return re.sub(r"[\W_]", "", text.casefold())


def _values(text: str, kind: str, language: str) -> set[str]:
    found = grounding.atoms(text, language=language)
    if kind == Kind.LINK:
        return {grounding.domain_of(one.text) for one in found if one.kind is grounding.Kind.URL}
    return {value for one in found for value in one.value}


def _kept(planted: PlantedDraft, text: str) -> float:
    """The share of the planted words that are still in their place."""
    words = list(_WORD.finditer(planted.body.casefold()))
    place = range(planted.start, planted.end)
    wanted = {number for number, word in enumerate(words) if word.start() in place or word.end() - 1 in place}
    blocks = SequenceMatcher(None, [word[0] for word in words], _WORD.findall(text.casefold()), autojunk=False).get_matching_blocks()
    kept = {number for block in blocks for number in range(block.a, block.a + block.size)} & wanted
    return len(kept) / len(wanted) if wanted else 0.0

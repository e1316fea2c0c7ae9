"""Whether a text still promises the refund that was planted. Pure."""

import re
from difflib import SequenceMatcher

from drafting import grounding
from drafting.gate import find_promises
from review.models import PlantedDraft
from review.planting.spotting import plain, words

_MOST_LEFT = 0.5
"""Of the words of the added sentence; beyond that it is still there, however it was polished."""
_ALIKE = 0.6
"""Share of words in common from which on a promise is the draft's own, polished."""
_ROOT = 5
_GIVEN_BACK = re.compile(
    r"\b(?:back|return|receiv|get\b|pay|zurück|wieder|erhalten|bekomm|überweis|auszahl|rend|revers|recevr|vers|devol|devuel|recib|abon|ingres"
    r"|restitu|ricev|vers|terug|krijg|ontvang|odda|zwr|otrzym|wypłac|receb|devolv)"
)


def stands(text: str, planted: PlantedDraft, *, clean: str, language: str) -> bool:
    """Whether most words of the planted sentence stand there, a new promise of its kind, or a new sentence that gives its amount back."""
    if _kept(planted, text) > _MOST_LEFT:
        return True
    wrong = plain(planted.body[planted.start : planted.end])
    roots = {word[:_ROOT] for word in words(wrong) if find_promises(word, allowed_texts=())}
    if any(word.startswith(tuple(roots)) for promise in added(text, clean) for word in words(promise)):
        return True
    return _gives_back(text, _amounts(wrong, language), clean=clean, language=language)


def added(text: str, clean: str) -> list[str]:
    """The promises in a text that the draft itself does not make, in other words either."""
    own = [words(promise) for promise in find_promises(clean, allowed_texts=())]
    return [promise for promise in find_promises(text, allowed_texts=[clean]) if not any(_is_alike(words(promise), one) for one in own)]


def _is_alike(some: list[str], others: list[str]) -> bool:
    return SequenceMatcher(None, some, others, autojunk=False).ratio() >= _ALIKE


def _gives_back(text: str, amounts: set[str], *, clean: str, language: str) -> bool:
    own = {tuple(words(sentence)) for sentence in _sentences(clean)}
    return any(
        amounts & _amounts(sentence, language) and _GIVEN_BACK.search(sentence.casefold())
        for sentence in _sentences(text)
        if tuple(words(sentence)) not in own
    )


def _amounts(text: str, language: str) -> set[str]:
    found = [one for one in grounding.atoms(text, language=language) if one.kind is grounding.Kind.AMOUNT]
    return {value.split()[0] for one in found for value in one.value}


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+|\n\s*\n", text) if part.strip()]


def _kept(planted: PlantedDraft, text: str) -> float:
    """The share of the planted words that are still in their place."""
    ahead = len(words(plain(planted.body[: planted.start])))
    wanted = range(ahead, ahead + len(words(plain(planted.body[planted.start : planted.end]))))
    blocks = SequenceMatcher(None, words(plain(planted.body)), words(text), autojunk=False).get_matching_blocks()
    kept = {number for block in blocks for number in range(block.a, block.a + block.size) if number in wanted}
    return len(kept) / len(wanted) if wanted else 0.0

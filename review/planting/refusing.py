"""Whether a text still allows what the draft refuses. Pure."""

import re
from collections import Counter

from review.models import PlantedDraft
from review.planting.spotting import likeness, plain, spans, words

_SAME = 0.5
"""Of the words around the planted ones; a sentence that has so many of them says the same thing."""
_NO = re.compile(
    r"(?<!\w)(?:not|no|cannot|never|neither|nor|unable|impossible|unfortunately|too late|\w+n't"
    r"|nicht|kein\w*|nie|niemals|leider|unmöglich|ausgeschlossen|zu spät"
    r"|ne|n'\w+|pas|plus|jamais|impossible|malheureusement|trop tard"
    r"|nunca|imposible|lamentablemente|tampoco|ya no|demasiado tarde"
    r"|non|mai|impossibile|purtroppo|troppo tardi"
    r"|niet|geen|nooit|helaas|onmogelijk|te laat"
    r"|nie|niemożliw\w+|niestety|za późno|nigdy"
    r"|não|impossível|infelizmente|tarde demais)(?!\w)"
)


def stands(text: str, planted: PlantedDraft, *, clean: str, language: str) -> bool:
    """Whether a sentence of the text says what the planted one says, and refuses no more than it does."""
    before, after = plain(planted.body[: planted.start]), plain(planted.body[planted.end :])
    wrong = plain(planted.body[planted.start : planted.end])
    right = clean[len(before) : len(clean) - len(after)]
    found, refused = (spans(text, one, kind=planted.kind, language=language) for one in (wrong, right))
    if refused and len(refused) >= len(spans(clean, right, kind=planted.kind, language=language)):
        fits = [max((likeness(text, span, before=before, after=after) for span in some), default=-1) for some in (found, refused)]
        return fits[0] > fits[1]
    head, tail = _sentences(before)[-1], _sentences(after)[0]
    return any(_says(sentence, wrong, head, tail) for sentence in _sentences(text))


def _says(sentence: str, wrong: str, head: str, tail: str) -> bool:
    around = Counter(words(head) + words(tail))
    said = sum((around & Counter(words(sentence))).values())
    if said < _SAME * max(around.total(), 1):
        return False
    stripped, is_there = _without(sentence, wrong)
    if not around and not is_there:
        return False
    return len(_NO.findall(stripped)) <= len(_NO.findall(f"{head} {tail}".casefold()))


def _without(sentence: str, wrong: str) -> tuple[str, int]:
    """The sentence without the planted words, folded, and how often they stood in it."""
    return re.subn(rf"(?<!\w){re.escape(wrong.strip().casefold())}(?!\w)", " ", sentence.casefold())


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+|\n\s*\n", text)

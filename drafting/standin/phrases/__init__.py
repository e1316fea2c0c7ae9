"""What the stand-in can say, by language and key. A key has one or more wordings; the case picks one, so the same mail gets the same reply.

`{slot}` is filled from facts. A part in [brackets] is left out when one of its slots has no fact; a wording that lacks a fact
outside brackets cannot be said at all.
"""

import hashlib
import re
from collections.abc import Mapping

from drafting.standin.phrases import de, en, es, fr, it, nl, pl

PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    language: {key: (words,) if isinstance(words, str) else words for key, words in module.PHRASES.items()}
    for language, module in {"en": en, "de": de, "fr": fr, "es": es, "it": it, "nl": nl, "pl": pl}.items()
}
_SLOT = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


def say(key: str, language: str, facts: Mapping[str, object] | None = None, *, case: str = "") -> str:
    """The phrase with its facts, or "" where a fact that it cannot do without is missing. Without a `case` the first wording goes first."""
    wordings = PHRASES[language].get(key, ())
    start = int(hashlib.sha256(f"{key} {case}".encode()).hexdigest(), 16) if case else 0
    for place in range(len(wordings)):
        if said := _fill(wordings[(start + place) % len(wordings)], facts or {}):
            return said
    return ""


def _fill(wording: str, facts: Mapping[str, object]) -> str:
    kept = _OPTIONAL.sub(lambda part: part[1] if _known(part[1], facts) else "", wording)
    return _SLOT.sub(lambda slot: str(facts[slot[1]]), kept) if _known(kept, facts) else ""


def _known(wording: str, facts: Mapping[str, object]) -> bool:
    return all(facts.get(slot) not in (None, "") for slot in _SLOT.findall(wording))

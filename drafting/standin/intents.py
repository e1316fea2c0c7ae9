"""What mails to a company are usually about, scored by vocabulary."""

import re
from functools import cache, lru_cache

from drafting.standin.vocabulary import VOCABULARY

INTENTS = tuple(VOCABULARY["en"])
MOST_READ = 8000
"""Characters of a text that are scored; what a mail is about stands before that."""


def score(text: str, language: str) -> dict[str, float]:
    """How strongly a text speaks of each intent, in its language and in English; intents that it does not speak of are left out."""
    found = [score_own(text, one) for one in ({language, "en"} if language in VOCABULARY else VOCABULARY)]
    return {intent: max(one.get(intent, 0) for one in found) for intent in INTENTS if any(intent in one for one in found)}


def score_own(text: str, language: str) -> dict[str, float]:
    """The same by the words of one language alone."""
    return dict(_weights(text[:MOST_READ], language))


@lru_cache(maxsize=2048)
def _weights(text: str, language: str) -> tuple[tuple[str, float], ...]:
    found = ((intent, _weight(text, language, intent)) for intent in INTENTS)
    return tuple((intent, weight) for intent, weight in found if weight)


def _weight(text: str, language: str, intent: str) -> float:
    hits = {match[0].lower() for match in _pattern(language, intent).finditer(text)}
    return sum(2.0 if re.search(r"\s", hit.strip()) else 1.0 for hit in hits)


@cache
def _pattern(language: str, intent: str) -> re.Pattern[str]:
    terms = VOCABULARY[language][intent].split("|")
    return re.compile(r"\b(?:" + "|".join(_term(term) for term in sorted(terms, key=len, reverse=True)) + ")", re.IGNORECASE)


def _term(term: str) -> str:
    return r"(?:\W+\w+){0,6}?\W+".join(re.escape(part).replace(r"\ ", r"\s+") for part in term.split("_"))

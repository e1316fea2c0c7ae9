"""What mails to a company are usually about, scored by vocabulary."""

import re
from functools import cache

from drafting.standin.vocabulary import VOCABULARY

INTENTS = tuple(VOCABULARY["en"])


def score(text: str, language: str) -> dict[str, float]:
    """How strongly a text speaks of each intent, in its language and in English; intents that it does not speak of are left out."""
    found = [score_own(text, one) for one in ({language, "en"} if language in VOCABULARY else VOCABULARY)]
    return {intent: max(one.get(intent, 0) for one in found) for intent in INTENTS if any(intent in one for one in found)}


def score_own(text: str, language: str) -> dict[str, float]:
    """The same by the words of one language alone."""
    found = {intent: _weight(text, language, intent) for intent in INTENTS}
    return {intent: weight for intent, weight in found.items() if weight}


def _weight(text: str, language: str, intent: str) -> float:
    hits = {match[0].lower() for match in _pattern(language, intent).finditer(text)}
    return sum(2.0 if re.search(r"\s", hit.strip()) else 1.0 for hit in hits)


@cache
def _pattern(language: str, intent: str) -> re.Pattern[str]:
    terms = VOCABULARY[language][intent].split("|")
    return re.compile(r"\b(?:" + "|".join(_term(term) for term in sorted(terms, key=len, reverse=True)) + ")", re.IGNORECASE)


def _term(term: str) -> str:
    return r"(?:\W+\w+){0,3}?\W+".join(re.escape(part).replace(r"\ ", r"\s+") for part in term.split("_"))

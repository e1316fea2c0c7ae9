"""The category turn: which category, language, asks and flags a mail has."""

from typing import Any

from drafting.standin.intents import INTENTS, score
from drafting.standin.languages import detect
from drafting.standin.material import Material, Thing
from drafting.standin.reading import asks, content_words, flags, overlap

_CERTAIN = 1.0
"""The lead over the next category from which the choice counts as certain."""


def choose(material: Material, *, slugs: list[str]) -> dict[str, Any]:
    """The answer of a category turn, among the slugs that the schema allows."""
    language = detect(material.whole_mail)
    wanted = asks(material.subject, material.text, language)
    categories = [one for one in material.categories if not slugs or one.get("slug") in slugs]
    ranked = sorted(((_fit(one, material, language), -place, one) for place, one in enumerate(categories)), key=lambda row: row[:2])[::-1]
    best = ranked[0][2] if ranked and ranked[0][0] > 0 else _rest(categories)
    lead = (ranked[0][0] - (ranked[1][0] if len(ranked) > 1 else 0)) if ranked else 0
    homes = {_home(ask.intent, categories) for ask in wanted if ask.intent} - {""}
    return {
        "category": str(best.get("slug", "")),
        "is_certain": lead >= _CERTAIN,
        "is_single_topic": len(homes) <= 1,
        "language": language,
        "asks": [ask.text for ask in wanted],
        "flags": flags(material.whole_mail, language),
    }


def primary(category: Thing) -> str:
    """The intent that a category is mostly about, by its name first and its description second; "" for one of a kind."""
    name = f"{category.get('name', '')} {str(category.get('slug', '')).replace('-', ' ').replace('_', ' ')}"
    found = dict.fromkeys(INTENTS, 0.0)
    for text, weight in [(name, 4.0), (str(category.get("description", "")), 1.0)]:
        for intent, points in score(text, detect(text)).items():
            found[intent] += weight * points
    best = max(found, key=lambda intent: found[intent])
    return best if found[best] else ""


def _fit(category: Thing, material: Material, language: str) -> float:
    intent = primary(category)
    if intent == "other":
        return 0
    words = f"{category.get('name', '')} {category.get('description', '')}"
    spoken = 2 * score(material.subject, language).get(intent, 0) + 2 * score(material.text, language).get(intent, 0) if intent else 0
    if intent == "complaint" and "complaint" in flags(material.whole_mail, language):
        spoken += 4
    return spoken + 0.5 * overlap(" ".join(content_words(material.whole_mail, language)), words)


def _home(intent: str, categories: list[Thing]) -> str:
    return next((str(one.get("slug")) for one in categories if primary(one) == intent), "")


def _rest(categories: list[Thing]) -> Thing:
    return next((one for one in categories if primary(one) == "other"), categories[-1] if categories else {})

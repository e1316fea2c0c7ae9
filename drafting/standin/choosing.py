"""The category turn: which category, language, asks and flags a mail has."""

from typing import Any

from drafting.standin.intents import INTENTS, score
from drafting.standin.languages import detect
from drafting.standin.material import Material, Thing
from drafting.standin.reading import asks, content_words, flags, order_numbers, overlap

_PULL = {"damage": 1.6, "return": 1.3, "cancel": 1.3, "change": 1.2, "invoice": 1.2, "quote": 1.2, "complaint": 1.2}
"""What somebody wants weighs more than what the mail mentions on the way, such as where an order is."""
_CERTAIN = 1.0
"""The lead over the next category from which the choice counts as certain."""


def choose(material: Material, *, slugs: list[str]) -> dict[str, Any]:
    """The answer of a category turn, among the slugs that the schema allows."""
    language = detect(material.whole_mail)
    wanted, spoken = asks(material.subject, material.text, language), score(material.text, language)
    categories = [one for one in material.categories if not slugs or one.get("slug") in slugs]
    ranked = sorted(((_fit(one, material, language), -place, one) for place, one in enumerate(categories)), key=lambda row: row[:2])[::-1]
    best = ranked[0][2] if ranked and ranked[0][0] > 0 and (wanted or "thanks" not in spoken) else _rest(categories)
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
    parts = (material.subject, material.text, *(ask.text for ask in asks(material.subject, material.text, language)))
    spoken = _PULL.get(intent, 1.0) * sum(score(part, language).get(intent, 0) for part in parts)
    if intent == "status" and not spoken and order_numbers(material.whole_mail):
        spoken = 0.9
    if intent == "change":
        spoken += sum(score(part, language).get("cancel", 0) for part in parts)
    if intent == "complaint" and "complaint" in flags(material.whole_mail, language):
        spoken += 4
    shared = overlap(" ".join(content_words(material.whole_mail, language)), words)
    return spoken + (0.5 * shared if spoken or (len(parts) > 2 and shared > 1) else 0)


def _home(intent: str, categories: list[Thing]) -> str:
    return next((str(one.get("slug")) for one in categories if primary(one) == intent), "")


def _rest(categories: list[Thing]) -> Thing:
    return next((one for one in categories if primary(one) == "other"), categories[-1] if categories else {})

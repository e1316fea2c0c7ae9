"""The category turn: which category, language, asks and flags a mail has."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from drafting.standin.intents import MOST_READ, score
from drafting.standin.languages import detect
from drafting.standin.material import Material, Thing
from drafting.standin.reading import Ask, asks, content_words, flags, order_numbers, overlap

PULL = {"damage": 1.6, "return": 1.3, "cancel": 1.3, "change": 1.2, "invoice": 1.2, "quote": 1.2, "complaint": 1.2}
"""What somebody wants weighs more than what the mail mentions on the way, such as where an order is."""
CERTAIN = 1.0
"""The lead over the next category from which the choice counts as certain."""


@dataclass(frozen=True)
class Wanted:
    """What a mail says: its asks, its flags, how strongly it speaks of each intent, and its telling words."""

    language: str
    asks: list[Ask]
    flags: list[str]
    intents: dict[str, float]
    words: str


def choose(material: Material, *, slugs: list[str]) -> dict[str, Any]:
    """The answer of a category turn, among the slugs that the schema allows."""
    wanted = _understand(material)
    categories = [one for one in material.categories if not slugs or one.get("slug") in slugs]
    best, lead = _best(categories, wanted)
    homes = {_home(ask.intent, categories) for ask in wanted.asks if ask.intent} - {""}
    return {
        "category": str(best.get("slug", "")),
        "is_certain": lead >= CERTAIN,
        "is_single_topic": len(homes) <= 1,
        "language": wanted.language,
        "asks": [ask.text for ask in wanted.asks],
        "flags": wanted.flags,
    }


def primary(category: Thing) -> str:
    """The intent that a category is mostly about, by its name first and its description second; "" for one of a kind."""
    slug = str(category.get("slug", "")).replace("-", " ").replace("_", " ")
    return _primary(f"{category.get('name', '')} {slug}", str(category.get("description", "")))


@lru_cache(maxsize=256)
def _primary(name: str, description: str) -> str:
    found: Counter[str] = Counter()
    for text, weight in [(name, 4.0), (description, 1.0)]:
        found.update({intent: weight * points for intent, points in score(text, detect(text)).items()})
    return max(found, key=lambda intent: found[intent]) if found else ""


def _understand(material: Material) -> Wanted:
    whole, language = material.whole_mail, detect(material.whole_mail)
    wanted, raised = asks(material.subject, material.text, language), flags(whole, language)
    parts = [score(part, language) for part in (material.subject, material.text, *(ask.text for ask in wanted))]
    intents = {intent: sum(part.get(intent, 0) for part in parts) for part in parts for intent in part}
    if "status" not in intents and order_numbers(whole):
        intents["status"] = 0.9
    if "complaint" in raised:
        intents["complaint"] = intents.get("complaint", 0) + 4
    return Wanted(language, wanted, raised, intents, " ".join(content_words(whole[:MOST_READ], language)))


def _best(categories: list[Thing], wanted: Wanted) -> tuple[Thing, float]:
    """The category that fits best, and by how much; the one for everything else where none fits or only thanks are said."""
    ranked = sorted(((_fit(one, wanted), -place) for place, one in enumerate(categories)), reverse=True)
    if not ranked or ranked[0][0] <= 0:
        return _rest(categories), 0
    lead = ranked[0][0] - (ranked[1][0] if len(ranked) > 1 else 0)
    only_thanks = not wanted.asks and "thanks" in wanted.intents
    return (_rest(categories) if only_thanks else categories[-ranked[0][1]]), lead


def _fit(category: Thing, wanted: Wanted) -> float:
    intent = primary(category)
    if intent == "other":
        return 0
    spoken = PULL.get(intent, 1.0) * wanted.intents.get(intent, 0) + (wanted.intents.get("cancel", 0) if intent == "change" else 0)
    shared = overlap(wanted.words, f"{category.get('name', '')} {category.get('description', '')}")
    return spoken + (0.5 * shared if spoken or (wanted.asks and shared > 1) else 0)


def _home(intent: str, categories: list[Thing]) -> str:
    return next((str(one.get("slug")) for one in categories if primary(one) == intent), "")


def _rest(categories: list[Thing]) -> Thing:
    return next((one for one in categories if primary(one) == "other"), categories[-1] if categories else {})

"""Approved wordings: templates with their slots filled, and what knowledge articles say, in the reply's language."""

import re

from drafting.standin.case import Case
from drafting.standin.choosing import primary
from drafting.standin.intents import score
from drafting.standin.languages import detect
from drafting.standin.material import Thing
from drafting.standin.reading import GREETING, content_words, overlap, sentences

_SLOT = re.compile(r"\{\{?\s*([a-z]+)[._]([a-z_]+)\s*(?::\s*\w+\s*)?\}?\}|\{\{?\s*(\w+)\s*(?::\s*\w+\s*)?\}?\}")
_CLOSING = re.compile(
    r"^(?:(?:with )?(?:kind|best|warm) (?:regards|wishes)|yours|sincerely|regards|all the best|mit (?:freundlichen|besten)"
    r"|freundliche|viele grüße|beste grüße"
    r"|cordialement|bien (?:à vous|cordialement)|veuillez agréer|un (?:cordial )?saludo|saludos|atentamente|cordiali|distinti|un caro"
    r"|met vriendelijke|hartelijke gr"
    r"|z poważaniem|pozdrawiam)\b",
    re.IGNORECASE,
)
_ORDER_WORDS = re.compile(r"\b(?:order|auftrag|bestell|commande|pedido|ordin[ei]|zamówi)\w*", re.IGNORECASE)
_RELEVANT = 3
LONG_ARTICLE = 420
"""Characters up to which an article is told as a whole; of longer ones the sentences nearest to the ask."""
QUERIES = {
    "return": {"en": "return", "de": "Rücksendung", "fr": "retour", "es": "devolución", "it": "reso", "nl": "retour", "pl": "zwrot"},
    "damage": {"en": "damage", "de": "Transportschaden", "fr": "dommage", "es": "daños", "it": "danno", "nl": "schade", "pl":
        "uszkodzenie"},
    "change": {
        "en": "delivery address change", "de": "Lieferadresse ändern", "fr": "modifier adresse livraison", "es":
            "cambiar dirección entrega",
        "it": "modificare indirizzo consegna", "nl": "afleveradres wijzigen", "pl": "zmiana adresu dostawy",
    },
    "cancel": {
        "en": "cancel order", "de": "Stornierung", "fr": "annulation", "es": "cancelación", "it": "annullamento", "nl": "annulering", "pl":
            "anulowanie",
    },
    "invoice": {"en": "invoice copy", "de": "Rechnungskopie", "fr": "facture", "es": "factura", "it": "fattura", "nl": "factuur", "pl":
        "faktura"},
    "discount": {"en": "discount", "de": "Rabatt", "fr": "remise", "es": "descuento", "it": "sconto", "nl": "korting", "pl": "rabat"},
}  # fmt: skip


def template(case: Case, things: dict[str, dict[str, str]], *, about: str = "", intents: tuple[str, ...] = ()) -> str:
    """The approved wording that suits the ask, its slots filled from `things` ({"order": {...}, …}); "" where none can be filled.

    `about` names words of which one must stand in the template's name, such as those of an order's state. `intents` are those that
    suit beside the ask's own.
    """
    wanted = (case.intent, *intents)
    fitting = [
        (_spoken(one, case, wanted), -place, filled)
        for place, one in enumerate(case.material.templates)
        if _language(one) == case.language and _suits(one, case, about, wanted) and (filled := _fill(str(one["body"]), things))
    ]
    return _without_frame(max(fitting)[2]) if fitting else ""


def article(case: Case) -> str:
    """What the knowledge articles say about the ask, in their own words; "" where none in the reply's language does."""
    found = _nearest(case)
    return _excerpt(str(found["body"]).strip(), case) if found else ""


def beside(case: Case, said: str) -> str:
    """What the nearest article says about the ask's words that `said` leaves out: at most two sentences."""
    found = _nearest(case)
    known = said.lower()
    words = " ".join(word for word in content_words(case.text, case.language) if len(word) > 3 and word.lower()[:4] not in known)
    words = _ORDER_WORDS.sub(" ", words)
    more = [one for one in sentences(str(found["body"])) if overlap(words, one) and not _repeats(one, said)] if found else []
    return " ".join(more[:2])


def _repeats(sentence: str, said: str) -> bool:
    return overlap(sentence, said) > 0.5 * overlap(sentence, sentence)


def _nearest(case: Case) -> Thing | None:
    """The article in the reply's language that is about the ask, if one is."""
    own = [one for one in case.material.articles if _language(one) == case.language]
    asked = overlap(case.text, " ".join(content_words(case.text, case.language)))
    ranked = sorted(((_relevance(one, case), -place, one) for place, one in enumerate(own)), key=lambda row: row[:2])
    return ranked[-1][2] if ranked and ranked[-1][0] >= min(_RELEVANT, max(2, asked)) else None


def article_query(case: Case) -> str:
    """What to look up articles by."""
    fixed = QUERIES.get(case.intent, {}).get(case.language)
    return fixed or " ".join(content_words(case.text, case.language)[:6])


def _language(thing: Thing) -> str:
    return str(thing.get("language") or detect(str(thing["body"])))


def _suits(one: Thing, case: Case, about: str, wanted: tuple[str, ...]) -> bool:
    name = str(one.get("name", "")).lower().replace("_", " ").replace("-", " ")
    if about:
        return any(word in name for word in about.split("|"))
    return primary({"slug": case.material.category}) in wanted or _spoken(one, case, wanted) > 0


def _spoken(one: Thing, case: Case, wanted: tuple[str, ...]) -> float:
    spoken = score(f"{one.get('name', '')} {one['body']}", case.language)
    return sum(spoken.get(intent, 0) for intent in wanted)


def _fill(body: str, things: dict[str, dict[str, str]]) -> str:
    values = [_value(match, things) for match in _SLOT.finditer(body)]
    if not all(values):
        return ""
    remaining = iter(values)
    return _SLOT.sub(lambda _: next(remaining), body)


def _value(match: re.Match[str], things: dict[str, dict[str, str]]) -> str:
    if match[1]:
        return things.get(match[1], {}).get(match[2], "") or things.get("", {}).get(f"{match[1]}_{match[2]}", "")
    return next((thing[match[3]] for thing in things.values() if match[3] in thing), "")


def _without_frame(body: str) -> str:
    """The text without greeting, closing line and what follows it: those are set once for the whole reply."""
    lines = body.strip().splitlines()
    if lines and GREETING.fullmatch(lines[0].strip()):
        lines = lines[1:]
    end = next((place for place, line in enumerate(lines) if place and _CLOSING.match(line.strip())), len(lines))
    return "\n".join(lines[:end]).strip()


def _relevance(one: Thing, case: Case) -> float:
    """How much an article is about an ask. Of the intents that have a set query, only articles that say so in their title are."""
    title, body = str(one.get("title", "")), str(one["body"])
    words = _ORDER_WORDS.sub(" ", " ".join(content_words(case.text, case.language)))
    if query := QUERIES.get(case.intent, {}).get(case.language):
        shared = overlap(query, title)
        spoken = score(title, case.language).get(case.intent, 0) + (shared if shared > len(query.split()) / 2 else 0)
        return _RELEVANT + spoken + 0.1 * overlap(words, body) if spoken else 0
    return 2 * overlap(words, title) + overlap(words, body)


def _excerpt(body: str, case: Case) -> str:
    if len(body) <= LONG_ARTICLE:
        return body
    said = sentences(body)
    words = f"{case.text} {article_query(case)}"
    best = sorted(range(len(said)), key=lambda place: (-overlap(words, said[place]), place))[:3]
    return " ".join(said[place] for place in sorted(best))

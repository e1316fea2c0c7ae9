"""What a reviewer's instruction for a redraft, and the rules that tell the model something, ask of the wording."""

import re
from dataclasses import dataclass, field

_LANGUAGES = {
    "en": r"english|englisch|anglais|inglés|inglese|engels|angielsk",
    "de": r"german|deutsch|allemand|alemán|tedesco|duits|niemieck",
    "fr": r"french|französisch|français|francés|francese|frans|francusk",
    "es": r"spanish|spanisch|espagnol|español|spagnolo|spaans|hiszpańsk",
    "it": r"italian|italienisch|italien|italiano|italiaans|włosk",
    "nl": r"dutch|niederländisch|néerlandais|neerlandés|olandese|nederlands|niderlandzk",
    "pl": r"polish|polnisch|polonais|polaco|polacco|pools|polsku",
}
_SHORT = re.compile(r"\b(?:short|brief|concis|kürz|knapp|court|bref|breve|cort|kort|krót|less text|too long)", re.IGNORECASE)
_FRIENDLY = re.compile(
    r"\b(?:friendl|warmer|personal|less formal|freundlich|herzlich|lockerer|chaleureu|amable|cordial|vriendelijk|cieplej)", re.IGNORECASE
)
_FORMAL = re.compile(r"\b(?:(?<!less )(?<!in)formal|förmlich|formel|formeel|oficjaln)", re.IGNORECASE)
_SORRY = re.compile(r"\b(?:apolog|say sorry|regret|entschuldig|bedauer|excus|disculp|scus|excuses|przepro)", re.IGNORECASE)
_SAY = re.compile(
    r"\b(?:say|mention|add|include|tell (?:them|him|her|the customer)|write|state|point out|remind (?:them|the customer)|schreib\w*"
    r"|erwähn\w*|sag\w*|ergänz\w*|hinweis\w*)"
    r"(?:\s+(?:that|dass|verbatim|exactly|this(?: sentence)?|the sentence|to the reply|in the reply|also))*\s*[:,]?\s+(?P<words>.+)",
    re.IGNORECASE | re.DOTALL,
)
_NOT = re.compile(r"\b(?:not|never|don't|without|nicht|kein\w*|ohne|remove|drop|leave out|omit|streich\w*|weglassen)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“„«](?P<words>[^\"“”„«»]{3,400})[\"”“»]")
_DROP = re.compile(
    r"\b(?:remove|drop|leave out|omit|without|don't mention|do not mention|not mention|streiche?|ohne|weglassen|lass)\s+(?:the |die |den "
    r"|das )?(?P<words>[^.;\n]+)",
    re.IGNORECASE,
)
FACTS = {
    "tracking": r"track|sendungs|suivi|seguimiento|tracciamento|przesyłk",
    "invoice": r"invoice|rechnung|facture|factura|fattura|factuur|faktur",
    "price": r"price|preis|prix|precio|prezzo|prijs|cen[aęy]",
    "stock": r"stock|lager|bestand|voorraad|existencias|magazzino|magazyn",
    "promised": r"delivery date|arrival|liefertermin|date de livraison|fecha de entrega|data di consegna|leverdatum|termin dostawy",
    "photos_ask": r"photo|picture|fotos|bilder|zdjęci",
    "which_order": r"order number|bestellnummer|numéro de commande|número de pedido|numero d'ordine|bestelnummer|numer zamówienia",
}

OMITTED = {
    "tracking_number": FACTS["tracking"],
    "promised_on": FACTS["promised"] + "|planned|geplant|prévu",
    "invoice_number": FACTS["invoice"],
    "price": FACTS["price"],
    "carrier": r"carrier|spedit|frachtf|transport|vervoerder|przewoźnik|corriere",
    "items": r"items|positions|contents|articles|artikel|inhalt",
    "ordered_on": r"order date|bestelldatum|date of the order",
}
"""Facts that a reviewer may want left out, and the words for them."""


@dataclass(frozen=True)
class Wishes:
    """How the reply should be: language ("" as it would be), length, tone ("", "formal", "friendly"), what it says and leaves out.

    `facts` are phrases to add, `omits` facts to leave out wherever they stand, `drops` words whose sentences go.
    """

    language: str = ""
    is_short: bool = False
    tone: str = ""
    is_sorry: bool = False
    says: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    omits: frozenset[str] = frozenset()
    drops: list[str] = field(default_factory=list)


def read(instruction: str) -> Wishes:
    """What a reviewer's instruction asks for; what is not understood changes nothing."""
    drops = [match["words"].strip() for match in _DROP.finditer(instruction)]
    kept = _DROP.sub(" ", instruction)
    return Wishes(
        language=next(
            (one for one, names in _LANGUAGES.items() if re.search(rf"\b(?:in|auf|en|w|po)\s+(?:{names})", kept, re.IGNORECASE)), ""
        ),
        is_short=bool(_SHORT.search(kept)),
        tone="formal" if _FORMAL.search(kept) else "friendly" if _FRIENDLY.search(kept) else "",
        is_sorry=bool(_SORRY.search(kept)),
        says=_sayings(kept),
        facts=[name for name, terms in FACTS.items() if re.search(rf"\b(?:{terms})", kept, re.IGNORECASE)],
        omits=frozenset(name for name, terms in OMITTED.items() if re.search(rf"\b(?:{terms})", " ".join(drops), re.IGNORECASE))
        | ({"items"} if _SHORT.search(kept) else set()),
        drops=drops,
    )


def must_say(instructions: list[str]) -> list[str]:
    """The sentences that rules want in the reply word for word: quoted ones after a word such as "say", or what follows "say:"."""
    return [words for one in instructions if not _NOT.search(one.split(":")[0]) for words in _demanded(one)]


def must_not_say(instructions: list[str]) -> list[str]:
    """Words that rules forbid."""
    return [words for one in instructions if _NOT.search(one.split(":")[0]) for words in _demanded(one)]


def _demanded(instruction: str) -> list[str]:
    if not _SAY.search(instruction):
        return []
    if quoted := [match["words"].strip() for match in _QUOTED.finditer(instruction)]:
        return quoted
    return (
        [instruction.split(":", 1)[1].strip()]
        if re.search(r"\b(?:say|mention|include|add|write|schreib\w*|sag\w*)\b[^:]*:", instruction, re.IGNORECASE)
        else []
    )


def _sayings(instruction: str) -> list[str]:
    """Sentences to take over: quoted ones, else what follows "say that" and is a clause, not just the name of a thing."""
    if quoted := [match["words"].strip() for match in _QUOTED.finditer(instruction)]:
        return [_sentence(words) for words in quoted]
    match = _SAY.search(instruction)
    if not match or _NOT.search(instruction[: match.start()][-12:]):
        return []
    is_clause = re.search(r"\b(?:that|dass|:)\s*$|\bthat\b|\bdass\b|:", instruction[match.start() : match.start("words")])
    return [_sentence(match["words"].strip())] if is_clause else []


def _sentence(words: str) -> str:
    said = words[0].upper() + words[1:]
    return said if said[-1] in ".!?" else said + "."

"""From paragraphs to the whole reply: greeting, thanks, answers, what must be said, closing. The signature is added by code."""

import re

from drafting.standin.material import Material
from drafting.standin.outcomes import Answer
from drafting.standin.phrases import say
from drafting.standin.wishes import Wishes, must_not_say, must_say

_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*\.?(?:[ '’-][^\W\d_][^\W\d_.'’-]*\.?){0,3}")
_NO_NAME = re.compile(
    r"\b(?:studio|redaktion|kanzlei|newsletter|weekly|gmbh|ag|kg|ltd|inc|llc|s\.?a\.?|s\.?r\.?l|b\.?v|sp|z o\.?o|bv|sas|co|company"
    r"|team|info|office|sales|service|support"
    r"|purchasing|einkauf|accounting|buchhaltung"
    r"|procurement|achats|compras|acquisti|inkoop|zakupy|logistics|warehouse|lager|admin|mailer|system|assistant|customer|kunde)\b",
    re.IGNORECASE,
)
_FIRST_NAME = {"en", "es", "nl"}
_THANKS = re.compile(
    r"thank|vielen dank|danke|merci|nous vous remerci|gracias|grazie|la ringrazi|bedankt|hartelijk dank|dziękuj", re.IGNORECASE
)
_AFTER_COMMA = {
    "de": "vielen danke wir es nach leider gern von zu ja hier der die das unser unsere bitte geplant",
    "it": "grazie la le il lo ci secondo purtroppo abbiamo siamo per sì ecco",
    "pl": "dziękujemy bardzo niestety w według tak oto przepraszamy otrzymaliśmy dostawa",
}
"""Where the greeting ends in a comma and the text goes on in lower case: first words that are no names or nouns."""


def compose(material: Material, answers: list[Answer], *, language: str, wishes: Wishes) -> str:
    """The reply's text."""
    paragraphs = list(dict.fromkeys(part for answer in answers for part in answer.paragraphs))
    if not wishes.is_short:
        paragraphs += [part for answer in answers for part in answer.extras]
    if wishes.is_sorry:
        paragraphs.insert(0, say("apology", language))
    paragraphs += [said for said in [*must_say(material.instructions), *wishes.says] if said not in "\n".join(paragraphs)]
    if not wishes.is_short and not any(part.rstrip().endswith("?") for part in paragraphs):
        paragraphs.append(say("help", language, case=material.whole_mail))
    paragraphs = _without(paragraphs, [*must_not_say(material.instructions), *wishes.drops])
    is_sorry = wishes.is_sorry or (bool(answers) and answers[0].is_sorry)
    closing = say(_key("closing", wishes), language)
    return "\n\n".join([_greeting(material, language, wishes), *_opened(material, paragraphs, language, is_sorry=is_sorry), closing])


def name_of(material: Material) -> str:
    """The person's name to greet, "" where none is safe: the sender's, else the contact that the customer table knows."""
    for written in (material.from_name, str(material.customer.get("contact") or "")):
        name = " ".join(part.strip() for part in reversed(written.split(",", 1))).strip()
        if 3 <= len(name) <= 40 and _NAME.fullmatch(name) and not _NO_NAME.search(name):
            return name
    return ""


def _key(key: str, wishes: Wishes) -> str:
    return f"{key}_{wishes.tone}" if wishes.tone else key


def _greeting(material: Material, language: str, wishes: Wishes) -> str:
    name = name_of(material)
    uses_first = language in _FIRST_NAME and wishes.tone != "formal" and " " in name and "." not in name.split()[0]
    key = _key("greeting", wishes)
    return say(key, language, {"name": name.split()[0] if uses_first else name}) or say(key, language)


def _opened(material: Material, paragraphs: list[str], language: str, *, is_sorry: bool) -> list[str]:
    """The paragraphs, opened with a word of thanks unless they open with regret."""
    if paragraphs and (is_sorry or _THANKS.match(paragraphs[0])):
        return [_started(paragraphs[0], language), *paragraphs[1:]]
    thanks = say("thanks_again" if material.history else "thanks", language, case=material.whole_mail)
    thanks = _started(thanks, language)
    if not paragraphs or "\n" in paragraphs[0]:
        return [thanks, *paragraphs]
    return [f"{thanks} {paragraphs[0]}", *paragraphs[1:]]


def _started(text: str, language: str) -> str:
    """The text as it begins after a greeting."""
    goes_on = text.split(" ", maxsplit=1)[0].lower() in _AFTER_COMMA.get(language, "").split()
    return (text[0].lower() if goes_on else text[0].upper()) + text[1:]


def _without(paragraphs: list[str], unwanted: list[str]) -> list[str]:
    """The paragraphs without the sentences that contain something unwanted."""
    if not unwanted:
        return paragraphs
    kept = (
        " ".join(one for one in re.split(r"(?<=[.!?])\s+", part) if not _contains(one, unwanted)) if _contains(part, unwanted) else part
        for part in paragraphs
    )
    return [part for part in kept if part.strip()]


def _contains(text: str, unwanted: list[str]) -> bool:
    return any(words.strip(" .!\"'").casefold() in text.casefold() for words in unwanted)

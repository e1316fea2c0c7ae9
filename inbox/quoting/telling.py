"""How people tell of a mail, other than programs that quote one: "Your colleague wrote on 6 May at 10:15:" cuts nothing off."""

import re

_FIRST_PERSON = re.compile(
    r"\b(?:I|we|ich|wir|j'ai|j’ai|nous|ik|wij|yo|he|hemos|ho|abbiamo|eu|jag|vi|jeg|я|мы|ja)\b[^@:]{0,40}[:：]?$", re.IGNORECASE
)
_SECOND_PERSON = re.compile(
    r"\b(?:you|your|vous|votre|vos|usted|ustedes|vuestr\w+|tu|tus|sus|lei|voi|vostr\w+|jij|uw|jullie|você|vocês|seu|państw\w*|вы|ваш\w*|Sie"
    r"|Ihr|Ihre[rnms]?|euer|eure|deine?)\b|^(?:Your|Votre|Su|Uw|Sua|O seu|A sua|Il suo|La sua|Ваш\w*|Państw\w*)\b"
)
_PERSONS = re.compile(
    r"(?<![\w'’.-])(?:me|my|our|us|you|your|mir|mich|uns|unser\w*|mein\w*|ich|wir|ihnen|j['’]ai|m['’](?:a|ont)|mon|mes|notre|nos|vous|votre|vos"
    r"|yo|nuestr\w+|usted|(?:mis?|sus?)\s(?=[a-z])|mi[ao]|nostr\w+|vostr\w+|ik|mij|mijn|onze|uw|eu|meu|minha|noss[ao]s?|sua|seu|mnie|moja"
    r"|mój|nasz\w*|pan[aiu]|państw\w*|я|мне|мой|моя|мы|нам|наш\w*|ваш\w*|вы|вам|jag|mig|vår\w*|jeg|meg|vores|jeres)(?![\w.-])|[私我]"
)
"""Pronouns in small letters, as names are not written."""
_BEGINNING = re.compile(
    r"^(?:my|our|the|this|that|in|mein\w*|unser\w*|der|die|das|mit|laut|gemäß|mon|ma|notre|la|voici|selon|mijn|ons|onze|volgens"
    r"|nuestr\w+|según|mio|mia|ecco|secondo|meu|minha|segundo|według|вот|это|herrn?|frau|firma|kolleg\w+|kund\w+|mrs?|ms|monsieur|madame|mme"
    r"|señora?|sra?|signora?|sig|dhr|mevr|pani?|г-н|г-жа|your|er|sie|he|she|they|elle|hij|zij|él|ella|lui|ele|ela|han|hun|hon|ona|он|она"
    r"|ich|wie ich|wir|ik|yo|eu|jag|jeg|я|мы|i|we|as i)\b",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Herrn?|Frau|Monsieur|Madame|Señora?|Signora?|Firma)\b")
_ADDRESSED = re.compile(
    r"\b(?:to|an|at|à|a|aan|para|do|na|на|till|til|for|für|of|with|mit|from)\s+[^\s<>()\[\]]+@|@[^\s<>()\[\]]+に", re.IGNORECASE
)
"""A bare address to which something was written."""
_ADDRESS = re.compile(r"<[^<>]*@[^<>]*>|\S+@\S+")
_PARTICLES = frozenset(
    re.findall(
        r"\w+",
        "von van vom der den de da di du la le el al bin und and dos das del las los via the from am om op on il em je ezt şunu şunları đã"
        " hat heeft has dnia w",
    )
)
"""Small words within names, and those that programs put beside their verb."""


def is_told(text: str, *, verb: "re.Match[str] | None", is_dated_first: bool) -> bool:
    """True if a line that could be an attribution reads like a person's sentence.

    `is_dated_first`: it begins with a date, as programs write it. A name before a bracketed address is taken for a name.
    """
    bracketed = "<" in text or "(" in text
    bare = _ADDRESS.sub("", text)
    if _PERSONS.search(bare) or (not bracketed and _ADDRESSED.search(text)):
        return True
    if not is_dated_first and _BEGINNING.match(text) and not (bracketed and text.find("<") < 40 and not _tells_before(text, verb)):
        return True
    if bracketed:
        return verb is None and _has_small_word(text)
    return bool(_FIRST_PERSON.search(text) or _SECOND_PERSON.search(text) or _TITLED.search(text)) or (
        "@" not in text and verb is not None and _is_beside_a_small_word(text, verb)
    )


def _tells_before(text: str, verb: "re.Match[str] | None") -> bool:
    """A word of a sentence stands before the address: "This is what Ann <…> wrote"."""
    head = text[: text.find("<")]
    return any(word[:1].islower() and word not in _PARTICLES for word in head.split())


def _has_small_word(text: str) -> bool:
    """Between the date and the address: "06.05.2024, 10:15, please call Ann Lee <…>:"."""
    head = text[: max(text.find("<"), text.find("("))]
    return any(len(word) > 2 and _is_small(word) for word in _behind_date(head))


def _is_beside_a_small_word(text: str, verb: "re.Match[str]") -> bool:
    """ "the driver wrote", "schrieb mir der Fahrer": who wrote is no name."""
    before, after = _behind_date(text[: verb.start()]), text[verb.end() :].strip(" :：").split()
    named = any(word.istitle() and word != "Uhr" for word in before)
    return any(_is_small(word) for word in after[:1]) or (not named and any(_is_small(word) for word in before[-1:]))


def _behind_date(text: str) -> list[str]:
    return re.split(r"\d", text)[-1].split()


def _is_small(word: str) -> bool:
    bare = word.strip(",;\"')")
    return bare.isalpha() and bare[0].islower() and bare not in _PARTICLES

"""Small numbers written as words. "One" is left out everywhere (it is an article in most languages), and so are words that are
something else as often: French "neuf" (new), Italian "sei" (you are)."""

import re

from drafting.grounding.atom import Finder, Found, Kind

_WORDS = {
    "en": "two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12",
    "de": "zwei=2 drei=3 vier=4 fünf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11 zwölf=12",
    "fr": "deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 dix=10 onze=11 douze=12",
    "es": "dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 doce=12",
    "it": "due=2 tre=3 quattro=4 cinque=5 sette=7 otto=8 nove=9 dieci=10 undici=11 dodici=12",
    "nl": "twee=2 drie=3 vier=4 vijf=5 zes=6 zeven=7 acht=8 negen=9 tien=10 elf=11 twaalf=12",
    "pt": "dois=2 duas=2 três=3 quatro=4 cinco=5 seis=6 sete=7 oito=8 nove=9 dez=10 onze=11 doze=12",
    "pl": "dwa=2 dwie=2 dwóch=2 trzy=3 trzech=3 cztery=4 czterech=4 pięć=5 pięciu=5 sześć=6 siedem=7 osiem=8 dziewięć=9 dziesięć=10",
}
_OTHER_WORDS_ELSEWHERE = frozenset({"due", "once", "dez", "elf", "dos", "tre"})


def _values(words: str) -> dict[str, str]:
    return {word: value for word, _, value in (pair.partition("=") for pair in words.split())}


def _finder(values: dict[str, str]) -> Finder:
    def read(match: re.Match[str]) -> list[Found]:
        return [Found(Kind.NUMBER, *match.span(), (values[match[0].lower()],))]

    return Finder(re.compile(rf"(?<!\w)(?:{'|'.join(sorted(values, key=len, reverse=True))})(?!\w)", re.IGNORECASE), read)


_BY_LANGUAGE = {language: _finder(_values(words)) for language, words in _WORDS.items()}
_ANY_LANGUAGE = _finder({word: value for word, value in _values(" ".join(_WORDS.values())).items() if word not in _OTHER_WORDS_ELSEWHERE})


def number_words(language: str) -> Finder:
    """The finder for `language` (ISO 639-1); of all languages, less what is ambiguous between them, where it is not known."""
    return _BY_LANGUAGE.get(language, _ANY_LANGUAGE)

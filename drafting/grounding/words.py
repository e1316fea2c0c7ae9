"""Numbers and fractions written as words. "One" is left out everywhere (it is an article in most languages), and so are words that are
something else as often: French "neuf" (new), Italian "sei" (you are)."""

import re
from functools import cache

from drafting.grounding.atom import Finder, Found, Kind
from drafting.grounding.numbers import CURRENCY, PERCENT, amount_values
from drafting.grounding.numerals import FRACTIONS, NOT_ALONE, numerals

_OTHER_WORDS_ELSEWHERE = frozenset(
    {"due", "once", "dez", "elf", "dos", "tre", "cent", "cents", "cento", "mil", "mille", "sto", "on", "six", "onze"}
)
_GLUE = r"(?:[\s-]{1,2}(?:(?:and|und|et|y|e|en|i)[\s-]{1,2})?|und|en|ën)?"
_THANKS = r"thank|dank|merci|grazie|gracias|obrigad|excuse|dzięk"


def number_words(language: str) -> tuple[Finder, ...]:
    """The finders for `language` (ISO 639-1); of all languages, less what is ambiguous between them, where it is not known."""
    return _finders(language if language in FRACTIONS else "")


@cache
def _finders(language: str) -> tuple[Finder, ...]:
    if language:
        return _fractions(FRACTIONS[language]), _numbers(numerals(language))
    numbers: dict[str, int] = {}
    fractions: dict[str, str] = {}
    for each in FRACTIONS:
        numbers |= {word: value for word, value in numerals(each).items() if word not in _OTHER_WORDS_ELSEWHERE}
        fractions |= FRACTIONS[each]
    return _fractions(fractions), _numbers(numbers)


def _fractions(values: dict[str, str]) -> Finder:
    def read(match: re.Match[str]) -> list[Found]:
        return [Found(Kind.NUMBER, *match.span(), (values[_plain(match[0])],))]

    return Finder(re.compile(rf"(?<!\w)(?:{_any_of(values)})(?!\w)", re.IGNORECASE), read)


def _numbers(values: dict[str, int]) -> Finder:
    piece = re.compile(_any_of(values), re.IGNORECASE)

    def read(match: re.Match[str]) -> list[Found]:
        pieces = [(each.span(), values[_plain(each[0])]) for each in piece.finditer(match["words"])]
        start, whole = match.start(), _composed([value for _, value in pieces])
        if whole is None:
            return [Found(Kind.NUMBER, start + first, start + last, (str(value),)) for (first, last), value in pieces]
        if match["unit"]:
            return [Found(Kind.AMOUNT, *match.span(), amount_values(str(whole), match["unit"]))]
        if match["percent"]:
            return [Found(Kind.NUMBER, *match.span(), (f"{whole} %",))]
        if _plain(match["words"]) in NOT_ALONE or (whole == 1000 and _is_thanks(match)):
            return []
        return [Found(Kind.NUMBER, *match.span("words"), (str(whole),))]

    one = _any_of(values)
    words = rf"(?<!\w)(?P<words>(?:{one})(?:{_GLUE}(?:{one})){{0,7}}+)(?!\w)"
    return Finder(re.compile(rf"{words}(?:[\s-](?:(?P<unit>{CURRENCY})|(?P<percent>{PERCENT}))(?!\w))?", re.IGNORECASE), read)


def _composed(values: list[int]) -> int | None:
    """The number that `values` make together, None where they only stand beside each other: "two hundred fifty", but not "two three"."""
    total = current = 0
    for value in values:
        if value >= 1000:
            total, current = total + (current or 1) * value, 0
        elif value == 100 and 0 <= current < 100:
            current = (current or 1) * 100
        elif current == 0 or (current % 100 == 0 and value < 100):
            current += value
        else:
            return None
    return total + current


def _is_thanks(match: re.Match[str]) -> bool:
    """ "Mille grazie", "tausend Dank", "grazie mille"."""
    around = match.string[max(0, match.start() - 12) : match.start()] + "|" + match.string[match.end() : match.end() + 12]
    return re.search(_THANKS, around, re.IGNORECASE) is not None


def _any_of(words: dict[str, int] | dict[str, str]) -> str:
    """The longest first, by their first letter, so that most words are passed over at once."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        by_letter.setdefault(word[0], []).append(r"[\s-]{1,2}".join(map(re.escape, word[1:].split(" "))))
    return "|".join(rf"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())


def _plain(text: str) -> str:
    return " ".join(re.split(r"[\s-]+", text.lower()))

"""The languages the stand-in writes: how it recognises them, and how dates, amounts and lists are written in each."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from drafting.standin.intents import score_own
from drafting.standin.vocabulary import VOCABULARY

WORD = re.compile(r"[^\W\d_]+")
_MOST = 2
"""So often a word counts towards a language; pasted logs and tables repeat theirs."""
_SURE = 3
"""Below this many stop words the vocabulary of customers' mails decides with them."""


@dataclass(frozen=True)
class Style:
    """How a language writes a date (months, pattern), an amount (thousands and decimal mark, pattern) and "a, b and c"."""

    months: tuple[str, ...]
    date: str
    thousands: str
    decimal: str
    amount: str
    conjunction: str


def _months(names: str) -> tuple[str, ...]:
    return tuple(names.split())


STYLES = {
    "en": Style(
        _months("January February March April May June July August September October November December"),
        "{day} {month} {year}", ",", ".", "{currency} {number}", "and",
    ),
    "de": Style(
        _months("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        "{day}. {month} {year}", ".", ",", "{number} {currency}", "und",
    ),
    "fr": Style(
        _months("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        "{day} {month} {year}", "\u00a0", ",", "{number} {currency}", "et",
    ),
    "es": Style(
        _months("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        "{day} de {month} de {year}", ".", ",", "{number} {currency}", "y",
    ),
    "it": Style(
        _months("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
        "{day} {month} {year}", ".", ",", "{number} {currency}", "e",
    ),
    "nl": Style(
        _months("januari februari maart april mei juni juli augustus september oktober november december"),
        "{day} {month} {year}", ".", ",", "{currency} {number}", "en",
    ),
    "pl": Style(
        _months("stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"),
        "{day} {month} {year}", "\u00a0", ",", "{number} {currency}", "i",
    ),
}  # fmt: skip
"""Languages with a full reply grammar."""

STOPWORDS = {
    "en": "the and of to is in that it you for on with are this have be not we our your please can could would when where will from "
        "by has my me do",
    "de": "der die das und ist nicht ich wir sie mit für auf bitte haben ein eine den dem zu von wann wie bei noch uns ihre ihr im "
        "auch es kann können",
    "fr": "le la les et est de des du un une je nous vous pour avec pas dans sur que qui ce votre notre bonjour merci avez ma mon "
        "quand où plaît",
    "es": "el la los las y es de que en un una por para con no su mi nos les pero cuándo dónde gracias hola está están tienen "
        "quisiera pedido usted",
    "it": "il la lo gli le e è di che un una per con non sono mi ci vi ho abbiamo quando dove grazie buongiorno della del vostro "
        "nostro potete ordine",
    "nl": "de het een en is van ik wij we u niet met voor op dat zijn heb hebben kunt graag wanneer waar mijn ons onze bij nog naar "
        "deze bedankt",
    "pl": "i w z na do jest nie się że to są mam proszę dzień dobry kiedy gdzie czy nasze moje dla od po jak o dziękuję państwo mogę",
    "pt": "o os as e é de que em um uma por para com não meu minha vocês quando onde obrigado olá está nossa pedido do da ao já são",
    "sv": "och det att i en jag vi är inte för på med som har om var när kan ni tack hej min vår till av den",
    "da": "og det at i en jeg vi er ikke for på med som har om hvor hvornår kan tak hej min vores til af den",
    "cs": "a je se na v že to dobrý den prosím kdy kde jsem jsme máme pro s z do objednávka děkuji od jak",
}  # fmt: skip
_STOPWORDS = {language: frozenset(words.split()) for language, words in STOPWORDS.items()}
_LETTERS = {
    "de": "äöüß", "fr": "çœêùû", "es": "ñ¿¡", "it": "òì", "pl": "ąćęłńśźż", "pt": "ãõ", "sv": "å", "da": "øæ", "cs": "řěů",
}  # fmt: skip
_SCRIPTS = {
    "CYRILLIC": "ru", "GREEK": "el", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh",
    "ARABIC": "ar", "HEBREW": "he", "THAI": "th",
}  # fmt: skip
_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}


def detect(text: str, default: str = "en") -> str:
    """The ISO 639-1 code of the language that `text` is most likely written in, by script, stop words and letters."""
    if script := _script(text):
        return script
    counts = Counter(WORD.findall(text.lower()))
    scores = {language: sum(min(counts[word], _MOST) for word in known) + 0.0 for language, known in _STOPWORDS.items()}
    for language, letters in _LETTERS.items():
        scores[language] += 0.5 * min(sum(text.lower().count(letter) for letter in letters), 2 * _MOST)
    if max(scores.values()) < _SURE:
        for language in VOCABULARY:
            scores[language] += 0.9 * sum(score_own(text, language).values())
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] >= 0.9 else default


def _script(text: str) -> str:
    letters = [letter for letter in text if letter.isalpha() and ord(letter) > 0x2FF]
    if len(letters) * 2 < sum(letter.isalpha() for letter in text) or not letters:
        return ""
    scripts = [unicodedata.name(letter, "").split(" ")[0].split("-")[0] for letter in letters]
    if {"HIRAGANA", "KATAKANA"} & set(scripts):
        return "ja"
    return _SCRIPTS.get(max(set(scripts), key=scripts.count), "")


def stopwords(language: str) -> frozenset[str]:
    """The words that say nothing about what a mail is about."""
    return _STOPWORDS.get(language, frozenset()) | _STOPWORDS["en"]


def write_date(value: object, language: str) -> str:
    """An ISO date as the language writes it ("12. März 2026"); anything else as it is."""
    day = read_date(value)
    if day is None:
        return str(value)
    style = STYLES[language]
    return style.date.format(day="1er" if language == "fr" and day.day == 1 else day.day, month=style.months[day.month - 1], year=day.year)


def read_date(value: object) -> date | None:
    """The day that an ISO date or date and time names."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def write_amount(value: object, currency: str, language: str) -> str:
    """An amount of money as the language writes it ("1.234,50 €")."""
    style = STYLES[language]
    symbol = _SYMBOLS.get(currency, currency)
    number = write_number(Decimal(str(value)).quantize(Decimal("0.01")), language)
    if language == "en" and symbol != currency:
        return symbol + number
    return style.amount.format(currency=symbol, number=number).replace(" ", "\u00a0").strip("\u00a0")


def write_number(value: Decimal | int, language: str) -> str:
    """A number with the language's thousands and decimal marks."""
    style = STYLES[language]
    return f"{value:,}".translate({ord(","): style.thousands, ord("."): style.decimal})


def join(parts: list[str], language: str) -> str:
    """ "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {STYLES[language].conjunction} {parts[-1]}"

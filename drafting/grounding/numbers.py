"""Numbers, percentages and amounts of money, in figures of many countries."""

import re

from drafting.grounding.atom import Finder, Found, Kind

NUMBER = (
    r"(?:[0-9]{1,3}(?:(?:[ '][0-9]{3}){1,6}|(?:\.[0-9]{3}){1,6}|(?:,[0-9]{3}){1,6})(?![0-9])(?:[.,][0-9]{1,4}(?![0-9]))?"
    r"|[0-9]+(?:[.,][0-9]+)?)"
)
"""1234 · 1234.56 · 1,234.56 · 1.234,56 · 1 234,56 · 1'234.56. What a single mark means is decided in `read_number`."""

DECIMAL_MARKS = {"en": ".", "ja": ".", "zh": "."} | dict.fromkeys(
    ["de", "fr", "es", "it", "nl", "pl", "pt", "sv", "da", "no", "nb", "fi", "cs", "sk", "hu", "ro", "ru", "uk", "tr", "el"], ","
)

_SYMBOLS = {
    "€": ("EUR",),
    "$": ("USD", "CAD", "AUD"),
    "us$": ("USD",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "zł": ("PLN",),
    "kč": ("CZK",),
    "kr": ("SEK", "NOK", "DKK"),
    "sfr": ("CHF",),
    "fr.": ("CHF",),
    "euro": ("EUR",),
    "euros": ("EUR",),
    "dollar": ("USD", "CAD", "AUD"),
    "dollars": ("USD", "CAD", "AUD"),
    "franken": ("CHF",),
    "złotych": ("PLN",),
    "zlotych": ("PLN",),
    "złote": ("PLN",),
    "zl": ("PLN",),
}
_CODES = (
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "PLN",
    "CZK",
    "SEK",
    "NOK",
    "DKK",
    "HUF",
    "JPY",
    "CNY",
    "CAD",
    "AUD",
    "RON",
    "BGN",
    "TRY",
    "INR",
    "BRL",
)
_CURRENCIES = _SYMBOLS | {code.lower(): (code,) for code in _CODES}
CURRENCY = "|".join(re.escape(name) for name in sorted(_CURRENCIES, key=len, reverse=True))
# A number that goes on from a letter and a separator belongs to an id: SO-10423 EUR 50.
_NOT_IN_AN_ID = r"(?<![\w])(?<![^\W\d][-/_.])"


def read_number(token: str, *, decimal_mark: str = "") -> tuple[str, ...]:
    """The readings of `token`: "1.234" is 1234, and 1.234 too unless `decimal_mark` ("." or ",") says how the language writes."""
    digits = token.replace(" ", "").replace("'", "")
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        return (_canonical(digits, ""),)
    whole, _, fraction = digits.rpartition(marks[-1])
    as_decimal = _canonical(whole.replace(".", "").replace(",", ""), fraction)
    as_thousands = _canonical(digits.replace(".", "").replace(",", ""), "")
    if len(marks) > 1:
        return (as_thousands,) if len(set(marks)) == 1 and len(fraction) == 3 else (as_decimal,)
    if len(fraction) != 3 or whole.startswith("0") or len(whole) > 3 or len(digits) != len(token):
        return (as_decimal,)
    if decimal_mark:
        return (as_decimal,) if marks[0] == decimal_mark else (as_thousands,)
    return (as_thousands, as_decimal)


def _canonical(whole: str, fraction: str) -> str:
    """No zeros in front or behind. By text, because Decimal rounds at its precision."""
    fraction = fraction.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")


def _money(token: str) -> str:
    """Money has no three decimals: 1.234 € is more than a thousand."""
    return read_number(token)[0]


def _read_amount(match: re.Match[str]) -> list[Found]:
    token = match["after"] or match["before"]
    return [Found(Kind.AMOUNT, *match.span(), amount_values(_money(token), match["code"] or match["unit"]))]


def amount_values(number: str, currency: str) -> tuple[str, ...]:
    """The readings of a number with a currency's name, code or symbol beside it."""
    return tuple(f"{number} {code}" for code in _CURRENCIES[currency.lower()])


AMOUNTS = Finder(
    re.compile(
        rf"(?:(?<![^\W\d])(?P<code>{CURRENCY}) ?(?P<after>{NUMBER})(?![\w]|[-/][^\W\d])"
        rf"|{_NOT_IN_AN_ID}(?P<before>{NUMBER})(?:,(?:-{{1,2}}|[–—]))? ?(?P<unit>{CURRENCY})(?![^\W_]))",
        re.IGNORECASE,
    ),
    _read_amount,
)

PERCENT = r"%|per ?cent|prozent|pour ?cent|por ?ciento|por ?cento|per ?cento|procent|procenta|proc\."


def _percentages(decimal_mark: str) -> Finder:
    def read(match: re.Match[str]) -> list[Found]:
        readings = read_number(match["n"], decimal_mark=decimal_mark)
        return [Found(Kind.NUMBER, *match.span(), tuple(f"{reading} %" for reading in readings))]

    return Finder(re.compile(rf"{_NOT_IN_AN_ID}(?P<n>{NUMBER}) ?(?:{PERCENT})(?![^\W_])", re.IGNORECASE), read)


def _figures(decimal_mark: str) -> Finder:
    def read(match: re.Match[str]) -> list[Found]:
        return [Found(Kind.NUMBER, *match.span(), read_number(match[0], decimal_mark=decimal_mark))]

    return Finder(re.compile(NUMBER), read)


PERCENTAGES = {mark: _percentages(mark) for mark in ("", ".", ",")}
_PARTS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "1/3", "⅔": "2/3", "⅕": "0.2", "⅖": "0.4", "⅗": "0.6", "⅘": "0.8", "⅛": "0.125"}


def _read_part(match: re.Match[str]) -> list[Found]:
    """ "½" is 0.5, "2½" is 2.5; thirds have no decimal and keep their stroke."""
    part = _PARTS.get(match["part"], match["part"])
    if not match["whole"]:
        return [Found(Kind.NUMBER, *match.span(), (part,))]
    whole = match["whole"].lstrip("0") or "0"
    return [Found(Kind.NUMBER, *match.span(), (f"{whole}{part[1:]}" if part.startswith("0.") else f"{whole} {part}",))]


PARTS = Finder(re.compile(r"(?:(?<![\w.,])(?P<whole>[0-9]{1,6}) ?)?(?P<part>[¼½¾\u2150-\u215e\u2189])"), _read_part)
FIGURES = {mark: _figures(mark) for mark in ("", ".", ",")}
"""By decimal mark. Figures take every digit that is left, so nothing written in digits escapes."""

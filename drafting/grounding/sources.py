"""What a source offers: every atom in it, with what it may stand for and what stands around it."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from drafting.grounding.atom import Kind
from drafting.grounding.keys import offered
from drafting.grounding.numbers import read_number
from drafting.grounding.scan import find

Json: TypeAlias = Any
"""A JSON value: str, int, float, bool, None, list or dict of them. Dates and decimals may also come as themselves."""

_MONEY = (
    r"price|total|amount|sum|cost|net|gross|fee|balance|paid|due|premium|deductible|limit|freight|shipping|result|refund|credit|debit|value"
    r"|preis|betrag|summe|kosten|prix|montant|prime|precio|importe|prezzo|importo|premio|prijs|bedrag|premie|cena|kwota|preço|valor"
)
_COUNT = (
    r"quantity|qty|stock|count|number|pieces|weight|length|width|height|days|hours|year|month|position|percent|pct|rate|version|score"
    r"|menge|anzahl|bestand|gewicht|tage"
)
_PERCENTAGE = r"vat|tax|percent|pct|rate|share|discount|interest|mwst|ust|steuer|satz|tva|iva|btw"
_IS_MONEY, _IS_COUNT, _IS_PERCENTAGE = (
    re.compile(rf"(?<![a-z])(?:{names})s?(?![a-z])", re.IGNORECASE) for names in (_MONEY, _COUNT, _PERCENTAGE)
)
_WORKING_DAYS = re.compile(
    r"(?: ?(?:[-–]|to|or|bis|oder|à|ou|a|o|tot|of|do|lub|e) ?[0-9]{1,3})?[ -]{1,2}"
    r"(?:(?:working|business)[ -]days?|werktag\w{0,3}|arbeitstag\w{0,3}|jours? ouvr\w{1,6}|días? (?:laborable|hábil)\w{0,3}|werkdag\w{0,2}"
    r"|giorn[oi] (?:lavorativ|ferial)\w|dni robocz\w{1,3}|dzień roboczy|dias? út\w{1,3})(?!\w)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]{3,40}")
_LONGEST_CONTEXT = 600
_AROUND = 90
MOST_TIMES = 20
"""Places of one source that are compared for one key."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something that a reply may take facts from: an evidence's answer, the customer's mail, a template.

    `is_claim`: only what a customer says; where evidence says the same, evidence is shown. `calculated` is the expression that `value` is
    the result of, and `asked` the number of days or the date that `value` was looked up for: both come from the model, so such a source
    counts only as far as `sums.derive` and `Offers.knows_days` allow; else the model could have any number or day confirmed.
    """

    name: str
    value: Json
    is_claim: bool = False
    calculated: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a source has an atom. `context` is the text around it; `note` is what to say of how it came about."""

    source: str
    is_claim: bool
    context: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a field of a record, as sums may use it. `currency` is "" for a count, "?" for money whose currency is not said.

    `record` is one object that was looked up (an order, a product), `line` the innermost object (a line of that order).
    """

    value: Decimal
    currency: str
    field: str
    record: int
    line: int


@dataclass(slots=True)
class Offers:
    """All that the sources offer, by key (see `keys.py`), and what calculations and counted days may be made of.

    `asked_quantities` are whole numbers that the customer wrote, `days` numbers of working days that the company speaks of.
    """

    language: str
    by_key: dict[str, list[Occurrence]] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    asked_quantities: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    _objects: int = 0
    _times: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, source: Source, *, note: str = "") -> None:
        """Everything in `source`."""
        records = source.value if isinstance(source.value, list | tuple) else [source.value]
        for record in records:
            self._objects += 1
            self._walk(record, _Place(source, note, record=self._objects))

    def add_value(self, key: str, source: Source, *, note: str) -> None:
        """One key that `source` answers to."""
        self._offer(key, Occurrence(source.name, source.is_claim, "", note))

    def has(self, key: str) -> bool:
        """Whether any source answers to `key`."""
        return key in self.by_key

    def _offer(self, key: str, occurrence: Occurrence) -> None:
        self._times[key, occurrence.source] += 1
        if self._times[key, occurrence.source] <= MOST_TIMES:
            self.by_key.setdefault(key, []).append(occurrence)

    def _walk(self, value: Json, place: "_Place") -> None:
        if isinstance(value, Mapping):
            self._objects += 1
            inner = place.inside(value, line=self._objects)
            for key, item in value.items():
                self._text(str(key), inner)
                self._walk(item, inner.at(str(key)))
        elif isinstance(value, list | tuple):
            for item in value:
                self._walk(item, place)
        elif value is not None and not isinstance(value, bool):
            self._scalar(value, place)

    def _scalar(self, value: Json, place: "_Place") -> None:
        text = value.isoformat() if isinstance(value, date | datetime) else str(value)
        if isinstance(value, int | float | Decimal) or _is_decimal(text):
            self._figure(text.removeprefix("-"), is_number=not isinstance(value, str), place=place)
        else:
            self._text(text, place)

    def _figure(self, text: str, *, is_number: bool, place: "_Place") -> None:
        """A number as machines write it: "1234.500" has a fraction."""
        if "e" in text or not _is_decimal(text):
            return
        number = read_number(text, decimal_mark=".")[0]
        currency = _currency_of(text, place, is_number=is_number)
        occurrence = place.occurrence()
        self._offer(f"n {number}", occurrence)
        if currency:
            self._offer(f"m {currency} {number}", occurrence)
        if _IS_PERCENTAGE.search(place.name):
            self._offer(f"% {number}", occurrence)
        if not currency and "." not in text:
            self._offer(f"i {text}", occurrence)
        if re.search("working_?days|werktage|arbeitstage", place.name, re.IGNORECASE):
            self.days.add(number)
        if not place.source.is_claim:
            self.figures.append(Figure(Decimal(number), currency, place.name, place.record, place.line))

    def _text(self, text: str, place: "_Place") -> None:
        for atom in find(text, language=self.language, decimal_mark=""):
            around = text[max(0, atom.start - _AROUND) : atom.end + _AROUND]
            occurrence = place.occurrence(around)
            for value in atom.value:
                for key in offered(atom.kind, value):
                    self._offer(key, occurrence)
            if atom.kind is Kind.NUMBER:
                self._number_in_text(atom.text, atom.value, text[atom.end : atom.end + 60], place, occurrence)

    def _number_in_text(self, text: str, values: tuple[str, ...], after: str, place: "_Place", occurrence: Occurrence) -> None:
        if place.source.is_claim:
            self.asked_quantities.update(value for value in values if value.isdecimal())
        elif _WORKING_DAYS.match(after):
            self.days.update(values)
        if re.search(r"[0-9][.,][0-9]{2}$", text):
            for value in values:
                self._offer(f"m ? {value}", occurrence)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a source we are."""

    source: Source
    note: str
    record: int
    line: int = 0
    name: str = ""
    currency: str = ""
    context: str = ""

    def inside(self, value: Mapping[str, Json], *, line: int) -> "_Place":
        named = next((item for key, item in value.items() if str(key).endswith("currency") and isinstance(item, str)), "")
        scalars = " ".join(f"{key} {item}" for key, item in value.items() if isinstance(item, str | int | float | Decimal | date))
        return _Place(self.source, self.note, self.record, line, "", named.upper() or self.currency, scalars[:_LONGEST_CONTEXT])

    def at(self, name: str) -> "_Place":
        return _Place(self.source, self.note, self.record, self.line, name, self.currency, self.context)

    def occurrence(self, around: str = "") -> Occurrence:
        return Occurrence(self.source.name, self.source.is_claim, f"{around} {self.context}", self.note)


def words_of(text: str) -> frozenset[str]:
    """The words to compare contexts by."""
    return frozenset(_WORD.findall(text.casefold()))


def _is_decimal(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii() and text[-1] != "."


def _currency_of(text: str, place: _Place, *, is_number: bool) -> str:
    """The currency of a figure; "?" for money of no known one, "" for what is no money."""
    name = place.name
    if _IS_COUNT.search(name) and not _IS_MONEY.search(name):
        return ""
    has_cents = re.search(r"\.[0-9]{2}$", text) is not None or (is_number and "." in text)
    is_money = bool(_IS_MONEY.search(name)) or (has_cents and (bool(place.currency) or not is_number))
    return (place.currency or "?") if is_money else ""

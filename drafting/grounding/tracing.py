"""Where the atoms of a reply come from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from drafting.grounding.atom import Atom, Kind
from drafting.grounding.days import falls_on, is_in_words, meant
from drafting.grounding.keys import offered, wanted
from drafting.grounding.scan import find
from drafting.grounding.sources import Json, Occurrence, Offers, Source, words_of
from drafting.grounding.sums import derive

_AROUND = 90
_BETWEEN = re.compile(r"[,.]?\s{0,2}\(?(?:the|den|dem|le|el|il|o|dia|dnia|de)?\s{0,2}", re.IGNORECASE)
"""What may stand between a weekday and its date: "Friday, the 6th of March", "Freitag, den 6. März"."""


@dataclass(frozen=True, slots=True)
class TracedAtom:
    """An atom and the names of the sources that contain it, the likeliest first; none means that it is not traced.

    `note` says how it came about where it is a result ("40 * 18.75"). `trusted` are those sources that are more than a customer's claim.
    """

    atom: Atom
    sources: tuple[str, ...]
    note: str = ""
    trusted: tuple[str, ...] = ()

    @property
    def is_traced(self) -> bool:
        """Whether any source contains it."""
        return bool(self.sources)

    @property
    def source(self) -> str:
        """The likeliest source, or ""."""
        return self.sources[0] if self.sources else ""

    def as_json(self) -> dict[str, Json]:
        """The shape of an entry in `Draft.atoms`."""
        atom = self.atom
        return {
            "kind": atom.kind.value,
            "text": atom.text,
            "start": atom.start,
            "end": atom.end,
            "traced": self.is_traced,
            "source": self.source,
        }


def trace(
    atoms: Sequence[Atom], sources: Sequence[Source], *, language: str = "", text: str = "", today: date | None = None
) -> list[TracedAtom]:
    """Looks for each atom of `text` in `sources`, by value and not by spelling. `language` is the one that texts spell out numbers in.

    `today` is the day from which "tomorrow" and "Friday" count; without it they are found only where a source has them in words.

    * An atom is traced by its own kind only: a date by a date, an amount by money (of the same currency where one is named; an amount in
      an object with a "currency" has that one), never by a stock. A bare number may be any of them.
    * A date without year, or a month, matches every date in it; a date with year needs a source that names the year too.
    * A weekday beside a date has to be that of the date.
    * A phone number matches with and without its country code.
    * Nothing is computed here. What the model had calculated counts only in the forms of `sums`.
    * Of several sources the one is shown that fits best: the same unit, evidence before a customer's claim, most words in common with
      what stands around the atom; then the order given.
    """
    offers = _offers(sources, language)
    order = {source.name: position for position, source in reversed(list(enumerate(sources)))}
    around = [words_of(text[max(0, atom.start - _AROUND) : atom.end + _AROUND]) for atom in atoms]
    sought = [_sought(atom, text, beside, today) for atom, beside in zip(atoms, [*atoms[1:], None], strict=True)] if atoms else []
    return [_traced(atom, tuple(values), offers, order, near) for atom, values, near in zip(atoms, sought, around, strict=True)]


def _sought(atom: Atom, text: str, beside: Atom | None, today: date | None) -> Sequence[str]:
    """The values by which to look for an atom: of days in words those of the dates that they mean too."""
    if today is None or atom.kind is not Kind.DATE or not is_in_words(word := atom.value[0]):
        return atom.value
    if word.startswith("weekday") and beside and _is_its_date(beside, text[atom.end : beside.start] if text else "?"):
        return [value for value in beside.value if falls_on(value, word, today=today)]
    return [word, *(day.isoformat() for day in meant(word, today=today))]


def _is_its_date(beside: Atom, between: str) -> bool:
    return beside.kind is Kind.DATE and not is_in_words(beside.value[0]) and bool(_BETWEEN.fullmatch(between))


def _offers(sources: Sequence[Source], language: str) -> Offers:
    offers = Offers(language)
    for source in sources:
        if not (source.calculated or source.asked):
            offers.add(source)
    for source in sources:
        if source.calculated:
            _add_result(source, offers)
    for source in sources:
        if source.asked and _is_known(source.asked, offers):
            offers.add(source)
    return offers


def _add_result(source: Source, offers: Offers) -> None:
    currency = derive(source.calculated, figures=offers.figures, asked_quantities=offers.asked_quantities)
    result = source.value.get("result") if isinstance(source.value, dict) else source.value
    if currency is None or result is None:
        return
    for atom in find(str(result).removeprefix("-"), language="", decimal_mark="."):
        keys = [f"n {atom.value[0]}", *([f"m {currency} {atom.value[0]}"] if currency else [])]
        for key in keys:
            offers.add_value(key, source, note=source.calculated)


def _is_known(asked: str, offers: Offers) -> bool:
    """Whether the date that was asked for, or the number of days, is one that a source speaks of."""
    count = asked.strip().lstrip("+-")
    if count.isdecimal():
        return (count.lstrip("0") or "0") in offers.days
    found = find(asked, language="", decimal_mark=".")
    return bool(found) and all(any(offers.has(key) for value in one.value for key in offered(one.kind, value)) for one in found)


def _traced(atom: Atom, values: tuple[str, ...], offers: Offers, order: dict[str, int], around: frozenset[str]) -> TracedAtom:
    ranked: dict[str, tuple[tuple[int, bool, int, int], Occurrence]] = {}
    for fit, key in wanted(replace(atom, value=values)):
        for one in offers.by_key.get(key, ()):
            rank = (fit, one.is_claim, -len(words_of(one.context) & around), order[one.source])
            if one.source not in ranked or rank < ranked[one.source][0]:
                ranked[one.source] = (rank, one)
    best = [one for _, one in sorted(ranked.values(), key=lambda pair: pair[0])]
    trusted = tuple(one.source for one in best if not one.is_claim)
    return TracedAtom(atom, tuple(one.source for one in best), best[0].note if best else "", trusted)

"""Where the atoms of a reply come from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from drafting.grounding.atom import Atom, Kind
from drafting.grounding.scan import find

Json: TypeAlias = Any
"""A JSON value: str, int, float, bool, None, list or dict of them. Dates and decimals may also come as themselves."""

Index: TypeAlias = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Source:
    """Something that a reply may take facts from: an evidence's answer, the customer's mail, a template.

    `inputs` is what the model put into the lookup where the answer is made from it (arithmetic, a date it asked about). Such a source
    counts only if everything in its inputs comes from other sources: else the model could have any number confirmed.
    """

    name: str
    value: Json
    inputs: Json = None


@dataclass(frozen=True, slots=True)
class TracedAtom:
    """An atom and the names of the sources that contain it, in the order given to `trace`; none means that it is not traced."""

    atom: Atom
    sources: tuple[str, ...]

    @property
    def is_traced(self) -> bool:
        """Whether any source contains it."""
        return bool(self.sources)

    @property
    def source(self) -> str:
        """The first source that contains it, or ""."""
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


def trace(atoms: Sequence[Atom], sources: Sequence[Source], *, language: str = "") -> list[TracedAtom]:
    """Looks for each atom in `sources`, by value and not by spelling. `language` is the one in which texts may spell out numbers.

    * A number without unit matches the same number with any; currencies and "%" must agree when both sides name one. An amount in an
      object with a "currency" has that currency.
    * A date without year, or a month, matches every date in it; a date with year needs a source that names the year too.
    * A phone number matches with and without its country code.
    * Nothing is computed: a sum or a number of days is only traced if a source says it.
    """
    index: Index = defaultdict(list)
    for source in sorted(sources, key=lambda source: source.inputs is not None):
        if all(_sources_of(atom, index) for atom in _inputs(source)):
            for key in set(_keys(source.value, language=language, currency="")):
                index[key].append(source.name)
    order = {source.name: position for position, source in reversed(list(enumerate(sources)))}
    return [TracedAtom(atom, tuple(sorted(_sources_of(atom, index), key=lambda name: order[name]))) for atom in atoms]


def _sources_of(atom: Atom, index: Index) -> set[str]:
    wanted = {key for value in atom.value for key in _wanted(atom.kind, value)}
    return {name for key in wanted for name in index.get(key, ())}


def _inputs(source: Source) -> Iterator[Atom]:
    """A model writes numbers for a machine: 1.234 has a fraction."""
    for text in _texts(source.inputs):
        yield from find(text, language="", decimal_mark=".")


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _wanted(kind: Kind, value: str) -> Iterator[str]:
    """The keys that would do for an atom."""
    yield value
    number, _, unit = value.partition(" ")
    if kind is Kind.AMOUNT or (kind is Kind.NUMBER and unit):
        yield number
    elif kind is Kind.NUMBER:
        yield f"{value} *"
    elif kind is Kind.PHONE and value.startswith("+"):
        yield from _national(value)
    elif kind is Kind.PHONE:
        yield f"national {value}"


def _offered(kind: Kind, value: str) -> Iterator[str]:
    """The keys that an atom of a source answers to."""
    yield value
    number, _, unit = value.partition(" ")
    if unit and kind in (Kind.NUMBER, Kind.AMOUNT):
        yield f"{number} *"
    elif kind is Kind.DATE and len(value) == len("2026-03-04"):
        yield from (f"-{value[4:]}", value[:7])
    elif kind is Kind.TIME:
        yield value[:5]
    elif kind is Kind.PHONE and value.startswith("+"):
        yield from (f"national {national}" for national in _national(value))


def _national(phone: str) -> list[str]:
    """How "+49301234567" may be dialled at home; country codes have one to three digits."""
    return [f"0{phone[1 + length :]}" for length in (1, 2, 3)]


def _keys(value: Json, *, language: str, currency: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        named = next((item for key, item in value.items() if str(key).endswith("currency") and isinstance(item, str)), currency)
        for key, item in value.items():
            yield from _text_keys(str(key), language=language, currency="")
            yield from _keys(item, language=language, currency=named)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _keys(item, language=language, currency=currency)
    elif value is not None and not isinstance(value, bool):
        yield from _text_keys(str(value), language=language, currency=currency)


def _text_keys(text: str, *, language: str, currency: str) -> Iterator[str]:
    """A decimal such as "1234.500" is read as machines write it, everything else as people may."""
    is_decimal = text.removeprefix("-").replace(".", "", 1).isdecimal()
    for atom in find(text, language=language, decimal_mark="." if is_decimal else ""):
        for value in atom.value:
            if currency and is_decimal and atom.kind is Kind.NUMBER:
                yield from (f"{value} {currency.upper()}", f"{value} %", f"{value} *")
            else:
                yield from _offered(atom.kind, value)

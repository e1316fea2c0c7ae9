"""Takes out of a text what tells whose mail it is, and leaves in its place what it was: [name], [address], [order number] …

Pure. Mail addresses, phone numbers, links, bank accounts and codes are seen by how they look; names, street addresses and what a code
is called have to be given (see `personal.py`). Rather a word too many is masked than a name too few.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from drafting.grounding import Atom, Kind, atoms
from drafting.grounding.spelling import plain

NAME, ADDRESS, NUMBER = "name", "address", "number"
BY_LOOK = {Kind.EMAIL: "e-mail", Kind.PHONE: "phone number", Kind.URL: "link", Kind.ID: NUMBER}
LONG = 5
"""Figures from which on a plain number may be somebody's."""
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_ACCOUNT = re.compile(r"(?<![^\W_])[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]{4}){3,7}(?:[ -]?[A-Za-z0-9]{1,4})?(?![^\W_])")
_DIALLED = re.compile(r"(?<![\w.,])\(?[0-9]{2,5}\)?(?:[ ./-]{1,2}[0-9]{2,5}){1,4}(?![\w]|[.,][0-9])")
_PLAIN = re.compile(rf"[0-9]{{{LONG},}}")
_GAP = r"[\W_]{0,3}"
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_AGAIN = re.compile(r"\[(name|address)\](?:[\s,.;&/+-]{1,3}\[\1\])+")
_NO_ACCENTS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_NOBODY = frozenset(
    word
    for words in (
        "the and und for of der die das dem den des von vom van zur zum del los las les dos della delle het",
        "mr mrs ms dr prof herr frau sir madam mme mlle sig sra",
        "gmbh mbh ltd llc inc corp plc bv nv sarl sas srl spa sro zoo oy ab aps ag kg ohg ug gbr co",
        "info team sales service support office purchasing orders accounting einkauf verkauf vertrieb kundendienst",
        "street str strasse road avenue ave lane rue via calle plaza platz weg straat laan ulica aleja",
    )
    for word in words.split()
)
"""Words of names and addresses that are nobody's own."""


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    label: str


def mask(
    text: str,
    *,
    names: Iterable[str] = (),
    addresses: Iterable[str] = (),
    ids: Mapping[str, str] = MappingProxyType({}),
    language: str = "",
    amounts: bool = False,
) -> str:
    """`text` with placeholders; the same thing gets the same one wherever it stands.

    `names` are of people and companies: each of their words is masked, whatever its case, accents and ending. `addresses` are street
    addresses. `ids` says what a code is called: {"SO-10423": "order number"}; however it is spelled, and without its letters.
    `language` (ISO 639-1) settles how numbers are read. `amounts` of money are masked only if asked for.
    """
    visible = "".join(character for character in unicodedata.normalize("NFC", text) if unicodedata.category(character) != "Cf")
    figures, found = plain(visible), atoms(visible, language=language)
    kept: list[_Span] = []
    for spans in (
        _known_codes(figures, ids),
        _accounts(figures),
        _by_look(found, amounts=amounts),
        _words(visible, list(names), list(addresses)),
        _numbers(figures, found),
    ):
        kept += _free(spans, kept)
    return _AGAIN.sub(r"[\1]", _replaced(visible, kept))


def fold(word: str) -> str:
    """A word for comparing: no case, no accents."""
    bare = "".join(part for part in unicodedata.normalize("NFKD", word) if not unicodedata.combining(part))
    return bare.casefold().translate(_NO_ACCENTS)


def words_of(name: str) -> list[str]:
    """The words of a name that are somebody's own, folded."""
    return [word for word in map(fold, _WORD.findall(unicodedata.normalize("NFC", name))) if len(word) > 1 and word not in _NOBODY]


def _known_codes(text: str, ids: Mapping[str, str]) -> Iterator[_Span]:
    """Longest first, so that a code is not taken for a part of itself."""
    for code in sorted(ids, key=len, reverse=True):
        segments = re.findall(r"[0-9]+|[^\W\d_]+", plain(code))
        spelled = [parts for parts in (segments, segments[1:]) if _is_telling(parts, whole=segments)]
        for parts in spelled:
            pattern = rf"(?<![^\W_]){_GAP.join(map(re.escape, parts))}(?![^\W_])"
            yield from (_Span(*match.span(), ids[code]) for match in re.finditer(pattern, text, re.IGNORECASE))


def _is_telling(parts: list[str], *, whole: list[str]) -> bool:
    """Whether a code can be known by these of its parts: all of them, or all but its first letters unless a year is left."""
    said = "".join(parts)
    if parts is whole:
        return len(said) >= 3 and any(map(str.isdecimal, said))
    return whole[0].isalpha() and len(said) >= 4 and any(map(str.isdecimal, said)) and not _YEAR.fullmatch(said)


def _by_look(found: list[Atom], *, amounts: bool) -> Iterator[_Span]:
    labels = BY_LOOK | ({Kind.AMOUNT: "amount"} if amounts else {})
    yield from (_Span(atom.start, atom.end, labels[atom.kind]) for atom in found if atom.kind in labels and not _is_account(atom.text))


def _accounts(text: str) -> Iterator[_Span]:
    yield from (_Span(*match.span(), "bank account") for match in _ACCOUNT.finditer(text) if _is_account(match[0]))


def _is_account(text: str) -> bool:
    """ISO 13616: a country, two check figures, up to 30 characters, most of them figures."""
    return bool(_ACCOUNT.fullmatch(text)) and sum(character.isdecimal() for character in text) >= 10


def _numbers(text: str, found: list[Atom]) -> Iterator[_Span]:
    """Plain figures that are long enough to be somebody's, and what may be dialled."""
    plain_numbers = [atom for atom in found if atom.kind is Kind.NUMBER]
    for match in _DIALLED.finditer(text):
        within = [atom for atom in plain_numbers if match.start() <= atom.start and atom.end <= match.end()]
        if sum(map(str.isdecimal, match[0])) >= 7 and within:
            yield _Span(*match.span(), BY_LOOK[Kind.PHONE])
    yield from (_Span(atom.start, atom.end, NUMBER) for atom in plain_numbers if _PLAIN.fullmatch(text[atom.start : atom.end]))


def _words(text: str, names: list[str], addresses: list[str]) -> Iterator[_Span]:
    """Names before addresses; a house number only beside what is masked of its address."""
    spoken = list(_WORD.finditer(text))
    labels: list[str] = [""] * len(spoken)
    for label, given in ((NAME, names), (ADDRESS, addresses)):
        own = {part for one in given for part in _spellings(one)}
        short = {word for one in given for word in _WORD.findall(one) if len(word) == 2}
        for place, match in enumerate(spoken):
            if not labels[place] and _is_own(match[0], own, short):
                labels[place] = label
    house_numbers = {fold(word) for one in addresses for word in _WORD.findall(one) if word[0].isdecimal()}
    for place, match in enumerate(spoken):
        if not labels[place] and fold(match[0]) in house_numbers and ADDRESS in labels[max(place - 1, 0) : place + 2]:
            labels[place] = ADDRESS
    yield from (_Span(*match.span(), label) for match, label in zip(spoken, labels, strict=True) if label)
    yield from _unspaced(text, names, NAME)
    yield from _unspaced(text, addresses, ADDRESS)


def _spellings(name: str) -> set[str]:
    """Words of a name with their accents gone, umlauts and streets spelled out. Single figures and letters tell nothing."""
    spelled_out = unicodedata.normalize("NFC", name).casefold().translate(_SPELLED_OUT)
    found = {word for word in (*words_of(name), *words_of(spelled_out)) if len(word) > 2 and not (word.isdecimal() and len(word) < 4)}
    streets = {word.removesuffix("asse") for word in found if word.endswith("strasse")} | {
        f"{word}asse" for word in found if word.endswith("str")
    }
    return found | streets


def _is_own(word: str, own: set[str], short: set[str]) -> bool:
    """A long name also with an ending: “Müllers”, “Nowaka”. One of two letters only as it is written."""
    folded = fold(word)
    endings = (folded[:-length] for length in (1, 2) if len(folded) - length >= 5)
    return folded in own or any(stem in own for stem in endings) or (word in short and word[0].isupper() and fold(word) not in _NOBODY)


def _unspaced(text: str, given: list[str], label: str) -> Iterator[_Span]:
    """Scripts that write no spaces have no words to compare."""
    for word in {word for one in given for word in _WORD.findall(one) if len(word) > 1 and any(letter >= "\u2e80" for letter in word)}:
        yield from (_Span(*match.span(), label) for match in re.finditer(re.escape(word), text))


def _free(spans: Iterable[_Span], taken: list[_Span]) -> Iterator[_Span]:
    """Those of `spans` that touch nothing taken before, nor each other."""
    covered = {place for span in taken for place in range(span.start, span.end)}
    for span in spans:
        places = range(span.start, span.end)
        if covered.isdisjoint(places):
            covered.update(places)
            yield span


def _replaced(text: str, spans: list[_Span]) -> str:
    pieces, end = [], 0
    for span in sorted(spans, key=lambda one: one.start):
        pieces += [text[end : span.start], f"[{span.label}]"]
        end = span.end
    return "".join([*pieces, text[end:]])

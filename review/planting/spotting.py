"""Where in a text a planted value stands, however it is spelled, and how much that place is like the one it was planted at. Pure."""

import re
import unicodedata
from difflib import SequenceMatcher

from drafting import grounding
from drafting.gate.wording import INVISIBLE
from review.models import PlantedDraft

Kind = PlantedDraft.Kind
Span = tuple[int, int]
AROUND = 4
"""So many words on either side are the surroundings of a place."""
_READ_AS = {
    Kind.AMOUNT: (grounding.Kind.AMOUNT, grounding.Kind.NUMBER),
    Kind.DATE: (grounding.Kind.DATE,),
    Kind.ID: (grounding.Kind.ID, grounding.Kind.NUMBER),
    Kind.OTHER_ORDER: (grounding.Kind.ID, grounding.Kind.NUMBER),
    Kind.LINK: (grounding.Kind.URL,),
}
_DAY = re.compile(r"(?:[0-9]{4}|-)-([0-9]{2}-[0-9]{2})")
_WORD = re.compile(r"\w+")


def plain(text: str) -> str:
    """`text` with one spelling of each letter, nothing invisible and straight apostrophes."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("’", "'")


def words(text: str) -> list[str]:
    """Its words in small letters."""
    return _WORD.findall(text.casefold())


def spans(text: str, wrong: str, *, kind: str, language: str, right: str = "") -> list[Span]:
    """Where `wrong` stands in a plain text as a whole value or phrase; `right` is what it must not be taken for."""
    found = {match.span() for pattern in _patterns(wrong, right, kind) for match in re.finditer(pattern, text, re.IGNORECASE)}
    if kind in _READ_AS:
        wanted = _values(wrong, kind, language) - _values(right, kind, language)
        atoms = [one for one in grounding.atoms(text, language=language) if one.kind in _READ_AS[Kind(kind)]]
        found |= {(one.start, one.end) for one in atoms if wanted & _read(one, kind)}
    return sorted(found)


def likeness(text: str, span: Span, *, before: str, after: str) -> int:
    """How many words around the span stand around the planted place too, in order: 0 to twice AROUND."""
    left = _shared(words(text[: span[0]])[-AROUND:], words(before)[-AROUND:])
    return left + _shared(words(text[span[1] :])[:AROUND], words(after)[:AROUND])


def _shared(some: list[str], others: list[str]) -> int:
    return sum(block.size for block in SequenceMatcher(None, some, others, autojunk=False).get_matching_blocks())


def _patterns(wrong: str, right: str, kind: str) -> list[str]:
    if kind == Kind.LINK:
        domains = {grounding.domain_of(one.text) for one in grounding.atoms(wrong, language="en") if one.kind is grounding.Kind.URL}
        return [rf"(?<![\w-]){re.escape(domain)}(?![\w-])" for domain in domains if domain]
    literal = r"\s+".join(re.escape(part) for part in wrong.split())
    patterns = [rf"(?<!\w)(?<![0-9][.,]){literal}(?!\w)(?![.,][0-9])"] if literal else []
    if kind in (Kind.ID, Kind.OTHER_ORDER):
        loose = r"[\W_]{0,2}".join(re.findall(r"[^\W_]", wrong))
        patterns.append(rf"(?<!\w){loose}(?!\w)")
        patterns += [rf"(?<!\w){run}(?!\w)" for run in re.findall("[0-9]{4,}", wrong) if run not in right]
    return patterns


def _values(text: str, kind: str, language: str) -> set[str]:
    return {value for one in grounding.atoms(text, language=language) for value in _read(one, kind)}


def _read(atom: grounding.Atom, kind: str) -> set[str]:
    """What an atom says, loosely: an amount without its currency, a day without its year, a link as its domain."""
    if kind == Kind.LINK:
        return {grounding.domain_of(atom.text)}
    if kind == Kind.DATE:
        return {*atom.value, *(match[1] for value in atom.value if (match := _DAY.fullmatch(value)))}
    return {value.split()[0] if kind == Kind.AMOUNT else value for value in atom.value}

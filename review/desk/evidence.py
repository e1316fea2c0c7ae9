"""Evidence as cards: JSON answers as words, texts and tables."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from drafting.models import Evidence
from review.desk import erased, words

ROWS = 30
COLUMNS = 12
LONGEST_VALUE = 600
LONGEST_CELL = 200
LONGEST_TEXT = 2_000
LONGEST_HEADING = 60
"""Characters of a question that stand beside the card's title; a longer one is folded."""
FIRST = (
    "number",
    "name",
    "sku",
    "title",
    "status",
    "quantity",
    "price",
    "total",
    "stock",
    "restock_on",
    "ordered_on",
    "promised_on",
    "shipped_on",
    "delivered_on",
    "carrier",
    "tracking_number",
    "invoice_number",
    "delivery_address",
)
"""What people look for first, in this order; the database keeps no order of its own."""
AMOUNTS = ("price", "total")
NAMES = ("title", "name")
NOTHING = {
    Evidence.Outcome.NOT_FOUND: "Nothing was found.",
    Evidence.Outcome.UNAVAILABLE: "The system could not be reached.",
    Evidence.Outcome.REFUSED: "The lookup was refused.",
}
TEMPLATES = "templates"
TROUBLES = {Evidence.Outcome.UNAVAILABLE, Evidence.Outcome.REFUSED}


@dataclass(frozen=True, slots=True)
class Table:
    """Several things with the same columns."""

    title: str
    head: list[str]
    rows: list[list[str]]
    more: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One named value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its title, such as an article, and which one it is. Open is what the draft took something from.

    `source` is the name by which atoms of the draft call it, `anchor` its id on the page; both "" where they call the whole lookup instead.
    """

    title: str
    about: str
    text: str
    is_open: bool
    source: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What one lookup asked and got. `anchor` is the id on the page that the draft's atoms point at.

    `is_first` are those that support the draft, or that failed in a way to know about. A question too long for the heading is `asked`.
    """

    anchor: str
    title: str
    question: str
    asked: str
    source: str
    at: words.Moment
    asked_by: str
    took: str
    nothing: str
    is_first: bool
    facts: list[Fact] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def card(evidence: Evidence, said: Collection[str] = ()) -> Card:
    """The card of a lookup. `said` are the atoms of the draft, as they are written there, that were traced to it."""
    is_found = evidence.outcome == Evidence.Outcome.FOUND
    found = _addressed(evidence, passages(evidence.answer, said)) if is_found else []
    facts, tables = contents(evidence.answer) if is_found and not found else ([], [])
    question = _question(evidence.question)
    is_long = len(question) > LONGEST_HEADING
    return Card(
        anchor=f"evidence-{evidence.pk}",
        title=words.humanised(evidence.tool),
        question="" if is_long else question,
        asked=question if is_long else "",
        source=evidence.source,
        at=words.moment(evidence.at),
        asked_by=evidence.get_asked_by_display(),
        took=f"{evidence.milliseconds} ms",
        nothing=erased.said(evidence) or ("" if facts or tables or found else _nothing(evidence)),
        is_first=bool(said) or evidence.outcome in TROUBLES,
        facts=facts,
        passages=found,
        tables=tables,
    )


def names(evidence: Evidence) -> list[str]:
    """What the atoms of a draft call a lookup, and then each template in it, which they name by itself (see drafting.checking.grounds)."""
    items = evidence.answer if evidence.tool == TEMPLATES and isinstance(evidence.answer, list) else []
    return [f"evidence:{evidence.pk}", *(f"template:{item.get('id')}" for item in items if isinstance(item, Mapping))]


def passages(answer: Any, said: Collection[str] = ()) -> list[Passage]:
    """The texts of an answer that is a list of them (articles, templates), each open if one of `said` stands in it."""
    if not isinstance(answer, list) or not all(isinstance(item, Mapping) and isinstance(item.get("body"), str) for item in answer):
        return []
    quoted = [any(atom in item["body"] for atom in said) for item in answer]
    is_unclear = bool(said) and not any(quoted)
    return [
        Passage(_title(item), _about(item), item["body"][:LONGEST_TEXT], is_quoted or is_unclear)
        for item, is_quoted in zip(answer[:ROWS], quoted, strict=False)
    ]


def _addressed(evidence: Evidence, found: list[Passage]) -> list[Passage]:
    """The texts of a lookup, those that atoms name by themselves with the place where they stand."""
    named = zip(found, names(evidence)[1:], strict=False)
    return [replace(one, source=name, anchor=f"evidence-{evidence.pk}-{n}") for n, (one, name) in enumerate(named, start=1)] or found


def _about(item: Mapping[str, Any]) -> str:
    """The language of a text, its version (kept as "v3"), and whether passages of it are left out."""
    version = str(item.get("version") or "").removeprefix("v")
    parts = (
        words.language(str(item.get("language") or "")),
        f"version {version}" if version not in ("", "0") else "",
        "passages" if item.get("is_excerpt") else "",
    )
    return ", ".join(filter(None, parts))


def contents(answer: Any) -> tuple[list[Fact], list[Table]]:
    """A JSON answer as named values and tables."""
    if isinstance(answer, list):
        return _items("", answer)
    if not isinstance(answer, dict):
        return ([Fact("Answer", value(answer))] if answer not in (None, "") else []), []
    facts: list[Fact] = []
    tables: list[Table] = []
    for name, inner in ordered(answer).items():
        more_facts, more_tables = _named(words.humanised(str(name)), inner)
        facts += more_facts
        tables += more_tables
    return facts, tables


def ordered(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An object with its keys in the order that people read them, its amounts with their currency, its language by name.

    An id is left out where there is a name for people.
    """
    is_named = any(answer.get(name) for name in NAMES)
    names = sorted((name for name in answer if name != "id" or not is_named), key=_place)
    if isinstance(answer.get("language"), str):
        answer = {**answer, "language": words.language(answer["language"])}
    currency = answer.get("currency")
    if not isinstance(currency, str) or not any(answer.get(name) for name in AMOUNTS):
        return {name: answer[name] for name in names}
    amounts = {name: f"{answer[name]} {currency}" for name in AMOUNTS if answer.get(name)}
    return {name: amounts.get(name, answer[name]) for name in names if name != "currency"}


def value(thing: Any) -> str:
    """A JSON value in words."""
    if thing is None or thing == "":
        return "–"
    if isinstance(thing, bool):
        return "yes" if thing else "no"
    if isinstance(thing, Mapping):
        return ", ".join(f"{words.humanised(str(name))}: {value(inner)}" for name, inner in thing.items())[:LONGEST_VALUE]
    if isinstance(thing, list):
        return ", ".join(value(inner) for inner in thing)[:LONGEST_VALUE] or "–"
    return _date(str(thing))[:LONGEST_VALUE]


def _place(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)


def _title(item: Mapping[str, Any]) -> str:
    return next((str(item[name]) for name in NAMES if item.get(name)), "")


def _nothing(evidence: Evidence) -> str:
    said = evidence.answer.get("words") if isinstance(evidence.answer, Mapping) else ""
    return str(said) if said else NOTHING.get(Evidence.Outcome(evidence.outcome), "The answer was empty.")


def _named(name: str, inner: Any) -> tuple[list[Fact], list[Table]]:
    if isinstance(inner, list) and any(isinstance(item, Mapping) for item in inner):
        return _items(name, inner)
    if isinstance(inner, Mapping) and inner:
        facts, tables = contents(inner)
        return [Fact(f"{name}: {fact.name[:1].lower()}{fact.name[1:]}", fact.value) for fact in facts], tables
    return ([] if inner in (None, "", [], {}) else [Fact(name, value(inner))]), []


def _items(name: str, items: Sequence[Any]) -> tuple[list[Fact], list[Table]]:
    if not items or not all(isinstance(item, Mapping) for item in items):
        return ([Fact(name or "Answer", value(list(items)))] if items else []), []
    if len(items) == 1 and not name:
        return contents(dict(items[0]))
    items = [ordered(item) for item in items]
    keys = [key for key in dict.fromkeys(key for item in items for key in item) if any(item.get(key) not in (None, "") for item in items)]
    keys = keys[:COLUMNS]
    rows = [[_cell(item.get(key)) for key in keys] for item in items[:ROWS]]
    more = f"and {len(items) - ROWS} more" if len(items) > ROWS else ""
    return [], [Table(name, [words.humanised(str(key)) for key in keys], rows, more)]


def _cell(thing: Any) -> str:
    said = value(thing)
    return said if len(said) <= LONGEST_CELL else f"{said[:LONGEST_CELL]}…"


def _question(question: Any) -> str:
    asked = list(question.values()) if isinstance(question, Mapping) else [question]
    return ", ".join(value(one) for one in asked if one not in (None, "", [], {}))


def _date(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%b %Y}"

"""Evidence as cards: JSON answers as words and tables."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from drafting.models import Evidence
from review.desk import words

ROWS = 8
COLUMNS = 6
LONGEST_VALUE = 600
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
NOTHING = {
    Evidence.Outcome.NOT_FOUND: "Nothing was found.",
    Evidence.Outcome.UNAVAILABLE: "The system could not be reached.",
    Evidence.Outcome.REFUSED: "The lookup was refused.",
}


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
class Card:
    """What one lookup asked and got. `anchor` is the id on the page that the draft's atoms point at."""

    anchor: str
    title: str
    question: str
    source: str
    at: words.Moment
    asked_by: str
    took: str
    nothing: str
    facts: list[Fact] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def card(evidence: Evidence) -> Card:
    """The card of a lookup."""
    is_found = evidence.outcome == Evidence.Outcome.FOUND
    facts, tables = contents(evidence.answer) if is_found else ([], [])
    return Card(
        anchor=f"evidence-{evidence.pk}",
        title=words.humanised(evidence.tool),
        question=_question(evidence.question),
        source=evidence.source,
        at=words.moment(evidence.at),
        asked_by=evidence.get_asked_by_display(),
        took=f"{evidence.milliseconds} ms",
        nothing="" if facts or tables else _nothing(evidence),
        facts=facts,
        tables=tables,
    )


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
    """An object with its keys in the order that people read them, and its amounts with their currency."""
    names = sorted(answer, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
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


def _nothing(evidence: Evidence) -> str:
    said = evidence.answer.get("words") if isinstance(evidence.answer, Mapping) else ""
    return str(said) if said else NOTHING.get(Evidence.Outcome(evidence.outcome), "The answer was empty.")


def _named(name: str, inner: Any) -> tuple[list[Fact], list[Table]]:
    if isinstance(inner, list) and any(isinstance(item, Mapping) for item in inner):
        return _items(name, inner)
    if isinstance(inner, Mapping) and inner:
        facts, tables = contents(inner)
        return [Fact(f"{name}: {fact.name[:1].lower()}{fact.name[1:]}", fact.value) for fact in facts], tables
    return [Fact(name, value(inner))], []


def _items(name: str, items: Sequence[Any]) -> tuple[list[Fact], list[Table]]:
    if not items or not all(isinstance(item, Mapping) for item in items):
        return ([Fact(name or "Answer", value(list(items)))] if items else []), []
    if len(items) == 1 and not name:
        return contents(dict(items[0]))
    items = [ordered(item) for item in items]
    keys = list(dict.fromkeys(key for item in items for key in item))[:COLUMNS]
    rows = [[value(item.get(key)) for key in keys] for item in items[:ROWS]]
    more = f"and {len(items) - ROWS} more" if len(items) > ROWS else ""
    return [], [Table(name, [words.humanised(str(key)) for key in keys], rows, more)]


def _question(question: Any) -> str:
    if isinstance(question, Mapping):
        return ", ".join(value(inner) for inner in question.values())
    return value(question)


def _date(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%b %Y}"

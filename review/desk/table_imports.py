"""Files on their way into the built-in tables, and the tables themselves, as people read them."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from drafting import tables
from drafting.models import TableImport
from review.desk import words
from review.desk.words import Moment

State = TableImport.State
TONES = {State.DONE: "green", State.REFUSED: "red", State.RUNNING: "accent", State.WAITING: "accent", State.UPLOADED: "amber"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One file. `percent` is how far it is, half of it for looking at the rows and half for writing them."""

    id: int
    table: str
    file_name: str
    size: str
    state: str
    tone: str
    is_new: bool
    is_under_way: bool
    step: str
    percent: int
    errors: list[tuple[str, str]]
    columns: list[str]
    first_rows: list[list[str]]
    by: str
    at: Moment


@dataclass(frozen=True, slots=True)
class Table:
    """A built-in table: how much is in it, and which columns a file may and must have."""

    name: str
    label: str
    rows: str
    required: str
    others: str


def overview() -> list[Table]:
    """All tables that files can fill."""
    numbers = _numbers()
    return [_table(name, table, rows) for (name, table), rows in zip(tables.TABLES.items(), numbers, strict=True)]


def describe(one: TableImport) -> Shown:
    """A file and how far it is."""
    state = State(one.state)
    return Shown(
        id=one.pk,
        table=words.humanised(one.table),
        file_name=one.file_name,
        size=words.size(one.size),
        state=state.label,
        tone=TONES[state],
        is_new=state is State.UPLOADED,
        is_under_way=state in {State.WAITING, State.RUNNING},
        step=_step(one),
        percent=round(50 * (one.checked + one.done) / one.rows) if one.rows else 0,
        errors=[(f"Line {error['line']}" if error["line"] else "", error["words"]) for error in one.errors],
        columns=one.columns,
        first_rows=one.first_rows,
        by=words.person(one.by),
        at=words.moment(one.created_at),
    )


def _step(one: TableImport) -> str:
    if one.state == State.WAITING:
        return "Waiting for a worker"
    if one.state == State.DONE:
        return f"{one.rows:,} rows"
    if not one.rows:
        return "Reading"
    return f"{one.done:,} of {one.rows:,} rows written" if one.done else f"{one.checked:,} of {one.rows:,} rows checked"


def _numbers() -> list[int]:
    """How many rows each table has, in one query."""
    names = (connection.ops.quote_name(table.model._meta.db_table) for table in tables.TABLES.values())
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in names)  # noqa: S608 - tables of ours
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        return list(cursor.fetchone())


def _table(name: str, table: tables.Table, rows: int) -> Table:
    others: Any = [column for column in table.fields if column not in table.required]
    return Table(name, words.humanised(name), f"{rows:,}", ", ".join(table.required), ", ".join(others))

"""Many rows at once: COPY, and INSERT … SELECT. Columns that are not named get the model's default."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, JSONField, Model
from psycopg import sql
from psycopg.types.json import Jsonb


def fields(model: type[Model], *, without: Iterable[str] = ()) -> list["Field[Any, Any]"]:
    """The columns that are written, the key only where it is given."""
    return [field for field in model._meta.concrete_fields if not field.generated and field.attname not in set(without)]


def defaults(model: type[Model], *, without: Iterable[str]) -> dict[str, Any]:
    """What the columns hold that are not named."""
    return {field.attname: _value(field, field.get_default()) for field in fields(model, without={*without, "id"})}


def copy(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows whose values stand in the order of `names`."""
    rest = defaults(model, without=names)
    columns = sql.SQL(", ").join(map(_column(model), [*names, *rest]))
    same = tuple(rest.values())
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model._meta.db_table), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row((*row, *same))


def insert(model: type[Model], values: Mapping[str, str], source: str, parameters: Mapping[str, Any]) -> int:
    """Write one row for each row of `source` ("FROM …"); `values` are SQL expressions by column. Returns how many."""
    rest = defaults(model, without=values)
    columns = sql.SQL(", ").join(map(_column(model), [*values, *rest])).as_string(None)
    given = ", ".join([*values.values(), *(f"%(default_{name})s" for name in rest)])
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {given} {source}',
            {**parameters, **{f"default_{name}": value for name, value in rest.items()}},
        )
        return int(cursor.rowcount)


def reserve(model: type[Model], number: int) -> int:
    """The first of `number` keys in a row that nobody else gets."""
    with connection.cursor() as cursor:
        name = f"pg_get_serial_sequence('{model._meta.db_table}', 'id')"
        cursor.execute(f"SELECT nextval({name})")
        first = int(cursor.fetchone()[0])
        cursor.execute(f"SELECT setval({name}, %s)", [first + number])
    return first + 1


def _column(model: type[Model]) -> Any:
    columns = {field.attname: field.column for field in model._meta.concrete_fields}
    return lambda name: sql.Identifier(str(columns[name]))


def _value(field: "Field[Any, Any]", value: Any) -> Any:
    return Jsonb(value) if isinstance(field, JSONField) and value is not None else value

"""The built-in tables filled from CSV: customers, products, orders and what the company says. All of a file is taken, or nothing of it.

Columns are named like the fields; a row that refers to another names it by its own key (a customer's number, a product's sku …).
Rows whose key is known are updated; a column that the file does not have stays as it is.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import Any, TextIO

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction

from drafting import versions
from drafting.connectors import fields
from drafting.models import Article, Category, Customer, CustomerAddress, Order, OrderLine, Product, ReplyTemplate
from drafting.tools import FieldType

BATCH = 500
MOST_ERRORS = 50
EXAMPLES = {"language": "en", "currency": "EUR", "address": "ann@customer.example", "contact": "Ann Lee"}
"""What columns hold whose kind alone says too little."""
GENERATED = {"id", "updated_at"}
READERS: dict[type, Callable[[str], str]] = {
    models.DateField: fields.READERS[FieldType.DATE],
    models.DecimalField: fields.READERS[FieldType.AMOUNT],
}
NO_UTF_8 = "This is no CSV file in UTF-8. In a spreadsheet program, save it as “CSV UTF-8”, then upload it again."


@dataclass(frozen=True)
class Table:
    """What a file's rows become. `key` tells rows apart; `references` says by which field other tables' rows are named."""

    model: type[models.Model]
    key: tuple[str, ...]
    references: dict[str, str] = field(default_factory=dict)
    lower_case: tuple[str, ...] = ()

    @cached_property
    def fields(self) -> dict[str, "models.Field[Any, Any]"]:
        """The columns that a file may have."""
        concrete = (each for each in self.model._meta.concrete_fields if isinstance(each, models.Field))
        return {each.name: each for each in concrete if each.name not in GENERATED and not each.generated}

    @cached_property
    def required(self) -> list[str]:
        """The columns that a file must have."""
        return [name for name, each in self.fields.items() if name in self.key or not (each.blank or each.null or each.has_default())]


TABLES = {
    "categories": Table(Category, ("slug",)),
    "customers": Table(Customer, ("number",)),
    "customer_addresses": Table(CustomerAddress, ("address",), {"customer": "number"}, lower_case=("address",)),
    "products": Table(Product, ("sku",)),
    "orders": Table(Order, ("number",), {"customer": "number"}),
    "order_lines": Table(OrderLine, ("order", "product"), {"order": "number", "product": "sku"}),
    "articles": Table(Article, ("slug", "language")),
    "templates": Table(ReplyTemplate, ("category", "language", "name"), {"category": "slug"}),
}


class RowErrors(Exception):
    """Rows that cannot be taken, each as (line of the file, 0 for all of it; what to mend). Nothing was imported."""

    def __init__(self, errors: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(f"line {line}: {words}" if line else words for line, words in errors))
        self.errors = errors


def import_table(
    *,
    name: str,
    file: TextIO,
    by: User | None = None,
    progress: Callable[[int], None] = lambda count: None,
    checking: Callable[[int, int], None] = lambda count, of: None,
) -> int:
    """Take the CSV `file` (first line: columns) into the table `name`. Returns how many rows; raises RowErrors.

    Articles, templates and categories keep versions as saved `by`. `progress` is called with the number of rows written so far (in the
    transaction that writes them), `checking` before that with the number of rows looked at so far and of all.
    """
    table = TABLES[name]
    columns, rows = _read(table, file)
    made = _make(table, columns, rows, checking)
    with transaction.atomic():
        for start in range(0, len(made), BATCH):
            _write(table, columns, made[start : start + BATCH])
            _keep_versions(made[start : start + BATCH], by)
            progress(min(start + BATCH, len(made)))
    return len(made)


def first_rows(*, name: str, file: TextIO, count: int) -> tuple[list[str], list[list[str]]]:
    """The columns of a CSV file and its first rows, to look at. Raises RowErrors where the file cannot be for the table `name`."""
    columns, rows = _read(TABLES[name], file, most=count)
    return columns, [[str(value) if value is not None else "" for value in row.values()][: len(columns)] for _, row in rows]


def template(name: str) -> list[list[str]]:
    """A file that could be imported into the table `name`: the columns, and a row as an example."""
    table = TABLES[name]
    return [list(table.fields), [_example(table, column) for column in table.fields]]


def _read(table: Table, file: TextIO, *, most: int | None = None) -> tuple[list[str], list[tuple[int, dict[str, Any]]]]:
    """The columns, and the rows with their lines. Spreadsheets write semicolons or tabs where the comma is a decimal mark."""
    try:
        head = file.readline()
        separator = max(",;\t", key=head.count)
        reader = csv.DictReader(chain([head], file), delimiter=separator, strict=True)
        columns = _columns(table, reader.fieldnames or [])
        reader.fieldnames = columns
        return columns, [(reader.line_num, row) for row in islice(reader, most)]
    except UnicodeDecodeError as error:
        raise RowErrors([(0, NO_UTF_8)]) from error
    except csv.Error as error:
        raise RowErrors(
            [(reader.line_num + 1, f"This is no CSV file ({error}). Look for a quotation mark that nothing closes.")]
        ) from error


def _example(table: Table, column: str) -> str:
    each = table.fields[column]
    if choices := [str(value) for value, _ in each.flatchoices if value]:
        return choices[0]
    kinds: list[tuple[type, str]] = [(models.DateField, "2026-01-31"), (models.DecimalField, "12.50"), (models.IntegerField, "1")]
    kinds += [(models.BooleanField, "True"), (models.ForeignKey, f"{column}-1")]
    return next((text for kind, text in kinds if isinstance(each, kind)), EXAMPLES.get(column, f"{column}-1"))


def _columns(table: Table, names: Iterable[str]) -> list[str]:
    names = [name.strip().removeprefix("\ufeff") for name in names]
    if unknown := [name for name in names if name not in table.fields]:
        raise RowErrors([(1, f"Unknown columns: {', '.join(unknown)}. There are: {', '.join(table.fields)}.")])
    if missing := [name for name in table.required if name not in names]:
        raise RowErrors([(1, f"Missing columns: {', '.join(missing)}.")])
    return names


def _make(
    table: Table, columns: list[str], rows: list[tuple[int, dict[str, Any]]], checking: Callable[[int, int], None]
) -> list[models.Model]:
    known = {name: _ids(table, name, {row[name] for _, row in rows if isinstance(row.get(name), str)}) for name in table.references}
    made: dict[tuple[Any, ...], models.Model] = {}
    errors: list[tuple[int, str]] = []
    for number, (line, row) in enumerate(rows, start=1):
        if number % BATCH == 0 or number == len(rows):
            checking(number, len(rows))
        try:
            one = _make_one(table, columns, row, known)
        except ValidationError as error:
            errors.append((line, " ".join(error.messages)))
            continue
        key = tuple(getattr(one, table.fields[name].attname) for name in table.key)
        if key in made:
            errors.append((line, f"The same {' and '.join(table.key)} stands in a line above."))
        made[key] = one
    if errors:
        raise RowErrors(errors[:MOST_ERRORS])
    return list(made.values())


def _make_one(table: Table, columns: list[str], row: dict[str, Any], known: dict[str, dict[str, int]]) -> models.Model:
    if None in row or None in row.values():
        raise ValidationError(f"The line does not have {len(columns)} values.")
    values: dict[str, Any] = {}
    faults: list[str] = []
    for name in columns:
        text, each = row[name].strip(), table.fields[name]
        if "\x00" in text:
            faults.append(f"{name}: there is a NUL character, which no table can hold.")
        elif name in table.references:
            values[each.attname] = known[name].get(text)
            faults += [] if text in known[name] else [f"{name}: there is no {name} {text!r}; import it first."]
        elif text or not (each.null or each.has_default()):
            values[name] = _spelled(each, text.lower() if name in table.lower_case else text)
    one = table.model(**values)
    try:
        one.clean_fields(exclude=[*table.references, *GENERATED, *(set(columns) - set(values))])
    except ValidationError as error:
        faults += [f"{name}: {words}" for name, all_words in error.message_dict.items() for words in all_words]
    if faults:
        raise ValidationError(faults)
    return one


def _spelled(each: "models.Field[Any, Any]", text: str) -> str:
    """A day or a number as spreadsheets of other countries write it (31.01.2026, 12,50), as the table reads it; else as it is."""
    reader = next((read for kind, read in READERS.items() if isinstance(each, kind)), str)
    try:
        return reader(text)
    except (ValueError, ArithmeticError):
        return text


def _ids(table: Table, name: str, keys: set[str]) -> dict[str, int]:
    other, by = table.fields[name].related_model, table.references[name]
    assert isinstance(other, type) and issubclass(other, models.Model)
    return dict(other._default_manager.filter(**{f"{by}__in": {key.strip() for key in keys}}).values_list(by, "pk"))


def _write(table: Table, columns: list[str], rows: list[models.Model]) -> None:
    updated = [name for name in columns if name not in table.key]
    manager = table.model._default_manager
    if updated:
        manager.bulk_create(rows, update_conflicts=True, unique_fields=list(table.key), update_fields=updated)
    else:
        manager.bulk_create(rows, ignore_conflicts=True)


def _keep_versions(rows: list[models.Model], by: User | None) -> None:
    versions.keep_all(things=[row for row in rows if isinstance(row, Article | ReplyTemplate | Category)], by=by)

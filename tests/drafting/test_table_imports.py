"""Uploaded files: looked at, taken by a worker with progress, refused line by line; never half."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.utils import timezone

from drafting import table_imports, tables, tasks
from drafting.errors import Refused
from drafting.models import Product, TableImport
from drafting.table_imports import begin, discard, run, upload, waiting

pytestmark = pytest.mark.django_db
GOOD = "sku,name,price\nA-1,Seal,1.20\nA-2,Pump,80\n"


@pytest.fixture
def dana(db: None) -> User:
    """An admin."""
    return User.objects.create(username="dana")


def put(text: str, by: User, table: str = "products") -> TableImport:
    return upload(table=table, file_name="products.csv", content=text.encode(), by=by)


def test_a_file_is_looked_at_before_anything_is_taken(dana: User) -> None:
    one = put(GOOD, dana)
    assert (one.state, one.columns, one.first_rows) == (
        "uploaded",
        ["sku", "name", "price"],
        [["A-1", "Seal", "1.20"], ["A-2", "Pump", "80"]],
    )
    assert waiting() == []
    run(import_id=one.pk)
    assert not Product.objects.exists()


def test_a_file_is_taken_and_its_content_forgotten(dana: User) -> None:
    one = put(GOOD, dana)
    begin(import_id=one.pk)
    assert waiting() == [one.pk]
    run(import_id=one.pk)
    one.refresh_from_db()
    assert (one.state, one.rows, one.done, bytes(one.content)) == ("done", 2, 2, b"")
    assert Product.objects.count() == 2
    assert waiting() == []


def test_a_bad_row_keeps_the_whole_file_out_and_is_named_with_its_line(dana: User) -> None:
    one = put("sku,name,price\nA-1,Seal,1.20\nA-2,Pump,cheap\nA-3,Nul\x00,1\n", dana)
    begin(import_id=one.pk)
    run(import_id=one.pk)
    one.refresh_from_db()
    assert one.state == "refused"
    assert [error["line"] for error in one.errors] == [3, 4]
    assert "price" in one.errors[0]["words"]
    assert "NUL" in one.errors[1]["words"]
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"), [("sku,colour\n", "Unknown columns: colour"), ("sku\n", "Missing columns"), ("", "Missing columns"), ('"a', "CSV")]
)
def test_a_file_for_another_table_is_refused_at_once(dana: User, text: str, words: str) -> None:
    with pytest.raises(tables.RowErrors, match=words):
        put(text, dana)
    assert not TableImport.objects.exists()


def test_a_file_in_another_encoding_is_refused_at_once(dana: User) -> None:
    with pytest.raises(tables.RowErrors, match="UTF-8"):
        upload(table="products", file_name="x.csv", content="sku,name,price\nA,Größe,1\n".encode("utf-16"), by=dana)


def test_too_large_a_file_is_refused(dana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_imports, "LARGEST_FILE", 10)
    with pytest.raises(Refused, match="split it"):
        put(GOOD, dana)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_spreadsheets_other_separators_are_understood(dana: User, separator: str) -> None:
    one = put("\ufeff" + GOOD.replace(",", separator), dana)
    begin(import_id=one.pk)
    run(import_id=one.pk)
    assert Product.objects.count() == 2


def test_a_file_whose_worker_vanished_is_taken_again_and_one_at_work_is_left_alone(dana: User) -> None:
    one = put(GOOD, dana)
    TableImport.objects.update(state="running", seen_at=timezone.now())
    run(import_id=one.pk)
    assert waiting() == []
    assert not Product.objects.exists()
    TableImport.objects.update(seen_at=timezone.now() - timedelta(minutes=3))
    assert waiting() == [one.pk]
    run(import_id=one.pk)
    assert Product.objects.count() == 2


def test_what_was_only_looked_at_can_be_thrown_away(dana: User) -> None:
    one = put(GOOD, dana)
    discard(import_id=one.pk)
    assert not TableImport.objects.exists()
    taken = put(GOOD, dana)
    begin(import_id=taken.pk)
    discard(import_id=taken.pk)
    assert TableImport.objects.exists()


def test_what_the_database_does_not_take_ends_in_words(dana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    one = put(GOOD, dana)
    begin(import_id=one.pk)

    def fail(*_args: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(tables, "_write", fail)
    with pytest.raises(DatabaseError):
        run(import_id=one.pk)
    one.refresh_from_db()
    assert (one.state, one.errors) == ("refused", [{"line": 0, "words": table_imports.NOT_TAKEN}])


@pytest.mark.django_db(transaction=True)
def test_how_far_it_is_can_be_seen_while_it_runs(dana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_imports, "TELL_SECONDS", 0)
    seen: list[tuple[int, int, int]] = []
    write = tables._write

    def look(*args: Any) -> None:
        one = TableImport.objects.get()
        seen.append((one.rows, one.checked, one.done))
        write(*args)

    monkeypatch.setattr(tables, "_write", look)
    one = put("sku,name,price\n" + "".join(f"A-{number},Seal,1\n" for number in range(1200)), dana)
    begin(import_id=one.pk)
    tasks.import_table(one.pk)
    assert seen == [(1200, 1200, 0), (1200, 1200, 500), (1200, 1200, 1000)]


@pytest.mark.parametrize("name", list(tables.TABLES))
def test_every_template_could_be_imported_but_for_what_it_refers_to(name: str) -> None:
    columns, example = tables.template(name)
    table = tables.TABLES[name]
    values = {column: text for column, text in zip(columns, example, strict=True) if column not in table.references}
    table.model(**values).clean_fields(exclude=[*table.references, *tables.GENERATED])
    assert set(table.required) <= set(columns)

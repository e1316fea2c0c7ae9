"""The tab Tables: a file is looked at, imported by a worker, and refused line by line."""

import csv

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from drafting import table_imports, tables
from drafting.models import Product, TableImport
from review.csv_files import harmless
from review.models import LogEntry
from tests.review.factories import make_person

GOOD = "sku,name,price\nA-1,<b>Seal</b>,1.20\n"


@pytest.fixture
def desk(db: None) -> Client:
    """An admin's browser."""
    client = Client()
    client.force_login(make_person("admin", first_name="Dana"))
    return client


def upload(desk: Client, text: str | bytes, table: str = "products") -> str:
    content = text if isinstance(text, bytes) else text.encode()
    answer = desk.post("/connectors/tables/upload/", {"table": table, "file": SimpleUploadedFile("products.csv", content)}, follow=True)
    return str(answer.content.decode())


def test_a_file_is_looked_at_first_and_then_taken(desk: Client) -> None:
    page = upload(desk, GOOD)
    assert "The first rows" in page
    assert "&lt;b&gt;Seal&lt;/b&gt;" in page
    assert not Product.objects.exists()
    one = TableImport.objects.get()
    page = desk.post(f"/connectors/tables/{one.pk}/take/", follow=True).content.decode()
    assert "Waiting for a worker" in page
    assert 'hx-trigger="every 1s"' in page
    table_imports.run(import_id=one.pk)
    page = desk.get(f"/connectors/tables/{one.pk}/").content.decode()
    assert "All of it was imported: 1 rows" in page
    assert "hx-trigger" not in page
    assert "products.csv" in desk.get("/connectors/tables/").content.decode()


def test_a_file_that_is_taken_twice_is_recorded_once(desk: Client) -> None:
    upload(desk, GOOD)
    one = TableImport.objects.get()
    for _ in range(2):
        assert desk.post(f"/connectors/tables/{one.pk}/take/").status_code == 302
    assert LogEntry.objects.filter(act="table.taken").count() == 1


def test_how_far_it_is_can_be_asked_for_alone(desk: Client) -> None:
    upload(desk, GOOD)
    TableImport.objects.update(state="running", rows=2000, checked=2000, done=500)
    part = desk.get(f"/connectors/tables/{TableImport.objects.get().pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'value="62"' in part
    assert "500 of 2,000 rows written" in part


def test_rows_to_mend_are_listed_with_their_lines(desk: Client) -> None:
    upload(desk, "sku,name,price\nA-1,Seal,cheap\nA-2,,1\n")
    one = TableImport.objects.get()
    table_imports.begin(import_id=one.pk)
    table_imports.run(import_id=one.pk)
    page = desk.get(f"/connectors/tables/{one.pk}/").content.decode()
    assert "Nothing was imported" in page
    assert "Line 2" in page
    assert "Line 3" in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("sku,colour\n", "Unknown columns: colour"),
        (b"sku,name,price\nA,Gr\xf6\xdfe,1\n", "UTF-8"),
        ("", "Missing columns"),
        (b"\x00\x01\x02", "Unknown columns"),
    ],
)
def test_a_file_that_cannot_be_for_the_table_is_refused_at_once(desk: Client, content: str | bytes, words: str) -> None:
    page = upload(desk, content)
    assert words in page
    assert not TableImport.objects.exists()


def test_without_a_file_or_a_table_it_says_what_to_do(desk: Client) -> None:
    answer = desk.post("/connectors/tables/upload/", {"table": "products"})
    assert answer.status_code == 422
    assert "Choose a table and a CSV file" in answer.content.decode()
    assert "Choose a table" in upload(desk, GOOD, table="users")


def test_what_was_looked_at_can_be_discarded(desk: Client) -> None:
    upload(desk, GOOD)
    page = desk.post(f"/connectors/tables/{TableImport.objects.get().pk}/discard/", follow=True).content.decode()
    assert "products.csv was not imported" in page
    assert not TableImport.objects.exists()


@pytest.mark.parametrize("name", list(tables.TABLES))
def test_an_example_of_each_file_can_be_downloaded_and_uploaded(desk: Client, name: str) -> None:
    answer = desk.get(f"/connectors/tables/{name}.csv")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    columns, example = csv.reader(answer.content.decode("utf-8-sig").splitlines())
    assert columns == list(tables.TABLES[name].fields)
    assert len(example) == len(columns)
    assert "The first rows" in upload(desk, answer.content, table=name)
    assert desk.get("/connectors/tables/auth_user.csv").status_code == 404


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1+1", "-", "-1\n", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_that_we_write_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("A-1") == "A-1"
    assert harmless("-1.09") == "-1.09"

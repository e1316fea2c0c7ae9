"""The demo company's own systems, asked by the connectors that its seed makes: a database, a web service, an MCP server."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.conf import LazySettings
from django.db import connection

from deploy.demo import mails, places, seed, systems, tables, warehouse
from drafting import versions
from drafting.connectors import validating
from drafting.errors import NotFound, Refused
from drafting.models import Connector, ConnectorTool, Customer
from drafting.tools import Scope, patterns, toolbox
from tests.deploy.demo_servers import running
from tests.mailservers import free_port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The systems, in the process that deploy/run gives them."""
    ports = [free_port() for _ in range(3)]
    with pytest.MonkeyPatch.context() as patch:
        for name, number in zip(("DEMO_IMAP_PORT", "DEMO_SMTP_PORT", "DEMO_SYSTEMS_PORT"), ports, strict=True):
            patch.setenv(name, str(number))
        with running("servers", *ports):
            yield ports[2]


@pytest.fixture
def company(port: int, settings: LazySettings) -> Iterator[None]:
    """Customers, orders and the connectors."""
    settings.CONNECTOR_HOSTS = [f"127.0.0.1:{port}"]
    seed.fill_tables()
    seed.add_connectors()
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA warehouse CASCADE")


def scope(number: str) -> Scope:
    return Scope(True, Customer.objects.get(number=number), "en", "en", None, date.today(), places.COMPANY_ADDRESS)


def ask(tool: str, number: str, query: str) -> Any:
    return toolbox()[tool].look_up(scope(number), query)


def test_each_kind_of_connector_is_used_once_and_answers(company: None) -> None:
    assert sorted(Connector.objects.values_list("kind", flat=True)) == ["http", "mcp", "sql"]
    packed = ask("packing", "C-1006", "VT-30474")
    assert (packed["order"], packed["state"]) == ("VT-30474", "packed")
    assert packed["parcels"] >= 1
    parcel = ask("parcel", "C-1001", "PW129580354")
    assert (parcel["place"], parcel["state"], parcel["consignee"]) == ("Helsingborg", "on its way", "C-1001")
    assert {sheet["language"] for sheet in ask("datasheet", "C-1009", "BRG-4004")} == {"en", "de"}


def test_nobody_reads_what_is_anothers(company: None) -> None:
    with pytest.raises(NotFound):
        ask("packing", "C-1001", "VT-30474")
    with pytest.raises(Refused, match="another customer"):
        ask("parcel", "C-1006", "PW129580354")


def test_the_seeded_lookups_would_be_saved_by_the_pages(company: None) -> None:
    for tool in ConnectorTool.objects.select_related("connector"):
        assert validating.connector_faults(tool.connector) == {}
        assert validating.tool_faults(tool) == {}


def test_the_readers_login_reads_the_warehouse_and_nothing_else(company: None) -> None:
    with psycopg.connect(warehouse.address(), password=systems.tokens()["warehouse"], autocommit=True) as reader:
        assert reader.execute("SELECT count(*) FROM warehouse.packing").fetchone() is not None
        for words in ("SELECT * FROM drafting_customer", "SELECT * FROM auth_user", "DELETE FROM warehouse.packing"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(words)


def test_seeding_again_keeps_what_people_changed_and_follows_the_servers(company: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ConnectorTool.objects.filter(name="parcel").update(is_active=False)
    monkeypatch.setenv("DEMO_SYSTEMS_PORT", "9999")
    seed.add_connectors()
    assert Connector.objects.get(name="Parcelway").address == "http://127.0.0.1:9999/parcelway/v1"
    assert [version.number for version in versions.of(Connector.objects.get(name="Parcelway"))] == [2, 1]
    assert ConnectorTool.objects.count() == 3
    assert not ConnectorTool.objects.get(name="parcel").is_active
    Connector.objects.filter(name="Parcelway").update(address="https://real.example", secret="own")
    seed.add_connectors()
    assert Connector.objects.get(name="Parcelway").address == "https://real.example"


@pytest.mark.django_db
def test_without_the_systems_there_are_no_connectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEMO_SYSTEMS_PORT", raising=False)
    seed.add_connectors()
    assert not Connector.objects.exists()


@pytest.mark.parametrize("tool", ["packing", "parcel", "datasheet"])
def test_some_mail_has_each_looked_up_in_advance(tool: str) -> None:
    rows = {row["tool"]["name"]: row["tool"] for row in tables.document("connectors")}
    known = {"packing": {"VT-30474"}, "parcel": {"PW262296831"}, "datasheet": {"BRG-4004", "BLT-2020"}}
    found = {hit for mail in mails.load() for hit in patterns.find(rows[tool]["pattern"], mail.text)}
    assert known[tool] <= found


def test_parcels_are_those_of_orders() -> None:
    owners = {row["tracking_number"]: row["customer"] for row in tables.rows("orders")}
    assert all(owners[row["number"]] == row["customer"] for row in tables.rows("parcels"))
    products = {row["sku"] for row in tables.rows("products")}
    for sheet in tables.document("datasheets"):
        assert {sheet["article"], *re.findall(r"[A-Z]{3}-\d{4}", sheet["body"])} <= products

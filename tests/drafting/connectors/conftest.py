"""Connectors to real servers, and the scope of one customer."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings

from drafting.models import Connector, ConnectorTool, Customer
from drafting.tools import Scope
from tests.drafting.connectors import servers
from tests.drafting.connectors.servers import HttpServer
from tests.drafting.factories import make_customer

TODAY = date(2026, 11, 22)


def make_tool(connector: Connector, *, request: dict[str, Any], fields: dict[str, str] | None = None, **about: Any) -> ConnectorTool:
    """A tool with fields given as "name": "type" or "name": "type at.path"."""
    declared = []
    for name, said in (fields or {"state": "text"}).items():
        kind, _, path = said.partition(" ")
        declared.append({"name": name, "type": kind, "path": path or name, "about": ""})
    values: dict[str, Any] = {"name": "shipment", "about": "A shipment.", "needs_customer": False, **about}
    return ConnectorTool.objects.create(connector=connector, request=request, fields=declared, **values)


def scope_of(customer: Customer | None, **about: Any) -> Scope:
    """The scope of a mail of `customer`."""
    values = {"is_authenticated": True, "language": "en", "fallback_language": "en", "category": None, "today": TODAY}
    return Scope(**{"customer": customer, "mailbox": "info@shop.example", **values, **about})


@pytest.fixture
def ann(db: None) -> Customer:
    """The customer K-1."""
    return make_customer("ann@customer.example", number="K-1", name="Ann Ltd")


@pytest.fixture
def scope(ann: Customer) -> Scope:
    """Ann's."""
    return scope_of(ann)


@pytest.fixture(scope="module")
def warehouse(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a database that is not ours."""
    with django_db_blocker.unblock(), servers.warehouse() as address:
        yield address


@pytest.fixture
def sql(db: None, warehouse: str) -> Connector:
    """The warehouse, as a connector."""
    return Connector.objects.create(name="Warehouse", kind="sql", address=warehouse, secret="reads-only-7", timeout_seconds=1)


@pytest.fixture(scope="module")
def _http_server() -> Iterator[HttpServer]:
    server = HttpServer()
    yield server
    server.close()


@pytest.fixture
def http_server(_http_server: HttpServer, settings: LazySettings) -> HttpServer:
    """A carrier's server that knows nothing yet; the operator lists it."""
    settings.CONNECTOR_HOSTS = [f"127.0.0.1:{_http_server.port}"]
    _http_server.requests.clear()
    _http_server.answer = lambda handler: servers.send(handler, {"state": "on its way", "path": handler.path})
    return _http_server


@pytest.fixture
def carrier(db: None, http_server: HttpServer) -> Connector:
    """That server, as a connector."""
    return Connector.objects.create(name="Carrier", kind="http", address=f"{http_server.url}/v1", secret="tok-4711-xyz", timeout_seconds=1)


@pytest.fixture
def commands(settings: LazySettings) -> None:
    """The MCP servers that the operator named."""
    settings.MCP_COMMANDS = {"sheets": servers.STDIO_SERVER, "deaf": [*servers.STDIO_SERVER, "deaf"], "gone": ["no-such-program"]}


ALL_TOOLS = ["sheet", "sheets_of", "plain", "slow", "large", "write", "secret"]


@pytest.fixture
def stdio(db: None, commands: None) -> Connector:
    """An MCP server that is started for each call."""
    return Connector.objects.create(
        name="Sheets", kind="mcp", address="sheets", secret="tok-4711-xyz", options={"tools": list(ALL_TOOLS)}, timeout_seconds=10
    )


@pytest.fixture(scope="module")
def _mcp_address() -> Iterator[str]:
    with servers.mcp_http_server(token="tok-4711-xyz") as address:
        yield address


@pytest.fixture
def mcp_http(db: None, _mcp_address: str, settings: LazySettings) -> Connector:
    """The same over streamable HTTP."""
    settings.CONNECTOR_HOSTS = ["127.0.0.1"]
    return Connector.objects.create(
        name="Sheets", kind="mcp", address=_mcp_address, secret="tok-4711-xyz", options={"tools": list(ALL_TOOLS)}, timeout_seconds=5
    )

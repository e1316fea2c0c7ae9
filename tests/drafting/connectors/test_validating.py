"""What is wrong with a connector or a tool is said before it is saved, by the field where it is mended."""

from typing import Any

import pytest

from drafting.connectors import validating
from drafting.models import Connector, ConnectorTool
from tests.drafting.connectors import servers

FIELDS = [{"name": "state", "path": "state", "type": "text", "about": ""}]


def faults(connector: Connector, request: dict[str, Any], **about: Any) -> dict[str, str]:
    values: dict[str, Any] = {"name": "shipment", "about": "x", "fields": FIELDS, "needs_customer": False, **about}
    return validating.tool_faults(ConnectorTool(connector=connector, request=request, **values))


def test_what_is_fine_has_no_faults(sql: Connector, carrier: Connector, mcp_http: Connector) -> None:
    assert faults(sql, {"sql": "SELECT state FROM shipments WHERE number = %(query)s"}, pattern=r"SO-\d+") == {}
    assert faults(carrier, {"path": "/t/{query}"}) == {}
    assert faults(mcp_http, {"tool": "sheet", "arguments": {"part": "{query}"}}) == {}


@pytest.mark.parametrize("name", ["order", "reply", "hand_over", "calculate", "Shipment", "1st", "ship-ment", "", "ship ment", "s" * 41])
def test_a_name_must_fit_the_action_protocol_and_be_free(carrier: Connector, name: str) -> None:
    assert set(faults(carrier, {"path": "/t/{query}"}, name=name)) == {"name"}


def test_a_name_is_used_once(carrier: Connector) -> None:
    tool = ConnectorTool.objects.create(connector=carrier, name="shipment", about="x", request={"path": "/t"}, fields=FIELDS)
    tool.needs_customer = False
    assert validating.tool_faults(tool) == {}
    assert "already" in faults(carrier, {"path": "/t/{query}"})["name"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT nothing FROM shipments", 'column "nothing" does not exist'),
        ("SELECT state FROM shipments; SELECT 1", "syntax error"),
        ("SELECT 1 AS state) AS answer; DELETE FROM shipments; SELECT (1", "multiple commands"),
        ("DELETE FROM shipments", "begins with SELECT"),
        ("WITH gone AS (DELETE FROM shipments RETURNING *) SELECT * FROM gone", "must be at the top level"),
        ("SELECT state FROM shipments WHERE number LIKE 'SO%'", "percent sign as %%"),
        ("SELECT state FROM shipments WHERE number = %s", "percent sign as %%"),
        ("SELECT state FROM shipments WHERE number = %(number)s", "no placeholders number"),
        ("", "begins with SELECT"),
    ],
)
def test_a_query_must_be_one_that_the_database_can_read(sql: Connector, query: str, words: str) -> None:
    assert words in faults(sql, {"sql": query})["request"]


def test_a_query_for_a_database_that_is_away_is_kept(sql: Connector) -> None:
    with servers.silent_server() as port:
        sql.address, sql.timeout_seconds = f"postgresql://reader@127.0.0.1:{port}/warehouse", 0.5
        assert faults(sql, {"sql": "SELECT nothing FROM nowhere"}) == {}


def test_a_login_that_may_do_anything_is_refused(sql: Connector) -> None:
    sql.address = servers._address("postgres", "warehouse_test")
    assert "may only read" in faults(sql, {"sql": "SELECT 1 AS state"})["request"]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"path": "/t/{number}"}, "no placeholders number"),
        ({"path": "t"}, "Write the path as"),
        ({"path": "/t/{query}", "rows": "a..b"}, "as a path"),
        ({"path": "/t/{}"}, "no placeholders (no name)"),
    ],
)
def test_a_path_must_be_one(carrier: Connector, request_: dict[str, Any], words: str) -> None:
    assert words in faults(carrier, request_)["request"]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"tool": "unheard_of", "arguments": {}}, "Choose one of the tools"),
        ({"tool": "write", "arguments": {"part": "{query}"}}, "changes something"),
        ({"tool": "vanished", "arguments": {}}, "has no tool vanished"),
        ({"tool": "sheet", "arguments": ["{query}"]}, "JSON object"),
        ({"tool": "sheet", "arguments": {"part": "{part}"}}, "no placeholders part"),
    ],
)
def test_an_mcp_tool_must_be_allowed_offered_and_read_only(mcp_http: Connector, request_: dict[str, Any], words: str) -> None:
    mcp_http.options["tools"].append("vanished")
    assert words in faults(mcp_http, request_)["request"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([], "at least one field"),
        ([{"name": "a", "type": "text"}, {"name": "a", "type": "text"}], "a name of its own"),
        ([{"name": "A b", "type": "text"}], "small letters"),
        ([{"name": "a", "type": "money"}], "Choose what a holds"),
        ([{"name": "a", "type": "text", "path": "x..y"}], "is no path"),
        ([{"name": f"f{number}", "type": "text"} for number in range(31)], "at most 30"),
    ],
)
def test_fields_must_be_named_and_placed(carrier: Connector, fields: list[dict[str, str]], words: str) -> None:
    assert words in faults(carrier, {"path": "/t"}, fields=fields)["fields"]


def test_something_must_say_whose_data_is_read(carrier: Connector) -> None:
    assert "Nothing says whose data" in faults(carrier, {"path": "/t/{query}"}, needs_customer=True)["needs_customer"]
    assert "tick this" in faults(carrier, {"path": "/t/{customer_number}"})["needs_customer"]
    owner = [*FIELDS, {"name": "owner", "path": "owner", "type": "customer_number"}]
    assert "tick this" in faults(carrier, {"path": "/t/{query}"}, fields=owner)["needs_customer"]
    assert faults(carrier, {"path": "/t/{query}"}, fields=owner, needs_customer=True) == {}


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"kind": "http", "address": "http://10.0.0.1"}, "address"),
        ({"kind": "sql", "address": "postgresql://a:b@host/db"}, "address"),
        ({"kind": "mcp", "address": "rm -rf /"}, "address"),
        ({"kind": "http", "address": "https://a.example", "options": {"header": "Host"}}, "header"),
        ({"kind": "http", "address": "https://a.example", "options": {"header": "X: y"}}, "header"),
        ({"kind": "http", "address": "https://a.example", "secret": "a\r\nX: y"}, "secret"),
    ],
)
def test_a_connector_is_judged_too(about: dict[str, Any], field: str) -> None:
    assert set(validating.connector_faults(Connector(name="X", **about))) == {field}

"""The MCP connector, against the same real server over standard streams and over streamable HTTP."""

import time
from typing import Any

import psutil
import pytest
from django.conf import LazySettings

from drafting.connectors import asking
from drafting.connectors import mcp as mcp_connector
from drafting.errors import NotFound, Refused, Unavailable
from drafting.models import Connector
from drafting.tools import Scope
from tests.drafting.connectors import mcp_server, servers
from tests.drafting.connectors.conftest import ALL_TOOLS, make_tool

SHEET = {"tool": "sheet", "arguments": {"part": "{query}"}}


@pytest.fixture(params=["stdio", "mcp_http"])
def server(request: pytest.FixtureRequest) -> Connector:
    """The server, over each transport."""
    connector: Connector = request.getfixturevalue(request.param)
    return connector


def ask(connector: Connector, scope: Scope, query: str = "ART-1", request: dict[str, Any] = SHEET, **about: Any) -> Any:
    return asking.ask(make_tool(connector, request=request, **about), scope, query)


def test_a_tools_answer_becomes_evidence(server: Connector, scope: Scope) -> None:
    assert ask(server, scope, fields={"title": "text", "torque_nm": "number"}) == {"title": "Bracket", "torque_nm": "12.5"}
    with pytest.raises(NotFound, match="Sheets found nothing"):
        ask(server, scope, "ART-9", name="other")


def test_what_code_binds_reaches_the_server(mcp_http: Connector, scope: Scope) -> None:
    arguments = {"customer": "{customer_number}", "mailbox": "{mailbox}", "today": "{today}"}
    request = {"tool": "sheets_of", "arguments": arguments, "rows": "result"}
    fields = {"customer": "customer_number", "mailbox": "text", "today": "date"}
    answer = ask(mcp_http, scope, "", request, fields=fields, needs_customer=True)
    assert answer == {"customer": "K-1", "mailbox": "info@shop.example", "today": "2026-11-22"}


def test_a_filled_in_query_is_never_read_as_a_placeholder(mcp_http: Connector, scope: Scope) -> None:
    request = {"tool": "plain", "arguments": {"part": "{query}"}}
    assert ask(mcp_http, scope, "{mailbox}", request, fields={"text": "text"}) == {"text": "About {mailbox}: none."}


def test_only_allowed_tools_are_called(mcp_http: Connector, scope: Scope) -> None:
    mcp_http.options = {"tools": ["plain"]}
    with pytest.raises(Refused, match="not among its allowed tools"):
        ask(mcp_http, scope)


def test_a_tool_that_says_it_changes_something_is_never_called(mcp_http: Connector, scope: Scope) -> None:
    with pytest.raises(Refused, match="changes something"):
        ask(mcp_http, scope, request={"tool": "write", "arguments": {"part": "{query}"}})
    assert mcp_server.WRITTEN == []


def test_a_tool_that_is_gone_is_unavailable(mcp_http: Connector, scope: Scope) -> None:
    mcp_http.options = {"tools": ["vanished"]}
    with pytest.raises(Unavailable, match="no longer offers"):
        ask(mcp_http, scope, request={"tool": "vanished", "arguments": {}})


def test_one_deadline_holds_for_the_whole_call(mcp_http: Connector, scope: Scope) -> None:
    mcp_http.timeout_seconds = 1.5
    started = time.monotonic()
    with pytest.raises(Unavailable, match=r"did not answer within 1\.5 seconds"):
        ask(mcp_http, scope, request={"tool": "slow", "arguments": {}})
    assert time.monotonic() - started < 10


def test_a_command_that_does_not_answer_is_ended(stdio: Connector, scope: Scope) -> None:
    stdio.address, stdio.timeout_seconds = "deaf", 1
    started = time.monotonic()
    with pytest.raises(Unavailable, match="did not answer within"):
        ask(stdio, scope)
    assert time.monotonic() - started < 10
    deadline = time.monotonic() + 10
    while _deaf_ones() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _deaf_ones() == []


def test_too_large_an_answer_is_not_read(mcp_http: Connector, scope: Scope) -> None:
    with pytest.raises(Unavailable, match="answered more than is read"):
        ask(mcp_http, scope, request={"tool": "large", "arguments": {}})


def test_the_secret_is_a_token_over_http(mcp_http: Connector, scope: Scope) -> None:
    mcp_http.secret = "wrong-token-1"
    with pytest.raises(Unavailable, match="Sheets cannot be") as caught:
        ask(mcp_http, scope)
    assert "wrong-token-1" not in str(caught.value)


def test_a_command_gets_the_secret_and_nothing_else_of_our_environment(stdio: Connector, scope: Scope) -> None:
    tool = make_tool(stdio, request={"tool": "secret", "arguments": {}}, fields={"secret": "text", "database": "text"})
    assert asking.fetch(tool, scope, "") == {"secret": "tok-4711-xyz", "database": ""}


def test_a_command_that_nobody_named_is_never_started(stdio: Connector, scope: Scope, settings: LazySettings) -> None:
    stdio.address = "touch /tmp/started"
    with pytest.raises(Refused, match="MCP_COMMANDS"):
        ask(stdio, scope)
    stdio.address = "gone"
    with pytest.raises(Unavailable, match="cannot be asked"):
        ask(stdio, scope, name="other")


def test_this_network_is_not_reached_unless_listed(mcp_http: Connector, scope: Scope, settings: LazySettings) -> None:
    settings.CONNECTOR_HOSTS = []
    with pytest.raises(Refused, match="not reached over https"):
        ask(mcp_http, scope)
    mcp_http.address = mcp_http.address.replace("http://", "https://")
    with pytest.raises(Refused, match="an address of this network"):
        ask(mcp_http, scope, name="other")


def test_nothing_there_is_unavailable(mcp_http: Connector, scope: Scope) -> None:
    mcp_http.address = "http://127.0.0.1:1/mcp"
    with pytest.raises(Unavailable, match="Sheets cannot be reached"):
        ask(mcp_http, scope)


def test_a_server_of_another_kind_is_unavailable(mcp_http: Connector, scope: Scope, http_server: servers.HttpServer) -> None:
    mcp_http.address = http_server.url
    with pytest.raises(Unavailable, match="Sheets cannot be asked"):
        ask(mcp_http, scope)


def test_the_tools_on_offer_are_listed(server: Connector) -> None:
    offered = {each.name: each for each in mcp_connector.list_tools(server)}
    assert set(offered) == set(ALL_TOOLS)
    assert (offered["sheet"].about, offered["sheet"].reads_only) == ("The data sheet of a part.", True)
    assert (offered["write"].reads_only, offered["secret"].reads_only) == (False, None)


def test_an_address_is_a_named_command_or_a_url(commands: None) -> None:
    assert mcp_connector.address_fault("sheets") == ""
    assert mcp_connector.address_fault("https://sheets.example/mcp") == ""
    assert "MCP_COMMANDS of this installation (deaf, gone, sheets)" in mcp_connector.address_fault("rm -rf /")
    assert "CONNECTOR_HOSTS" in mcp_connector.address_fault("http://sheets.example")


def _deaf_ones() -> list[int]:
    return [child.pid for child in psutil.Process().children(recursive=True) if "deaf" in " ".join(_command(child))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []

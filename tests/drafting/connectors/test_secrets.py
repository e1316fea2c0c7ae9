"""A connector's secret goes to its system and nowhere else: not into logs, errors or evidence, however loud the log and whatever fails."""

import logging
from typing import Any

import pytest

from drafting.connectors import asking
from drafting.errors import NotFound, Refused, Unavailable
from drafting.models import Connector, ConnectorTool
from drafting.tools import Scope
from tests.drafting.connectors.conftest import make_tool
from tests.drafting.connectors.servers import HttpServer, send

REQUESTS: dict[str, dict[str, Any]] = {
    "sql": {"sql": "SELECT state FROM shipments WHERE number = %(query)s"},
    "carrier": {"path": "/t/{query}"},
    "mcp_http": {"tool": "sheet", "arguments": {"part": "{query}"}},
}
BROKEN = {
    "sql": "postgresql://nobody-there@127.0.0.1:1/warehouse",
    "http": "https://127.0.0.1:1",
    "mcp": "https://127.0.0.1:1/mcp",
}


@pytest.fixture(params=list(REQUESTS))
def tool(request: pytest.FixtureRequest) -> ConnectorTool:
    """A lookup in each kind of system."""
    connector: Connector = request.getfixturevalue(request.param)
    return make_tool(connector, request=REQUESTS[request.param])


@pytest.mark.parametrize("is_broken", [False, True])
def test_the_loudest_log_and_every_error_are_without_the_secret(
    tool: ConnectorTool, http_server: HttpServer, scope: Scope, caplog: pytest.LogCaptureFixture, *, is_broken: bool
) -> None:
    secret = tool.connector.secret
    if is_broken:
        tool.connector.address = BROKEN[tool.connector.kind]
    said = ""
    with caplog.at_level(logging.NOTSET):
        try:
            said = str(asking.ask(tool, scope, "SO-1"))
        except (Unavailable, NotFound, Refused) as error:
            said = str(error)
    assert len(secret) > 8
    assert secret not in caplog.text
    assert secret not in said
    assert said


def test_a_secret_that_a_system_says_back_is_hidden_in_evidence_too(carrier: Connector, http_server: HttpServer, scope: Scope) -> None:
    http_server.answer = lambda handler: send(handler, {"state": f"as {handler.headers['Authorization']}"})
    tool = make_tool(carrier, request={"path": "/t/{query}"})
    assert asking.ask(tool, scope, "PW1") == {"state": "as Bearer •••"}

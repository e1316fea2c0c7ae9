"""Asking a connector: bind whose data is read, ask within one deadline, keep the declared fields."""

from typing import Any

from drafting.connectors import fields, http, mcp, sql, values
from drafting.errors import NotFound, Refused, Unavailable
from drafting.models import Connector, ConnectorTool
from drafting.tools.base import Scope

ASK = {Connector.Kind.SQL: sql.ask, Connector.Kind.HTTP: http.ask, Connector.Kind.MCP: mcp.ask}
HIDDEN = "•••"


def ask(tool: ConnectorTool, scope: Scope, query: str) -> dict[str, Any] | list[dict[str, Any]]:
    """What `tool` knows, for the customer in the scope. Raises Unavailable, NotFound or Refused, in words without secrets."""
    customer_number = scope.require_customer().number if tool.needs_customer else None
    return keep(tool, fetch(tool, scope, query), customer_number=customer_number)


def fetch(tool: ConnectorTool, scope: Scope, query: str) -> Any:
    """The whole answer as JSON, for `keep`. Raises like `ask`."""
    bound = values.bind(tool, scope=scope, query=query)
    try:
        return ASK[Connector.Kind(tool.connector.kind)](tool, bound)
    except TimeoutError as error:
        raise Unavailable(f"{tool.connector.name} did not answer within {tool.connector.timeout_seconds:g} seconds.") from error
    except (NotFound, Refused) as error:
        raise type(error)(hide(str(error), tool.connector)) from None
    except Unavailable as error:
        raise Unavailable(hide(str(error), tool.connector), retry_after=error.retry_after) from None


def keep(tool: ConnectorTool, answer: Any, *, customer_number: str | None) -> dict[str, Any] | list[dict[str, Any]]:
    """What becomes evidence of a whole answer. Raises NotFound or Refused."""
    kept = fields.keep(
        answer,
        rows=str(tool.request.get("rows", "")),
        fields=fields.read_fields(tool),
        customer_number=customer_number,
        source=tool.connector.name,
    )
    return [_hidden(each, tool.connector) for each in kept] if isinstance(kept, list) else _hidden(kept, tool.connector)


def hide(text: str, connector: Connector) -> str:
    """`text` without the connector's secret, should a system have said it back."""
    return text.replace(connector.secret, HIDDEN) if connector.secret else text


def _hidden(record: dict[str, Any], connector: Connector) -> dict[str, Any]:
    return {name: hide(value, connector) if isinstance(value, str) else value for name, value in record.items()}

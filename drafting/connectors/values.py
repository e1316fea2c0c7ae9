"""The placeholders of a request, and what code binds them to. Only `query` comes from a model or a mail."""

import re
from collections.abc import Iterator
from typing import Any

from drafting.connectors.fields import UNWANTED
from drafting.errors import NotFound
from drafting.models import Connector, ConnectorTool
from drafting.tools.base import Scope

NAMES = ("query", "customer_number", "mailbox", "today")
LONGEST_QUERY = 300
IN_TEXT = re.compile(r"\{(\w*)\}")
IN_SQL = re.compile(r"%\((\w*)\)s")


def bind(tool: ConnectorTool, *, scope: Scope, query: str) -> dict[str, str]:
    """The values that `tool` uses. Raises Refused or NotFound where there is no customer, and NotFound for an empty query."""
    bound = {"query": UNWANTED.sub("", query).strip()[:LONGEST_QUERY], "mailbox": scope.mailbox, "today": scope.today.isoformat()}
    if tool.needs_customer:
        bound["customer_number"] = scope.require_customer().number
    names = used(tool)
    if "query" in names and not bound["query"]:
        raise NotFound(f"The query is empty; say what {tool.name} should look for.")
    return {name: bound[name] for name in NAMES if name in names}


def used(tool: ConnectorTool) -> set[str]:
    """The names of the placeholders in a request, known or not."""
    pattern = IN_SQL if tool.connector.kind == Connector.Kind.SQL else IN_TEXT
    return {name for text in _texts(tool.request) for name in pattern.findall(text)}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)

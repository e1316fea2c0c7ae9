"""Connectors: lookups in the company's own systems, over SQL, HTTP or the Model Context Protocol (MCP).

A `ConnectorTool` row says what to ask and which fields of the answer are kept; `asking` asks. Whose data is read is bound by code from the
draft's scope. `validating` judges rows before they are saved, `trying` asks for the *Try it* box.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db.models import QuerySet

from drafting.connectors import asking
from drafting.connectors.fields import read_fields
from drafting.models import ConnectorTool
from drafting.tools.base import Tool


def tools() -> dict[str, Tool]:
    """The lookups that the active connectors offer, by name."""
    return {each.name: as_tool(each) for each in _active()}


def as_tool(each: ConnectorTool) -> Tool:
    """A row as the tool that it describes."""
    return Tool(
        name=each.name,
        about=each.about,
        source=each.connector.name,
        look_up=partial(asking.ask, each),
        fields=read_fields(each),
        pattern=each.pattern,
        needs_customer=each.needs_customer,
        pin=_pin(each),
    )


def pinned(offered: Mapping[str, Tool] | None = None) -> list[Any]:
    """What a setup's fingerprint takes of the active connectors, or of those among `offered`: all that changes an answer, and no secret."""
    return [tool.pin for tool in (tools() if offered is None else offered).values() if tool.pin is not None]


def _pin(each: ConnectorTool) -> dict[str, Any]:
    return {
        "tool": each.name,
        "about": each.about,
        "request": each.request,
        "fields": each.fields,
        "needs_customer": each.needs_customer,
        "pattern": each.pattern,
        "connector": each.connector.name,
        "kind": each.connector.kind,
        "address": each.connector.address,
        "options": each.connector.options,
        "timeout_seconds": each.connector.timeout_seconds,
    }


def _active() -> QuerySet[ConnectorTool]:
    return ConnectorTool.objects.filter(is_active=True, connector__is_active=True).select_related("connector").order_by("name")

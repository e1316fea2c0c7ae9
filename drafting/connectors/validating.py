"""Judges connectors and their tools before they are saved: what is wrong, by the field of the form where it is mended."""

import re
from typing import Any
from urllib.parse import urlsplit

from drafting.connectors import http, mcp, sql, values
from drafting.connectors.fields import PATH
from drafting.errors import NotFound, Refused, Unavailable
from drafting.models import Connector, ConnectorTool
from drafting.tools import TOOLS, FieldType, patterns

Faults = dict[str, str]
"""What to mend, in words, by the name of a field."""

NAME = re.compile(r"[a-z][a-z0-9_]*")
TAKEN = {*TOOLS, "reply", "hand_over"}
MOST_FIELDS = 30
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
KEPT_HEADERS = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding"}
ADDRESS_FAULT = {Connector.Kind.SQL: sql.address_fault, Connector.Kind.HTTP: http.address_fault, Connector.Kind.MCP: mcp.address_fault}
EXAMPLES = {"query": "x", "customer_number": "x", "mailbox": "info@example.com", "today": "2026-01-31"}


def connector_faults(connector: Connector) -> Faults:
    """What is wrong with a connector as such; nothing is asked."""
    faults = {"address": ADDRESS_FAULT[Connector.Kind(connector.kind)](connector.address)}
    header = str(connector.options.get("header", ""))
    if header and (not HEADER.fullmatch(header) or header.lower() in KEPT_HEADERS):
        faults["header"] = "Write the name of a header such as Authorization or X-Api-Key."
    if any(not mark.isprintable() or not mark.isascii() for mark in connector.secret) and connector.kind != Connector.Kind.SQL:
        faults["secret"] = "Copy it again without line breaks: no header can carry characters such as these."  # noqa: S105  # words
    return {name: words for name, words in faults.items() if words}


def tool_faults(tool: ConnectorTool) -> Faults:
    """What is wrong with a tool: its name, request, fields and pattern, and whose data it reads. The system itself is asked last."""
    faults = {
        "name": _name_fault(tool),
        "request": _request_fault(tool),
        "fields": _fields_fault(tool.fields),
        "pattern": patterns.fault(tool.pattern) if tool.pattern else "",
        "needs_customer": "",
    }
    if not faults["request"] and not faults["fields"]:
        faults["needs_customer"] = _owner_fault(tool)
        faults["request"] = _system_fault(tool)
    return {name: words for name, words in faults.items() if words}


def is_same_server(address: str, other: str) -> bool:
    """Whether a secret for one address may go to the other: both lead to one server, with one login and the same options."""
    return _server(address) == _server(other)


def _server(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return f"{parts.scheme}://{parts.netloc}?{parts.query}" if parts.netloc or parts.query else address


def _name_fault(tool: ConnectorTool) -> str:
    if not NAME.fullmatch(tool.name) or len(tool.name) > 40:
        return "Use small letters, digits and underscores, beginning with a letter, such as shipment_state."
    if tool.name in TAKEN:
        return f"{tool.name} is a built-in name; choose another."
    others = ConnectorTool.objects.filter(name=tool.name).exclude(pk=tool.pk)
    return f"There is a lookup with the name {tool.name} already." if others.exists() else ""


def _request_fault(tool: ConnectorTool) -> str:
    if unknown := values.used(tool) - set(values.NAMES):
        names = ", ".join(sorted(name or "(no name)" for name in unknown))
        return f"There are no placeholders {names}; there are {', '.join(values.NAMES)}."
    rows = str(tool.request.get("rows", ""))
    if rows and not PATH.fullmatch(rows):
        return "Write the place of the records as a path, such as shipments or answer.rows."
    checks = {Connector.Kind.SQL: _sql_fault, Connector.Kind.HTTP: _path_fault, Connector.Kind.MCP: _mcp_fault}
    return checks[Connector.Kind(tool.connector.kind)](tool)


def _sql_fault(tool: ConnectorTool) -> str:
    query = str(tool.request.get("sql", "")).strip()
    if not re.match(r"(select|with|values|table)\b", query, re.IGNORECASE):
        return "Write one query that begins with SELECT (or WITH)."
    if re.search(r"%(?!%|\(\w+\)s)", query.replace("%%", "")):
        return "Write a percent sign as %%; placeholders look like %(query)s."
    return ""


def _path_fault(tool: ConnectorTool) -> str:
    return http.path_fault(str(tool.request.get("path", "")))


def _mcp_fault(tool: ConnectorTool) -> str:
    if tool.request.get("tool") not in mcp.allowed(tool.connector):
        return f"Choose one of the tools that the connector allows: {', '.join(mcp.allowed(tool.connector)) or 'none so far'}."
    return "" if isinstance(tool.request.get("arguments", {}), dict) else "Write the arguments as a JSON object."


def _fields_fault(fields: list[dict[str, Any]]) -> str:
    names = [str(each.get("name", "")) for each in fields]
    if not fields:
        return "Name at least one field; nothing else of an answer is kept."
    if len(fields) > MOST_FIELDS:
        return f"Name at most {MOST_FIELDS} fields."
    if len(set(names)) < len(names):
        return "Each field needs a name of its own."
    return next(filter(None, map(_field_fault, fields)), "")


def _field_fault(field: dict[str, Any]) -> str:
    name, path = str(field.get("name", "")), str(field.get("path") or field.get("name", ""))
    if not NAME.fullmatch(name) or len(name) > 40:
        return f"The field {name!r} needs a name of small letters, digits and underscores."
    if len(path) > 200 or not PATH.fullmatch(path):
        return f"The place of {name} is no path such as state or events.0.place."
    if field.get("type") not in set(FieldType):
        return f"Choose what {name} holds."
    return ""


def _owner_fault(tool: ConnectorTool) -> str:
    binds = "customer_number" in values.used(tool) or any(each["type"] == FieldType.CUSTOMER_NUMBER for each in tool.fields)
    if binds and not tool.needs_customer:
        return "It speaks of one customer (customer_number), so it has to read one customer's data only: tick this."
    if tool.needs_customer and not binds:
        return "Nothing says whose data is read: use customer_number in the request, or declare a field that holds the customer number."
    return ""


def _system_fault(tool: ConnectorTool) -> str:
    """What the system says of the request. One that cannot be reached now says nothing; *Try it* shows why."""
    try:
        if tool.connector.kind == Connector.Kind.SQL:
            sql.explain(tool, {name: EXAMPLES[name] for name in values.used(tool)})
        if tool.connector.kind == Connector.Kind.MCP:
            offered = {each.name: each.reads_only for each in mcp.list_tools(tool.connector)}
            return _offer_fault(tool, offered)
    except sql.WrongQuery as error:
        return str(error)
    except Refused as error:
        return str(error)
    except (Unavailable, NotFound, TimeoutError):
        return ""
    return ""


def _offer_fault(tool: ConnectorTool, offered: dict[str, bool | None]) -> str:
    name = str(tool.request["tool"])
    if name not in offered:
        return f"{tool.connector.name} has no tool {name}; it has {', '.join(sorted(offered)[:20]) or 'none'}."
    return f"{tool.connector.name} says that {name} changes something; only tools that read may be used." if offered[name] is False else ""

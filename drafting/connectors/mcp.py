"""Lookups in servers of the Model Context Protocol: tools on an allow-list, over streamable HTTP or the standard streams of a command.

Commands are only those that the operator named in the setting MCP_COMMANDS; the web side can choose one of them and nothing else.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings

from drafting.connectors import http, waiting
from drafting.connectors.values import IN_TEXT
from drafting.errors import NotFound, Refused, Unavailable
from drafting.models import Connector, ConnectorTool

if TYPE_CHECKING:
    from mcp import Client

MOST_BYTES = 1_000_000
MOST_PAGES = 10
"""Pages of a server's list of tools."""
SECRET_VARIABLE = "CONNECTOR_SECRET"  # noqa: S105  # the name of a variable
"""The environment variable that hands a connector's secret to a command."""


@dataclass(frozen=True)
class ServerTool:
    """A tool that an MCP server offers. `reads_only` is None where the server does not say."""

    name: str
    about: str
    reads_only: bool | None


def ask(tool: ConnectorTool, values: dict[str, str]) -> Any:
    """What the tool answers, as JSON; {"text": …} where it is no JSON. Raises Unavailable, NotFound, Refused or TimeoutError."""
    name = str(tool.request["tool"])
    if name not in allowed(tool.connector):
        raise Refused(f"{tool.connector.name} is not asked: {name} is not among its allowed tools.")
    arguments = _filled(tool.request.get("arguments", {}), values)
    return waiting.run(partial(_call, tool.connector, name, arguments), seconds=tool.connector.timeout_seconds)


def list_tools(connector: Connector) -> list[ServerTool]:
    """What the server offers. Raises Unavailable, Refused or TimeoutError."""
    return waiting.run(partial(_list, connector), seconds=connector.timeout_seconds)


def allowed(connector: Connector) -> list[str]:
    """The tools that may be called."""
    return [str(name) for name in connector.options.get("tools", [])]


def address_fault(address: str) -> str:
    """What is wrong with the address of an MCP server, or ""."""
    if "://" in address:
        return http.address_fault(address)
    if address in settings.MCP_COMMANDS:
        return ""
    named = ", ".join(sorted(settings.MCP_COMMANDS)) or "none so far"
    return f"Write an address (https://…), or the name of a command in the setting MCP_COMMANDS of this installation ({named})."


def _filled(value: Any, values: dict[str, str]) -> Any:
    """The arguments with their placeholders filled in; a filled text is never read again."""
    if isinstance(value, str):
        return IN_TEXT.sub(lambda match: values[match[1]], value)
    if isinstance(value, dict):
        return {key: _filled(item, values) for key, item in value.items()}
    return [_filled(item, values) for item in value] if isinstance(value, list) else value


async def _call(connector: Connector, name: str, arguments: dict[str, Any]) -> Any:
    async with _server(connector) as client:
        offered = next((each for each in await _offered(client) if each.name == name), None)
        if offered is None:
            raise Unavailable(f"{connector.name} no longer offers the tool {name}.")
        if offered.reads_only is False:
            raise Refused(f"{connector.name} says that its tool {name} changes something, so it is not asked.")
        result = await client.call_tool(name, arguments)
    if result.is_error:
        raise NotFound(f"{connector.name} found nothing.")
    if result.structured_content is not None:
        return result.structured_content
    text = "\n".join(block.text for block in result.content if block.type == "text")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {"text": text}


async def _list(connector: Connector) -> list[ServerTool]:
    async with _server(connector) as client:
        return await _offered(client)


async def _offered(client: "Client") -> list[ServerTool]:
    found, cursor = list[ServerTool](), None
    for _ in range(MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        for each in page.tools:
            hint = each.annotations.read_only_hint if each.annotations else None
            found.append(ServerTool(each.name, each.description or "", hint))
        cursor = page.next_cursor
        if not cursor:
            break
    return found


@asynccontextmanager
async def _server(connector: Connector) -> "AsyncIterator[Client]":
    """A session with the server; what goes wrong in it is Unavailable or Refused."""
    from mcp import Client, MCPError

    refusals: list[Exception] = []
    try:
        async with _transport(connector, refusals) as transport, Client(transport, cache=None) as client:
            yield client
    except (MCPError, OSError, ValueError, RuntimeError, ExceptionGroup) as error:
        for known in (*refusals, *_leaves(error)):
            if isinstance(known, Refused | Unavailable | NotFound | TimeoutError):
                raise known from error
        said = str(error)[:200] if isinstance(error, MCPError) else type(error).__name__
        raise Unavailable(f"{connector.name} cannot be asked ({said}).") from error


@asynccontextmanager
async def _transport(connector: Connector, refusals: list[Exception]) -> AsyncIterator[Any]:
    from mcp import StdioServerParameters, stdio_client
    from mcp.client.streamable_http import streamable_http_client

    if "://" in connector.address:
        from drafting.connectors import guarded_http

        async with guarded_http.client(
            max_bytes=MOST_BYTES, headers=http.headers(connector), name=connector.name, refusals=refusals
        ) as client:
            yield streamable_http_client(connector.address, http_client=client)
        return
    if connector.address not in settings.MCP_COMMANDS:
        raise Refused(f"{connector.name} is not asked: {connector.address} is not in the setting MCP_COMMANDS of this installation.")
    command, *arguments = settings.MCP_COMMANDS[connector.address]
    secret = {SECRET_VARIABLE: connector.secret} if connector.secret else None
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123  # what a server prints may hold anything
        yield stdio_client(StdioServerParameters(command=command, args=arguments, env=secret), errlog=nowhere)


def _leaves(error: BaseException) -> list[BaseException]:
    return [leaf for each in error.exceptions for leaf in _leaves(each)] if isinstance(error, BaseExceptionGroup) else [error]

"""A small MCP server for tests: over standard streams when run as a program, over streamable HTTP as an ASGI app."""

import os
import sys
import time
from typing import Any

from mcp.server import MCPServer
from mcp_types import ToolAnnotations

READS = ToolAnnotations(read_only_hint=True)
SHEETS = {"ART-1": {"part": "ART-1", "title": "Bracket", "torque_nm": 12.5, "customer": "K-1"}}
WRITTEN: list[str] = []

server = MCPServer("sheets")


@server.tool(annotations=READS)
def sheet(part: str) -> dict[str, Any]:
    """The data sheet of a part."""
    if part not in SHEETS:
        raise ValueError(f"no sheet for {part}")
    return SHEETS[part]


@server.tool(annotations=READS)
def sheets_of(customer: str, mailbox: str, today: str) -> list[dict[str, Any]]:
    """What a customer has, with what it was asked."""
    return [{"customer": customer, "mailbox": mailbox, "today": today}]


@server.tool(annotations=READS, structured_output=False)
def plain(part: str) -> str:
    """A text that is no JSON."""
    return f"About {part}: none.\x07"


@server.tool(annotations=READS)
def slow() -> str:
    """Takes its time."""
    time.sleep(20)
    return "done"


@server.tool(annotations=READS)
def large() -> str:
    """Far too much."""
    return "x" * 5_000_000


@server.tool(annotations=ToolAnnotations(read_only_hint=False))
def write(part: str) -> str:
    """Changes something."""
    WRITTEN.append(part)
    return "written"


@server.tool()
def secret() -> dict[str, Any]:
    """What the environment tells this server."""
    return {"secret": os.environ.get("CONNECTOR_SECRET", ""), "database": os.environ.get("DATABASE_URL", "")}


def http_app(*, token: str = "") -> Any:
    """The server as an ASGI app; with `token`, strangers get 401."""
    app = server.streamable_http_app()

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if token and scope["type"] == "http" and (b"authorization", f"Bearer {token}".encode()) not in scope["headers"]:
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send)

    return guarded


if __name__ == "__main__":
    if "deaf" in sys.argv:
        time.sleep(60)
    server.run("stdio")

"""The demo company's own systems that are no databases: the carrier's tracking (JSON over HTTP) and the data sheets (MCP over HTTP)."""

import secrets
import socket
import threading
from typing import Any

from deploy.demo import places, secret_files, tables

NAMES = ("warehouse", "parcelway", "data_sheets")


def tokens() -> dict[str, str]:
    """The secrets of the systems by name, made up once."""
    with secret_files.changing(places.state() / "systems.json") as kept:
        for name in NAMES:
            kept.setdefault(name, secrets.token_urlsafe(24))
        return {name: str(kept[name]) for name in NAMES}


def start(listener: socket.socket) -> None:
    """Serve both in a thread until this process ends. They take a second to load, in which the mail servers answer already."""
    threading.Thread(target=_serve, args=(listener,), name="systems", daemon=True).start()


def app(known: dict[str, str]) -> Any:
    """Both as one ASGI application; `known` are the tokens by system."""
    from mcp.server import MCPServer
    from mcp_types import ToolAnnotations
    from starlette.requests import Request
    from starlette.responses import JSONResponse

    sheets = tables.document("datasheets")
    server = MCPServer("data-sheets")

    def data_sheet(article: str) -> list[dict[str, str]]:
        """The data sheet of an article in every language that there is."""
        found = [sheet for sheet in sheets if sheet["article"] == article.strip().upper()]
        if not found:
            raise ValueError(f"there is no data sheet of {article}")
        return found

    def parcel(request: Request) -> JSONResponse:
        number = request.path_params["number"].upper()
        row = next((row for row in tables.rows("parcels") if row["number"] == number), None)
        return JSONResponse({"parcel": _parcel(row)} if row else {"error": "unknown"}, status_code=200 if row else 404)

    server.tool(annotations=ToolAnnotations(read_only_hint=True))(data_sheet)
    both = server.streamable_http_app()
    both.add_route("/parcelway/v1/parcels/{number}", parcel)
    return _guarded(both, {"/parcelway": known["parcelway"], "/mcp": known["data_sheets"]})


def _parcel(row: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row["number"],
        "consignee": row["customer"],
        "state": row["state"],
        "last_scan": {"place": row["place"], "at": f"{row['seen_on']}T16:20:00"},
        "expected_on": row["expected_on"] or None,
    }


def _guarded(inner: Any, known: dict[str, str]) -> Any:
    """`inner`, for who brings the token of the system that a path begins with."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        token = next((token for path, token in known.items() if scope.get("path", "").startswith(path)), None)
        if scope["type"] == "http" and (token is None or (b"authorization", f"Bearer {token}".encode()) not in scope["headers"]):
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await inner(scope, receive, send)

    return guarded


def _serve(listener: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(app(tokens()), log_level="warning", access_log=False)
    uvicorn.Server(config).run([listener])

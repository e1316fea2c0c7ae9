"""Lookups over HTTP: GET of one address, an answer in JSON."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from drafting.connectors import fields, waiting
from drafting.connectors.values import IN_TEXT
from drafting.errors import NotFound, Refused, Unavailable
from drafting.models import Connector, ConnectorTool

if TYPE_CHECKING:
    import httpx2

MOST_BYTES = 1_000_000
NOT_FOUND = {204, 404, 410}
NOT_UNDERSTOOD = {400, 422}
PLAIN_PATH = re.compile(r"/[\w.~!$&'()*+,;=:@%/?{}-]*", re.ASCII)
NO_SEGMENT = re.compile(r"[/\\]|^\.+$")
"""What no path segment may be or hold: many servers decode "%2F" before they look which page is meant."""


def ask(tool: ConnectorTool, values: dict[str, str]) -> Any:
    """The JSON that the system answers. Raises Unavailable, NotFound, Refused or TimeoutError."""
    connector = tool.connector
    url = connector.address.rstrip("/") + fill(str(tool.request["path"]), values)
    status, body, retry_after = waiting.run(lambda: _get(connector, url), seconds=connector.timeout_seconds)
    _check(status, connector.name, retry_after)
    return fields.read_json(body, connector.name)


def fill(path: str, values: dict[str, str]) -> str:
    """The template `path` with its placeholders percent-encoded, so that each value stays in its segment or parameter (RFC 3986, 2.2).

    Raises NotFound for a value that no segment of a path can hold.
    """
    segments, mark, parameters = path.partition("?")
    for name in IN_TEXT.findall(segments):
        if NO_SEGMENT.search(values[name]):
            raise NotFound(f"{values[name][:80]!r} cannot be looked up there.")
    return IN_TEXT.sub(lambda match: quote(values[match[1]], safe=""), segments + mark + parameters)


def path_fault(path: str) -> str:
    """What is wrong with a template, or ""."""
    if not PLAIN_PATH.fullmatch(path) or path.startswith("//"):
        return "Write the path as /orders/{query} or /orders?number={query}; other characters percent-encoded, such as %20 for a space."
    segments, _, parameters = path.partition("?")
    if any(segment in {".", ".."} for segment in segments.split("/")):
        return "The path may not hold “.” or “..” as a segment."
    if any(IN_TEXT.search(pair.partition("=")[0]) for pair in parameters.split("&")):
        return "A placeholder may be the value of a parameter, not its name."
    return ""


def address_fault(address: str) -> str:
    """What is wrong with the address of a system that is asked over HTTP, or ""."""
    from drafting.connectors import guarded_http

    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        return f"The address cannot be read ({error})."
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "Write the address as https://host/path."
    if parts.username or parts.password:
        return "The address holds a login; write a token into the field for secrets, which is never shown."
    if parts.query or parts.fragment or "{" in address:
        return "The address ends with its path; placeholders and parameters belong to the tools."
    if parts.scheme == "http" and not guarded_http.is_listed(parts.hostname, port or 80):
        return f"Use https; plain http needs {parts.hostname} in the setting CONNECTOR_HOSTS of this installation."
    return ""


def headers(connector: Connector) -> dict[str, str]:
    """The header that carries the secret, as the connector's options say; "Authorization: Bearer …" where they do not."""
    if not connector.secret:
        return {}
    name = str(connector.options.get("header") or "Authorization")
    prefix = str(connector.options.get("prefix", "Bearer " if name.lower() == "authorization" else ""))
    return {name: prefix + connector.secret}


async def _get(connector: Connector, url: str) -> tuple[int, str, float | None]:
    import httpx2

    from drafting.connectors import guarded_http

    async with guarded_http.client(name=connector.name, max_bytes=MOST_BYTES, headers=headers(connector)) as client:
        try:
            response = await client.get(url, headers={"Accept": "application/json"})
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Unavailable(f"{connector.name} cannot be reached ({type(error).__name__}).") from error
        return response.status_code, response.text, _retry_after(response)


def _check(status: int, name: str, retry_after: float | None) -> None:
    if status in NOT_FOUND:
        raise NotFound(f"{name} found nothing.")
    if status in NOT_UNDERSTOOD:
        raise NotFound(f"{name} cannot look for that (status {status}).")
    if 300 <= status < 400:
        raise Refused(f"{name} redirects to another address, which is not followed; write that address into the connector.")
    if status in {401, 403}:
        raise Unavailable(f"{name} does not accept our token (status {status}).")
    if status != 200:
        raise Unavailable(f"{name} answered with status {status}.", retry_after=retry_after)


def _retry_after(response: "httpx2.Response") -> float | None:
    said = response.headers.get("Retry-After", "")
    return float(min(int(said), 3600)) if said.isascii() and said.isdigit() and len(said) < 6 else None

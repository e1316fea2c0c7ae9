"""An HTTP client that reaches only where it may: no redirects, no proxies, a size for all that is received, and no address of this
network unless the operator listed the host (setting CONNECTOR_HOSTS).

The address is checked when the connection is made, on the very address that is connected to, so that a name which resolves to another
address the second time gains nothing (DNS rebinding).
"""

import ipaddress
import socket
import ssl
from collections.abc import Iterable
from functools import cache
from typing import Any

import anyio
import httpcore2
import httpx2
from django.conf import settings

from drafting.errors import Refused, Unavailable

CARRIES_OTHER = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]
"""IPv6 networks whose addresses lead on to an IPv4 address inside them: NAT64, 6to4, Teredo."""


def client(*, name: str, max_bytes: int, headers: dict[str, str], refusals: list[Exception] | None = None) -> httpx2.AsyncClient:
    """A client for one call to the system `name`; `max_bytes` are received altogether. The caller bounds the time of the whole call.

    Its requests raise Unavailable or Refused; these are also added to `refusals`, for libraries that keep errors to themselves.
    """
    return httpx2.AsyncClient(
        transport=_GuardedTransport(name, max_bytes=max_bytes, refusals=[] if refusals is None else refusals),
        follow_redirects=False,
        max_redirects=0,
        trust_env=False,
        timeout=None,
        headers={"Accept-Encoding": "identity", "User-Agent": "countersign", **headers},
    )


def is_listed(host: str, port: int) -> bool:
    """Whether the operator allows plain HTTP and private addresses for this host, as "host" or "host:port"."""
    listed = {entry.lower() for entry in settings.CONNECTOR_HOSTS}
    return host.lower() in listed or f"{host.lower()}:{port}" in listed


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet, and neither to this machine, nor to its network, nor to anything special."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in CARRIES_OTHER):
            return False
        ip = ip.ipv4_mapped or ip
    return ip.is_global and not ip.is_multicast


@cache
def _tls() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)


class _GuardedTransport(httpx2.AsyncHTTPTransport):
    def __init__(self, name: str, *, max_bytes: int, refusals: list[Exception]) -> None:
        super().__init__(verify=_tls(), trust_env=False)
        guard = _GuardedBackend(name, max_bytes=max_bytes, refusals=refusals)
        self._pool = httpcore2.AsyncConnectionPool(ssl_context=_tls(), network_backend=guard)
        self._guard = guard

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.scheme != "https" and not is_listed(request.url.host, request.url.port or 80):
            raise self._guard.refusal(Refused(f"{self._guard.name} is not asked: it is not reached over https."))
        try:
            response = await super().handle_async_request(request)
        except httpx2.TransportError as error:
            raise self._guard.refusal(_unreachable(self._guard.name, error)) from error
        response.headers.pop("Content-Encoding", None)
        response.encoding = "utf-8"
        return response


def _unreachable(name: str, error: Exception) -> Unavailable:
    return Unavailable(f"{name} cannot be reached ({str(error)[:100] or type(error).__name__}).")


class _GuardedBackend(httpcore2.AsyncNetworkBackend):
    def __init__(self, name: str, *, max_bytes: int, refusals: list[Exception]) -> None:
        self._backend = httpcore2.AnyIOBackend()
        self._refusals = refusals
        self.name = name
        self.bytes_left = max_bytes

    def refusal(self, error: Exception) -> Exception:
        """`error`, once it is noted."""
        self._refusals.append(error)
        return error

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        addresses = await _resolve(host, port)
        if not is_listed(host, port) and not all(map(is_public, addresses)):
            words = f"{self.name} is not asked: {host} is an address of this network, not listed in the setting CONNECTOR_HOSTS."
            raise self.refusal(Refused(words))
        failure: Exception = httpcore2.ConnectError("no address")
        for address in addresses[:4]:
            try:
                stream = await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
                return _GuardedStream(stream, self)
            except httpcore2.ConnectError as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)


async def _resolve(host: str, port: int) -> list[str]:
    try:
        found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(f"no address for {host}") from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class _GuardedStream(httpcore2.AsyncNetworkStream):
    def __init__(self, stream: httpcore2.AsyncNetworkStream, backend: _GuardedBackend) -> None:
        self._stream = stream
        self._backend = backend

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = await self._stream.read(max_bytes, timeout)
        self._backend.bytes_left -= len(data)
        if self._backend.bytes_left < 0:
            raise self._backend.refusal(Unavailable(f"{self._backend.name} answered more than is read."))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        return _GuardedStream(await self._stream.start_tls(ssl_context, server_hostname, timeout), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

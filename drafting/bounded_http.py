"""An HTTP transport that no server can hold up: one deadline and one size for a whole request, however slowly the bytes come.

httpx2's own timeouts hold for each read only, so a server that sends a byte now and then could keep a worker for ever.
"""

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore2
import httpx2

_call = threading.local()


class TooLarge(Exception):
    """The response has more bytes than were allowed."""


@contextmanager
def bounds(*, deadline: float, max_bytes: int) -> Iterator[None]:
    """Within this block, requests of this thread end by `deadline` (`time.monotonic()`) and receive at most `max_bytes` altogether."""
    _call.deadline, _call.bytes_left = deadline, max_bytes
    try:
        yield
    finally:
        del _call.deadline, _call.bytes_left


def client(*, base_url: str, max_connections: int = 64) -> httpx2.Client:
    """A client without redirects, proxies from the environment or compression (a few packed bytes could become gigabytes).

    Whatever a response says of its encoding, its text is UTF-8, as JSON is (RFC 8259, 8.1): Python has codecs that are none for texts.
    """
    transport = _BoundedTransport(trust_env=False)
    transport.bind(max_connections=max_connections)
    return httpx2.Client(
        base_url=base_url, transport=transport, follow_redirects=False, trust_env=False, headers={"Accept-Encoding": "identity"}
    )


def _seconds_left(timeout: float | None) -> float:
    left = float(_call.deadline) - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the deadline has passed")
    return left if timeout is None else min(timeout, left)


class _BoundedTransport(httpx2.HTTPTransport):
    def bind(self, *, max_connections: int) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(trust_env=False),
            max_connections=max_connections,
            max_keepalive_connections=max_connections,
            keepalive_expiry=30,
            network_backend=_BoundedBackend(),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        response.headers.pop("Content-Encoding", None)
        response.encoding = "utf-8"
        return response


class _BoundedBackend(httpcore2.NetworkBackend):
    def __init__(self) -> None:
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        stream = self._backend.connect_tcp(host, port, _seconds_left(timeout), local_address, socket_options)
        return _BoundedStream(stream)


class _BoundedStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, _seconds_left(timeout))
        _call.bytes_left -= len(data)
        if _call.bytes_left < 0:
            raise TooLarge
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _seconds_left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _BoundedStream(self._stream.start_tls(ssl_context, server_hostname, _seconds_left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

"""smtplib's client with two promises: the final dot leaves only once that is allowed, and no server holds anybody up for long."""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

TIMEOUT = 30.0
"""Seconds within which an answer is there, whole."""
DOT_TIMEOUT = 120.0
"""Seconds to wait after the final dot; servers scan the mail then, and an answer missed leaves a mail that was maybe sent."""
MOST_SECONDS = 150.0
"""Seconds for all that comes before the dot; with the answer to it that is less than the five minutes that a task may take."""
SLOWEST = 100 * 1024
"""Bytes a second of the slowest line that a mail is written to."""
SHORTEST_CONNECT = 5.0
"""Seconds that each address of a host with many is tried."""
LONGEST_ANSWER = 64 * 1024
"""Bytes."""


class Client(smtplib.SMTP):
    """Writes the final dot of a mail (RFC 5321, 4.1.1.4) only once `before_dot` has returned.

    A server must not deliver what was not ended by the dot, so up to there everything can be taken back by closing the line.
    `dot_allowed` says whether that is over, `taken` how many mails the server took on this line.
    """

    before_dot: Callable[[], None]
    dot_allowed = False
    taken = 0
    patience = TIMEOUT
    file: "_Answers | None"

    def __init__(self, host: str, port: int, **options: Any) -> None:
        self.begin()
        super().__init__(host, port, timeout=TIMEOUT, **options)

    def begin(self) -> None:
        """From now on there are MOST_SECONDS for the next mail up to its dot."""
        self.dot_allowed, self.patience = False, TIMEOUT
        self._until = time.monotonic() + MOST_SECONDS

    @property
    def is_silent(self) -> bool:
        """Whether the line is open, and nothing was said on it since the last answer."""
        try:
            return self.file is not None and self.file.is_silent()
        except OSError:
            return False

    def getreply(self) -> tuple[int, bytes]:
        """The server's answer. One that does not end in time, or that is cut off, is none (smtplib.SMTPServerDisconnected)."""
        if self.file is None:
            self.file = _Answers(self._line)
        self.file.expect(until=time.monotonic() + self._seconds(self.patience))
        answer = super().getreply()
        # What comes next may be the handshake of TLS.
        self._line.settimeout(TIMEOUT)
        return answer

    def send(self, s: "ReadableBuffer | str") -> None:
        """Write to the line. The timeout is for all of it, not for each packet."""
        size = len(s) if isinstance(s, str) else memoryview(s).nbytes
        self._line.settimeout(self._seconds(TIMEOUT + size / SLOWEST))
        super().send(s)

    def data(self, msg: "ReadableBuffer | str") -> tuple[int, bytes]:
        """The DATA command of a mail in bytes; see the class. An answer before the dot is given back as well."""
        assert not isinstance(msg, str)
        self.putcmd("data")
        code, answer = self.getreply()
        if code != 354:
            return _before_dot(code, answer)
        self.send(_dotted(bytes(msg)))
        if not (self.file and self.file.is_silent()):
            # A server that talks, or closes the line, has given up on this mail.
            return _before_dot(*self.getreply())
        self.before_dot()
        self.dot_allowed, self.patience, self._until = True, DOT_TIMEOUT, time.monotonic() + DOT_TIMEOUT
        self._write_dot()
        return self.getreply()

    def _write_dot(self) -> None:
        self.send(b".\r\n")

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        # Each of the host's addresses is tried with the whole timeout.
        addresses = {address for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
        each = min(timeout, max(timeout / len(addresses), SHORTEST_CONNECT))
        line: socket.socket = super()._get_socket(host, port, each)  # type: ignore[misc]
        return line

    def _seconds(self, most: float) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server is too slow")
        return min(most, left)

    @property
    def _line(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the line is closed")
        return self.sock


class TLSClient(Client, smtplib.SMTP_SSL):
    """The same over TLS from the start."""


class _Answers:
    """What the server says, by lines, in place of a socket's file: that would wait anew for each byte."""

    def __init__(self, line: socket.socket) -> None:
        self._line, self._heard = line, b""
        self.expect(until=0)

    def expect(self, *, until: float) -> None:
        """An answer begins; it ends by then, and is not endless."""
        self._until, self._room = until, LONGEST_ANSWER

    def readline(self, most: int) -> bytes:
        """A whole line with its end, or its first `most` bytes; nothing where the line was closed before."""
        while (end := self._heard.find(b"\n") + 1) == 0 and len(self._heard) < most:
            if not self._hear():
                return b""
        end = end or most
        line, self._heard = self._heard[:end], self._heard[end:]
        return line

    def is_silent(self) -> bool:
        """Whether the line is open, and nothing was said since the last answer."""
        if self._heard:
            return False
        self._line.settimeout(0)
        try:
            self._heard = self._line.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        return False

    def close(self) -> None:
        """The line is not ours to close."""

    def _hear(self) -> bool:
        left = self._until - time.monotonic()
        if left <= 0 or self._room <= 0:
            raise TimeoutError("the answer does not end")
        self._line.settimeout(left)
        heard = self._line.recv(4096)
        self._heard += heard
        self._room -= len(heard)
        return bool(heard)


def _before_dot(code: int, answer: bytes) -> tuple[int, bytes]:
    """Before the dot no server can have taken a mail, whatever it says."""
    if 400 <= code < 600:
        return code, answer
    raise smtplib.SMTPServerDisconnected(f"the server answered {code} {answer.decode('utf-8', 'replace')!r} before the mail was written")


def _dotted(mime: bytes) -> bytes:
    """Lines ended by CRLF, those that begin with a dot given a second one (RFC 5321, 4.5.2), without the final dot."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", mime)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"

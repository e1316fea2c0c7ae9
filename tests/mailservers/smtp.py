"""An SMTP server that fails wherever it is told to."""

import base64
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.mailservers.imap import PASSWORD

LONGEST_PAUSE = 20
"""Seconds after which a server that hangs or was stopped goes on by itself."""


class SmtpServer(socketserver.ThreadingTCPServer):
    """An SMTP server whose `faults` say what happens at each step.

    Steps: connect, handshake (of TLS), banner, ehlo, starttls, auth, mail, rcpt, data, body (while the mail is written), dot (all is there,
    nothing accepted yet), answer (accepted, not said yet), answered, next (the mail after that, on the same line).
    A fault is "drop", "hang", "stop" (until `go_on`), "dribble" (says it, a byte each tenth of a second), "babble" (never ends what it
    says), or another answer such as "451 later".
    `security` is that of a mailbox: none, starttls, tls. `access_tokens` are those that it takes (XOAUTH2), with whose they are.
    `talks` counts lines, `pace` are the seconds before each of its answers.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, security: str = "none", tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.port = int(self.server_address[1])
        self.security, self.tls = security, tls
        self.faults: dict[str, str] = {}
        self.access_tokens: dict[str, str] = {}
        self.accepted: list[bytes] = []
        self.recipients: list[str] = []
        self.talks, self.pace = 0, 0.0
        self.released, self.stopped, self.go_on = threading.Event(), threading.Event(), threading.Event()
        self._lines: set[socket.socket] = set()

    def server_bind(self) -> None:
        """Take in little that was not read: whoever writes much then notices a line that is closed."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
        super().server_bind()

    def keep(self, line: socket.socket) -> None:
        """Remember an open line, which ends with the server."""
        self._lines.add(line)

    def forget(self, line: socket.socket) -> None:
        """The line is closed."""
        self._lines.discard(line)

    @property
    def open_lines(self) -> int:
        """How many clients are there."""
        return len(self._lines)

    def hang_up(self) -> None:
        """End all lines, whatever is said on them."""
        for line in list(self._lines):
            # Closing alone would not wake the thread that reads from it.
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class _Over(Exception):
    """The talk ends here."""


class _Talk(socketserver.StreamRequestHandler):
    server: SmtpServer

    def handle(self) -> None:
        self.server.talks += 1
        self.server.keep(self.connection)
        self.taken = 0
        with suppress(_Over, OSError):
            self._step("connect")
            if self.server.security == "tls":
                self._encrypt()
            self._say("banner", "220 test server")
            while line := self.rfile.readline():
                self._answer(line.decode("ascii").strip())

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.server.forget(self.connection)
        self.connection.close()

    def _encrypt(self) -> None:
        self._step("handshake")
        assert self.server.tls
        self.server.forget(self.connection)
        self.request = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.setup()
        self.server.keep(self.connection)

    def _answer(self, line: str) -> None:
        verb = line.split(" ", maxsplit=1)[0].upper()
        if verb in {"EHLO", "HELO"}:
            offered = "250-STARTTLS\r\n" if self.server.security == "starttls" else ""
            self._say("ehlo", f"250-test server\r\n250-SIZE 50000000\r\n{offered}250 AUTH PLAIN XOAUTH2")
        elif verb == "STARTTLS" and self.server.security == "starttls":
            if self._say("starttls", "220 go on"):
                self._encrypt()
        elif line.upper().startswith("AUTH XOAUTH2 "):
            self._take_token(base64.b64decode(line.split()[2]).decode())
        elif verb == "AUTH":
            right = base64.b64encode(f"\0user\0{PASSWORD}".encode()).decode()
            self._say("auth", "235 welcome" if line.rsplit(" ", maxsplit=1)[-1] == right else "535 wrong password")
        elif verb in {"MAIL", "RCPT"}:
            self._say("next" if verb == "MAIL" and self.taken else verb.lower(), "250 fine")
            self.recipient = line.partition("<")[2].partition(">")[0]
        elif verb == "DATA":
            self._take()
        else:
            self._say("other", "250 fine")

    def _take_token(self, said: str) -> None:
        """As Google and Microsoft do: what is wrong is told in a challenge, which wants an empty answer."""
        if any(said == f"user={user}\1auth=Bearer {token}\1\1" for token, user in self.server.access_tokens.items()):
            self._say("auth", "235 welcome")
            return
        self._say("auth", "334 " + base64.b64encode(b'{"status":"401","schemes":"Bearer"}').decode())
        assert self.rfile.readline() == b"\r\n"
        self._say("auth", "535 5.7.8 no such token")

    def _take(self) -> None:
        if not self._say("data", "354 go on"):
            return
        content = bytearray()
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _Over
            content += line
            if answer := self._step("body"):
                self._write(answer)
                raise _Over
        if answer := self._step("dot"):
            self._write(answer)
        else:
            self.server.accepted.append(bytes(content))
            self.server.recipients.append(self.recipient)
            self.taken += 1
            self._say("answer", "250 queued")
        self._step("answered")

    def _say(self, step: str, text: str) -> bool:
        """Say this in the way of the step's fault; False where that says something else."""
        self.server.released.wait(self.server.pace)
        said = self._step(step)
        if said == "dribble":
            self._write_slowly([*f"{text}\r\n"])
        elif said == "babble":
            self._write_slowly([f"{text[:3]}-and so on\r\n"] * 1_000)
        else:
            self._write(said or text)
        return said in {"", "dribble", "babble"}

    def _step(self, step: str) -> str:
        """Commit the fault of this step; the answer that is given for it, or the way of giving it, if any."""
        fault = self.server.faults.get(step, "")
        if fault == "hang":
            self.server.released.wait(LONGEST_PAUSE)
        if fault in {"drop", "hang"}:
            raise _Over
        if fault != "stop":
            return fault
        self.server.stopped.set()
        self.server.go_on.wait(LONGEST_PAUSE)
        return ""

    def _write_slowly(self, pieces: list[str]) -> None:
        for piece in pieces:
            self.wfile.write(piece.encode())
            self.server.released.wait(0.1)

    def _write(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def serving(server: SmtpServer) -> Iterator[SmtpServer]:
    """Serve in a thread for as long as the block lasts."""
    from inbox.smtp import idle

    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.go_on.set()
        idle.close_all()
        server.shutdown()
        thread.join()
        server.hang_up()
        server.server_close()


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A running SMTP server without faults."""
    with serving(SmtpServer()) as server:
        yield server

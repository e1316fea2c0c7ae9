"""Real mail servers for tests: IMAP by pymap in a process of its own, SMTP by a server that fails wherever it is told to."""

import base64
import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import pytest
from pymap.backend.maildir.users import PasswordRecord, UserRecord
from pysasl.hashing import BuiltinHash

from deploy.launch import free_ports

PASSWORD = "for tests only"
_numbers = count(1)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    return free_ports(1)


@dataclass(frozen=True)
class ImapAccount:
    """An account of an IMAP server and the Maildir behind it. `owner` is the id of the machine's user whose Maildir it is, -1 for ours."""

    user: str
    port: int
    folder: Path
    tls_port: int = 0
    owner: int = -1

    def make_folder(self, name: str = "") -> None:
        """Make a folder (Maildir++), the inbox itself if not said otherwise."""
        folder = self.folder / f".{name}" if name else self.folder
        for part in ("new", "cur", "tmp"):
            (folder / part).mkdir(parents=True)
        for made in (folder, *folder.iterdir()):
            os.chown(made, self.owner, -1)

    def deliver(self, mail: bytes | EmailMessage) -> None:
        """Lay a mail into the inbox, as a delivery agent does."""
        content = mail.as_bytes() if isinstance(mail, EmailMessage) else mail
        name = f"{time.time():.6f}.{next(_numbers):06}.test"
        (self.folder / "tmp" / name).write_bytes(content)
        (self.folder / "tmp" / name).rename(self.folder / "new" / name)

    def forget_numbers(self) -> None:
        """Number the inbox anew, as a server does that was set up again."""
        for path in (*self.folder.glob("dovecot-uidlist*"), *self.folder.glob("dovecot.index*")):
            path.unlink()

    def in_sent(self) -> list[bytes]:
        """The mails in the Sent folder."""
        return [path.read_bytes() for part in ("new", "cur") for path in sorted((self.folder / ".Sent" / part).glob("*"))]


class ImapServer:
    """pymap over Maildirs below `base`."""

    def __init__(self, base: Path) -> None:
        self.base, self.port = base, free_port()
        start = "import pymap.main; pymap.main.main()"
        command = [sys.executable, "-c", start, "--host", "127.0.0.1", "--port", str(self.port), "--no-tls", "maildir", str(base)]
        environment = {"TMPDIR": str(base), "PATH": ""}
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment)

    def wait(self) -> None:
        """Return once it answers."""
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.recv(100)
                return
            time.sleep(0.05)
        raise RuntimeError("pymap does not start")

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.wait(timeout=10)

    def add_account(self) -> ImapAccount:
        """A fresh account with PASSWORD."""
        user = f"user{next(_numbers)}"
        self._append("pymap-etc-passwd", UserRecord(name=user, password="x", home_dir=user))
        self._append("pymap-etc-shadow", PasswordRecord(name=user, password=BuiltinHash(rounds=1).hash(PASSWORD)))
        account = ImapAccount(user=user, port=self.port, folder=self.base / user)
        account.make_folder()
        return account

    def _append(self, name: str, record: UserRecord | PasswordRecord) -> None:
        fields = [getattr(record, field).replace(":", "\\:") for field in record.get_fields()]
        with (self.base / name).open("a") as file:
            file.write(":".join(fields) + "\n")


@pytest.fixture(scope="session")
def imap_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImapServer]:
    """A running IMAP server."""
    server = ImapServer(tmp_path_factory.mktemp("imap"))
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture
def imap_account(imap_server: ImapServer) -> ImapAccount:
    """A fresh account on it."""
    return imap_server.add_account()


class SmtpServer(socketserver.ThreadingTCPServer):
    """An SMTP server whose `faults` say what happens at each step.

    Steps: connect, banner, ehlo, auth, mail, rcpt, data, body (while the mail is written), dot (all is there, nothing accepted yet),
    answer (accepted, not said yet), answered. A fault is "drop", "hang", or an answer such as "451 later".
    `access_tokens` are those that it takes (XOAUTH2), with whose they are.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.port = int(self.server_address[1])
        self.faults: dict[str, str] = {}
        self.access_tokens: dict[str, str] = {}
        self.accepted: list[bytes] = []
        self.recipients: list[str] = []
        self.talks = 0
        self.released = threading.Event()


class _Over(Exception):
    """The talk ends here."""


class _Talk(socketserver.StreamRequestHandler):
    server: SmtpServer

    def handle(self) -> None:
        self.server.talks += 1
        with suppress(_Over, OSError):
            self._step("connect")
            self._say("banner", "220 test server")
            while line := self.rfile.readline():
                self._answer(line.decode("ascii").strip())

    def _answer(self, line: str) -> None:
        verb = line.split(" ", maxsplit=1)[0].upper()
        if verb in {"EHLO", "HELO"}:
            self._say("ehlo", "250-test server\r\n250-SIZE 50000000\r\n250 AUTH PLAIN XOAUTH2")
        elif line.upper().startswith("AUTH XOAUTH2 "):
            self._take_token(base64.b64decode(line.split()[2]).decode())
        elif verb == "AUTH":
            right = base64.b64encode(f"\0user\0{PASSWORD}".encode()).decode()
            self._say("auth", "235 welcome" if line.rsplit(" ", maxsplit=1)[-1] == right else "535 wrong password")
        elif verb in {"MAIL", "RCPT"}:
            self._say(verb.lower(), "250 fine")
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
        self._say("data", "354 go on")
        if self.server.faults.get("data", "").startswith(("4", "5")):
            return
        content = bytearray()
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _Over
            content += line
            if len(content) > 1000:
                self._step("body")
        self._step("dot")
        if not self.server.faults.get("dot", "").startswith(("4", "5")):
            self.server.accepted.append(bytes(content))
            self.server.recipients.append(self.recipient)
            self._say("answer", "250 queued")
        self._step("answered")

    def _say(self, step: str, text: str) -> None:
        if not self._step(step):
            self.wfile.write(f"{text}\r\n".encode())

    def _step(self, step: str) -> bool:
        """Commit the fault of this step; True where it was an answer."""
        fault = self.server.faults.get(step, "")
        if fault == "hang":
            self.server.released.wait(20)
        if fault in {"drop", "hang"}:
            raise _Over
        if fault:
            self.wfile.write(f"{fault}\r\n".encode())
        return bool(fault)


@contextmanager
def serving(server: SmtpServer) -> Iterator[SmtpServer]:
    """Serve in a thread for as long as the block lasts."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A running SMTP server without faults."""
    with serving(SmtpServer()) as server:
        yield server

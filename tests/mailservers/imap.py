"""IMAP servers: pymap in a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
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
        self.base, self.port = base, free_ports(1)
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

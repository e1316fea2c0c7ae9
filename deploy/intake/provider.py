"""Somebody's mail provider for the measurement: an IMAP server over Maildirs, in a process of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pymap.backend.maildir.users import PasswordRecord, UserRecord
from pysasl.hashing import BuiltinHash

from deploy.launch import free_ports

PASSWORD = "for measuring only"  # noqa: S105
START = "import pymap.main; pymap.main.main()"


def add_account(base: Path, *, user: str, mails: Iterable[bytes]) -> int:
    """An account with PASSWORD and these mails in its inbox; says how many bytes they have."""
    _append(base / "pymap-etc-passwd", UserRecord(name=user, password="x", home_dir=user))  # noqa: S106
    _append(base / "pymap-etc-shadow", PasswordRecord(name=user, password=BuiltinHash(rounds=1).hash(PASSWORD)))
    for part in ("new", "cur", "tmp"):
        (base / user / part).mkdir(parents=True)
    size = 0
    for number, mail in enumerate(mails):
        size += (base / user / "new" / f"{1_700_000_000 + number}.{number:07}.bench").write_bytes(mail)
    return size


@contextmanager
def serving(base: Path) -> Iterator[int]:
    """The port on which the accounts below `base` are served."""
    port = free_ports(1)
    command = [sys.executable, "-c", START, "--host", "127.0.0.1", "--port", str(port), "--no-tls", "maildir", str(base)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, env={"TMPDIR": str(base), "PATH": ""})
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(port: int) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.recv(100)
            return
        time.sleep(0.05)
    raise RuntimeError("The IMAP server does not start.")


def _append(file: Path, record: UserRecord | PasswordRecord) -> None:
    fields = [getattr(record, field).replace(":", "\\:") for field in record.get_fields()]
    with file.open("a") as lines:
        lines.write(":".join(fields) + "\n")

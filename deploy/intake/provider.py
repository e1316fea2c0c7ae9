"""Somebody's mail provider for the measurement: an IMAP server over Maildirs, in processes of its own.

That is Dovecot where it is installed; else pymap, which needs no installation and reads a folder's whole list for each mail.
"""

import getpass
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pymap.backend.maildir.users import PasswordRecord, UserRecord
from pysasl.hashing import BuiltinHash

from deploy.launch import free_ports

PASSWORD = "for-measuring-only"  # noqa: S105
ACCOUNTS = "accounts"
PYMAP = "import pymap.main; pymap.main.main()"
DOVECOT = """
base_dir = {base}/run
state_dir = {base}/run
log_path = {base}/log
protocols = imap
listen = 127.0.0.1
mail_location = maildir:%h
auth_mechanisms = plain login
disable_plaintext_auth = no
ssl = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_max_userip_connections = 100
default_vsz_limit = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/{accounts}/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
"""


def add_account(base: Path, *, user: str, mails: Iterable[bytes]) -> int:
    """An account with PASSWORD and these mails in its inbox; says how many bytes they have. To be added before it is served."""
    folder = base / ACCOUNTS / user
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)
    size = 0
    for number, mail in enumerate(mails):
        # The sizes stand in the name, where Dovecot looks for them before it reads a mail.
        name = f"{1_700_000_000 + number}.{number:07}.bench,S={len(mail)},W={len(mail)}:2,"
        size += (folder / "cur" / name).write_bytes(mail)
    return size


def dovecot_path() -> str | None:
    """Where Dovecot is; Debian keeps it off the path of ordinary users."""
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def best() -> str:
    """The better of the servers that are here: "dovecot" or "pymap"."""
    return "dovecot" if dovecot_path() else "pymap"


@contextmanager
def serving(base: Path, *, server: str) -> Iterator[int]:
    """The port on which "dovecot" or "pymap" serves the accounts below `base`. Each has numbered its mails by then."""
    port = free_ports(1)
    prepare: Callable[[Path, int], list[str]] = {"dovecot": _dovecot, "pymap": _pymap}[server]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(prepare(base, port), stdout=quiet, stderr=quiet, env={"TMPDIR": str(base), "PATH": ""})
    try:
        _wait(process, port)
        for user in _users(base):
            _look_into(port, user)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def _dovecot(base: Path, port: int) -> list[str]:
    is_root = os.getuid() == 0
    # Dovecot opens no mail as root.
    owner = pwd.getpwnam("nobody" if is_root else getpass.getuser())
    internal, login, group = ("dovecot", "dovenull", "dovecot") if is_root else (owner.pw_name, owner.pw_name, str(os.getgid()))
    names = {"internal": internal, "login": login, "group": group, "uid": owner.pw_uid, "gid": owner.pw_gid, "accounts": ACCOUNTS}
    (base / "dovecot.conf").write_text(DOVECOT.format(base=base, port=port, password=PASSWORD, **names))
    if is_root:
        for path in (base / ACCOUNTS).rglob("*"):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    return [str(dovecot_path()), "-F", "-c", str(base / "dovecot.conf")]


def _pymap(base: Path, port: int) -> list[str]:
    accounts = base / ACCOUNTS
    secret = BuiltinHash(rounds=1).hash(PASSWORD)
    for user in _users(base):
        _append(accounts / "pymap-etc-passwd", UserRecord(name=user, password="x", home_dir=user))  # noqa: S106
        _append(accounts / "pymap-etc-shadow", PasswordRecord(name=user, password=secret))
    return [sys.executable, "-c", PYMAP, "--host", "127.0.0.1", "--port", str(port), "--no-tls", "maildir", str(accounts)]


def _users(base: Path) -> list[str]:
    return sorted(one.name for one in (base / ACCOUNTS).iterdir() if one.is_dir())


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.recv(100)
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError("The IMAP server does not start.")


def _look_into(port: int, user: str) -> None:
    """The first look at a folder gives its mails their numbers, which on a real server has happened long before."""
    with imaplib.IMAP4("127.0.0.1", port) as client:
        client.login(user, PASSWORD)
        client.select("INBOX")


def _append(file: Path, record: UserRecord | PasswordRecord) -> None:
    fields = [getattr(record, field).replace(":", "\\:") for field in record.get_fields()]
    with file.open("a") as lines:
        lines.write(":".join(fields) + "\n")

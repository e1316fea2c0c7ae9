"""One process that plays everybody's mail provider, IMAP and SMTP on the loopback interface, and the company's own systems."""

import asyncio
import logging
import signal
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress

from deploy.demo import accounts, imap_server, maildir, places, smtp_server, systems
from deploy.demo.accounts import Account

Start = Callable[..., Awaitable[asyncio.Server]]


def run() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    people = prepare()
    asyncio.run(_serve(people))


def prepare() -> Mapping[str, Account]:
    """Make every account's Maildir, with a Sent folder as any provider has."""
    people = accounts.load()
    for account in people.values():
        maildir.create(account.folder, subfolders=("Sent",))
    # A server that was killed leaves its locks behind, and pymap would wait ten minutes for them; nobody else uses these folders.
    for lock in (places.state() / "mail").rglob("*.lock"):
        lock.unlink()
    # pymap writes its lists to a temporary file and renames it, which works only within one file system.
    scratch = places.state() / "scratch"
    scratch.mkdir(mode=0o700, exist_ok=True)
    tempfile.tempdir = str(scratch)
    return people


async def _serve(people: Mapping[str, Account]) -> None:
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    async with AsyncExitStack() as stack:
        for start, port, variable in (
            (imap_server.serve, places.imap_port(), "DEMO_IMAP_PORT"),
            (smtp_server.serve, places.smtp_port(), "DEMO_SMTP_PORT"),
        ):
            server = await _listen(start, people, port=port, variable=variable)
            stack.callback(server.close)
        if port := places.systems_port():
            systems.start(_listener(port))
        print(f"Mail of the demo company: IMAP on {places.imap_port()}, SMTP on {places.smtp_port()}", flush=True)  # noqa: T201
        await stopping.wait()
    await _end_connections()


async def _listen(start: Start, people: Mapping[str, Account], *, port: int, variable: str) -> asyncio.Server:
    try:
        return await start(people, port=port)
    except OSError as error:
        sys.exit(f"demo: port {port} cannot be used ({error.strerror}); choose another with {variable}.")


def _listener(port: int) -> socket.socket:
    try:
        listener = socket.create_server((places.HOST, port))
    except OSError as error:
        sys.exit(f"demo: port {port} cannot be used ({error.strerror}); choose another with DEMO_SYSTEMS_PORT.")
    # What is accepted inherits it; else an answer in two pieces waits 40 ms for the acknowledgement of the first.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


async def _end_connections() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), timeout=3)

"""The measurement: the floor and the product over the same mail, in one run, then two processes at once."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy.intake import floor, mails, provider
from inbox.models import Mailbox, Security

Tell = Callable[[str], None]


def measure(*, count: int, seed: int, processes: int, tell: Tell) -> None:
    """Measure and tell, line by line. The database is one that was made for it."""
    with TemporaryDirectory(prefix="countersign-intake-", ignore_cleanup_errors=True) as folder:
        base = Path(folder)
        base.chmod(0o755)
        sizes = [_account(base, number, count=count, seed=seed) for number in range(processes + 1)]
        tell(f"{count:,} mails for each process, {sum(sizes) / len(sizes) / count / 1024:.0f} KB in the mean, seed {seed}.")
        with provider.serving(base) as port:
            found, seconds = floor.measure(port=port, user="user0", password=provider.PASSWORD)
            bare = found / seconds
            tell(f"{'floor: IMAP, standard library, one COPY':<42} {bare:7.0f} mails/s")
            [alone] = _take_in([_mailbox(port, 0)])
            _tell_of(alone, bare, tell)
            if processes > 1:
                together = _take_in([_mailbox(port, number) for number in range(1, processes + 1)])
                rate = sum(one["mails"] for one in together) / max(one["seconds"] for one in together)
                ratio = rate / (alone["mails"] / alone["seconds"])
                tell(f"{f'{processes} processes at once':<42} {rate:7.0f} mails/s   {ratio:.2f} × one")


def _account(base: Path, number: int, *, count: int, seed: int) -> int:
    return provider.add_account(base, user=f"user{number}", mails=mails.make(count=count, seed=seed + number))


def _mailbox(port: int, number: int) -> Mailbox:
    return Mailbox.objects.create(
        name=f"Box {number}",
        address=f"service{number}@company.example",
        imap_host="127.0.0.1",
        imap_port=port,
        imap_security=Security.NONE,
        imap_username=f"user{number}",
        imap_password=provider.PASSWORD,
        smtp_host="127.0.0.1",
        authserv_id="in.company.example",
    )


def _take_in(mailboxes: Sequence[Mailbox]) -> list[dict[str, Any]]:
    """One process for each of them, all started at once; what each did (see `taking.Taken`)."""
    command = [sys.executable, "-m", "deploy.intake.taking"]
    pipe = subprocess.PIPE
    started = [subprocess.Popen([*command, str(one.pk)], stdin=pipe, stdout=pipe, text=True) for one in mailboxes]
    for process in started:
        if not process.stdout or process.stdout.readline() != "ready\n":
            raise RuntimeError("A process that takes mail in did not start; what went wrong stands above.")
    for process in started:
        if process.stdin:
            process.stdin.write("go\n")
            process.stdin.flush()
    return [json.loads(process.communicate()[0]) for process in started]


def _tell_of(taken: dict[str, Any], bare: float, tell: Tell) -> None:
    rate = taken["mails"] / taken["seconds"]
    tell(f"{'fetched, stored, read, threaded':<42} {rate:7.0f} mails/s   {rate / bare:.2f} × the floor")
    each = 1000 / taken["mails"]
    for name, seconds in sorted(taken["stages"].items(), key=lambda stage: -stage[1]):
        tell(f"    {name:<38} {seconds * each:7.2f} ms a mail")
    rest = taken["seconds"] - sum(taken["stages"].values())
    tell(f"    {'the rest':<38} {rest * each:7.2f} ms a mail")
    memory = [used / 1024 / 1024 for used in taken["memory"]]
    tell(f"    memory: {memory[0]:.0f} MB at first, {max(memory):.0f} MB at most, {memory[-1]:.0f} MB at last")

"""The measurement: the floor and the product over the same mail, in one run, then two processes at once."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from deploy.intake import floor, mails, provider
from inbox.models import Mailbox, Security

Tell = Callable[[str], None]


class Cost(NamedTuple):
    """Mails a second, and milliseconds of the processor for each (`processor.seconds`)."""

    rate: float
    processor: float


def measure(*, count: int, seed: int, processes: int, tell: Tell, server: str = "") -> None:
    """Measure and tell, line by line. The database is one that was made for it. `server` as in `provider`, else the best that is here."""
    server = server or provider.best()
    with TemporaryDirectory(prefix="countersign-intake-", ignore_cleanup_errors=True) as folder:
        base = Path(folder)
        base.chmod(0o755)
        sizes = [_account(base, number, count=count, seed=seed) for number in range(processes + 2 if processes > 1 else 1)]
        mean = sum(sizes) / len(sizes) / count / 1024
        tell(f"{count:,} mails for each process, {mean:.0f} KB in the mean, seed {seed}, over IMAP from {server}.")
        with provider.serving(base, server=server) as port:
            bare = _floor(port, count, tell)
            alone = _alone(port, 0, count)
            _tell_of(alone, bare, tell)
            if processes > 1:
                together = _take_in([_mailbox(port, number) for number in range(1, processes + 1)], count)
                _tell_of_several(together, [alone, _alone(port, processes + 1, count)], tell)


def _floor(port: int, count: int, tell: Tell) -> Cost:
    found, seconds, worked = floor.measure(port=port, user="user0", password=provider.PASSWORD)
    if found != count:
        raise RuntimeError(f"The floor found {found} of {count} mails.")
    cost = Cost(found / seconds, worked / found * 1000)
    tell(f"{'floor: IMAP, standard library, one COPY':<42} {cost.rate:7.0f} mails/s   processor {cost.processor:.2f} ms a mail")
    return cost


def _alone(port: int, number: int, count: int) -> dict[str, Any]:
    [taken] = _take_in([_mailbox(port, number)], count)
    return taken


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


def _take_in(mailboxes: Sequence[Mailbox], count: int) -> list[dict[str, Any]]:
    """One process for each of them, all started at once; what each did (see `taking.Taken`)."""
    command = [sys.executable, "-m", "deploy.intake.taking"]
    pipe = subprocess.PIPE
    started = [subprocess.Popen([*command, str(one.pk), str(count)], stdin=pipe, stdout=pipe, text=True) for one in mailboxes]
    for process in started:
        if not process.stdout or process.stdout.readline() != "ready\n":
            raise RuntimeError("A process that takes mail in did not start; what went wrong stands above.")
    for process in started:
        if process.stdin:
            process.stdin.write("go\n")
            process.stdin.flush()
    return [json.loads(process.communicate()[0]) for process in started]


def _rate(taken: dict[str, Any]) -> float:
    return float(taken["mails"] / taken["seconds"])


def _tell_of_several(together: list[dict[str, Any]], alone: list[dict[str, Any]], tell: Tell) -> None:
    """Beside the mean of one process before and one after them, which found the database emptier and fuller."""
    rate = sum(one["mails"] for one in together) / max(one["seconds"] for one in together)
    ratio = rate / (sum(map(_rate, alone)) / len(alone))
    worked = sum(one["processor"] for one in together) / sum(one["mails"] for one in together) * 1000
    tell(f"{f'{len(together)} processes at once':<42} {rate:7.0f} mails/s   {ratio:.2f} × one, processor {worked:.2f} ms a mail")
    tell(f"{'one process, once more':<42} {_rate(alone[-1]):7.0f} mails/s")


def _tell_of(taken: dict[str, Any], bare: Cost, tell: Tell) -> None:
    rate, each = _rate(taken), 1000 / taken["mails"]
    worked = taken["processor"] * each
    ratio = f"{rate / bare.rate:.2f} × the floor, by processor {bare.processor / worked:.2f}"
    tell(f"{'fetched, stored, read, threaded':<42} {rate:7.0f} mails/s   processor {worked:.2f} ms a mail: {ratio}")
    for name, seconds in sorted(taken["stages"].items(), key=lambda stage: -stage[1]):
        tell(f"    {name:<38} {seconds * each:7.2f} ms a mail")
    rest = taken["seconds"] - sum(taken["stages"].values())
    tell(f"    {'the rest':<38} {rest * each:7.2f} ms a mail")
    _tell_of_way(taken["way"], tell)


def _tell_of_way(way: list[dict[str, Any]], tell: Tell) -> None:
    tenths = [next(one for one in way if one["mails"] >= way[-1]["mails"] * tenth / 10) for tenth in range(11)]
    memory = [one["memory"] / 1024 / 1024 for one in (way[0], tenths[1], max(way, key=lambda one: one["memory"]), way[-1])]
    tell("    memory: {:.0f} MB at first, {:.0f} MB after a tenth, {:.0f} MB at most, {:.0f} MB at last".format(*memory))
    # Fewer chunks than tenths tell nothing.
    if len(way) <= 10:
        return
    rates = [(after["mails"] - before["mails"]) / ((after["seconds"] - before["seconds"]) or 1) for before, after in pairwise(tenths)]
    tell(f"    mails/s, tenth by tenth: {' '.join(f'{one:.0f}' for one in rates)}")

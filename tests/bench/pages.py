"""What each page of the desk costs at growing volumes: `python -m tests.bench.pages`.

Each size has a database of its own with made-up history (`manage.py make_load`), and a category with as many drafts in its ledger, on a
PostgreSQL of its own, which is dropped afterwards unless --keep names a folder for it. Each page is asked for through the real WSGI
application by somebody who is signed in, a different one each time where there are many: another draft, conversation or word. A page is
told of where it grows with the history, or where it takes more than 12 queries, 60 KB or 100 ms.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from deploy import services

ROOT = Path(__file__).resolve().parents[2]
SIZES = "10000,100000,1000000"
MOST_QUERIES, MOST_BYTES, MOST_MILLISECONDS = 12, 60_000, 100
GROWS, NOISE = 2, 1000
"""A page grows when the database reads this many times the blocks at the largest size as at the smallest, and this many more."""


def main() -> None:
    """Measure and print a table for each size, and how the largest compares with the smallest."""
    options = _options()
    if options.measure:
        _measure(options)
        return
    with _server(options.keep) as address:
        sizes = [int(size) for size in options.sizes.split(",")]
        tables = {size: _run(size, address, options) for size in sizes}
    for size, costs in tables.items():
        say(f"\n{size:,} conversations".replace(",", " "))
        say(f"{'page':<44}{'queries':>8}{'bytes':>9}{'p50 ms':>9}{'p95 ms':>9}{'cpu ms':>9}{'blocks':>9}")
        for cost in costs:
            say(
                f"{cost['page']:<44}{cost['queries']:>8}{cost['size']:>9}{cost['p50']:>9.1f}{cost['p95']:>9.1f}{cost['cpu']:>9.1f}{cost['blocks']:>9.0f}"
            )
    _compare(tables[sizes[0]], tables[sizes[-1]], f"{sizes[-1]:,} : {sizes[0]:,}".replace(",", " "))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=SIZES, help=f"conversations, one database for each ({SIZES})")
    parser.add_argument("--waiting", type=int, default=200, help="drafts that wait in the queue")
    parser.add_argument("--visits", type=int, default=40, help="how often each page is asked for")
    parser.add_argument("--only", default="", help="only pages whose name has this in it")
    parser.add_argument("--without-reports", action="store_true", help="leave them out: counting a million conversations takes hours")
    parser.add_argument("--keep", type=Path, help="keep the databases in this folder, for the next time")
    parser.add_argument("--measure", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


@contextmanager
def _server(keep: Path | None) -> Iterator[str]:
    """The address of a PostgreSQL in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="countersign-pages-", ignore_cleanup_errors=True) as folder:
        data = (keep or Path(folder)).resolve()
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o755)
        try:
            yield services.start_postgres(data / "postgres")
        finally:
            services.stop_postgres(data / "postgres")


def _run(size: int, address: str, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure one size in a process of its own."""
    import psycopg

    name = f"pages_{size}"
    with psycopg.connect(address, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.pages", "--measure", str(size), "--waiting", str(options.waiting)]
    command += ["--visits", str(options.visits), "--only", options.only, *(["--without-reports"] if options.without_reports else [])]
    with tempfile.TemporaryDirectory(prefix="countersign-pages-") as data:
        environ = os.environ | {
            "DATABASE_URL": address.replace("/countersign?", f"/{name}?"),
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "COUNTERSIGN_DATA": data,
            "DJANGO_SETTINGS_MODULE": "deploy.settings",
            "SECRET_KEY": "only for measuring",
            "LOG_LEVEL": "ERROR",
        }
        result = subprocess.run(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(result.stdout.splitlines()[-1])
    return found


def _measure(options: argparse.Namespace) -> None:
    """Fill the database where it is empty, ask for every page, and print what they cost as JSON."""
    import django

    django.setup()
    from django.core.management import call_command

    from inbox.models import Conversation
    from review.models import Outcome

    call_command("migrate", verbosity=0)
    if not Conversation.objects.exists():
        call_command("make_load", conversations=options.measure, waiting=options.waiting, stdout=sys.stderr)
    from django.db import connection

    from tests.bench import pages_of_desk
    from tests.bench.proofs import make_proof

    proven = make_proof(options.measure)
    if not options.without_reports and not Outcome.objects.exists():
        call_command("rebuild_reports", stdout=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    measured = pages_of_desk.pages(options.visits, proven=proven, has_reports=not options.without_reports)
    costs = [cost() for name, cost in measured if options.only in name]
    say(json.dumps([asdict(cost) for cost in costs]))


def _compare(small: list[dict[str, Any]], large: list[dict[str, Any]], title: str) -> None:
    say(f"\n{title:<44}{'time':>8}{'blocks':>8}")
    for before, after in zip(small, large, strict=True):
        time = "cpu" if after["cpu"] else "p50"
        grows = after["blocks"] > before["blocks"] * GROWS and after["blocks"] > before["blocks"] + NOISE
        told = [
            "grows" if grows else "",
            f"over {MOST_QUERIES} queries" if after["queries"] > MOST_QUERIES else "",
            f"over {MOST_BYTES} bytes" if after["size"] > MOST_BYTES else "",
            f"over {MOST_MILLISECONDS} ms" if after[time] > MOST_MILLISECONDS else "",
        ]
        said = ", ".join(filter(None, told))
        ratios = f"{after[time] / before[time]:>8.2f}{after['blocks'] / max(before['blocks'], 1):>8.2f}"
        say(f"{after['page']:<44}{ratios}  {said}")
        if said:
            milliseconds, sql = after["slowest"]
            say(f"    slowest query, {milliseconds:.0f} ms: {' '.join(sql.split())[:600]}")


def say(words: str) -> None:
    """A line of the table."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

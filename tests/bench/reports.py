"""What reports cost at growing volumes: `python -m tests.bench.reports`.

Each size has a database of its own with made-up history (`manage.py make_load`), counted by `rebuild_reports`. Told are how long that took,
how many rows there are then, what bringing one conversation up to date costs, and how long the sums of several periods and scopes take to
read: all that the page adds up. What takes longer than 200 ms is told with its plan.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.pages import ROOT, _server, say

SIZES = "10000,100000"
MOST_MILLISECONDS = 200
DAYS = (1, 7, 30, 90, 200, 365, 730)


def main() -> None:
    """Measure and print a table for each size."""
    options = _options()
    if options.measure:
        _measure(options)
        return
    with _server(options.keep) as address:
        for size in map(int, options.sizes.split(",")):
            _run(size, address)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=SIZES, help=f"conversations, one database for each ({SIZES})")
    parser.add_argument("--keep", type=Path, help="keep the databases in this folder, for the next time")
    parser.add_argument("--measure", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(size: int, address: str) -> None:
    """Measure one size in a process of its own."""
    import psycopg

    name = f"pages_{size}"
    with psycopg.connect(address, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')
    with tempfile.TemporaryDirectory(prefix="countersign-reports-") as data:
        environ = os.environ | {
            "DATABASE_URL": address.replace("/countersign?", f"/{name}?"),
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "COUNTERSIGN_DATA": data,
            "DJANGO_SETTINGS_MODULE": "deploy.settings",
            "SECRET_KEY": "only for measuring",
            "LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-W", "ignore", "-m", "tests.bench.reports", "--measure", str(size)]
        subprocess.run(command, cwd=ROOT, env=environ, check=True)


def _measure(options: argparse.Namespace) -> None:
    """Fill and count the database where it is empty, and read."""
    import django

    django.setup()
    from django.core.management import call_command

    from inbox.models import Conversation
    from review.models import Outcome, Spread, Tally, Touched

    call_command("migrate", verbosity=0)
    say(f"\n{options.measure:,} conversations".replace(",", " "))
    if not Conversation.objects.exists():
        _told("make_load", lambda: call_command("make_load", conversations=options.measure, stdout=sys.stderr))
    if Touched.objects.exists() or not Outcome.objects.exists():
        _told("rebuild_reports", lambda: call_command("rebuild_reports", stdout=sys.stderr))
    _vacuum()
    say(", ".join(f"{model.objects.count()} {model._meta.verbose_name_plural}" for model in (Outcome, Tally, Spread)))
    _roll_one()
    _read()


def _told(name: str, act: Callable[[], object]) -> None:
    began = time.monotonic()
    act()
    say(f"{name:<44}{time.monotonic() - began:>9.1f} s")


def _vacuum() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _roll_one() -> None:
    """What one decision costs the sweep: one of the newest conversations, then ten, whose outcome changed."""
    from inbox.models import Conversation
    from review.models import Outcome, Touched
    from review.reports import rolling

    for number in (1, 10):
        times = []
        for _ in range(5):
            newest = list(Conversation.objects.order_by("-pk").values_list("pk", flat=True)[:number])
            Outcome.objects.filter(conversation__in=newest).update(calls=99)
            Touched.objects.bulk_create(Touched(conversation_id=pk) for pk in newest)
            times.append(_milliseconds(rolling.roll))
        say(f"{f'roll of {number} conversations':<44}{statistics.median(times):>9.1f} ms")


def _read() -> None:
    from django.utils import timezone

    from drafting.models import Category
    from inbox.models import Mailbox
    from review.models import Tally
    from review.reports.periods import Period
    from review.reports.reading import Scope, parts, spreads

    today = timezone.localdate()
    mailbox, category = Mailbox.objects.latest("pk").pk, Category.objects.latest("pk").pk
    setup = Tally.objects.exclude(setup=None).values_list("setup", flat=True)[0]
    scopes = {
        "all": Scope(),
        "a mailbox": Scope(mailboxes=frozenset([mailbox])),
        "a category": Scope(category=category),
        "both and a setup": Scope(mailboxes=frozenset([mailbox]), category=category, setup=setup),
    }
    say(f"{'period and scope':<44}{'parts ms':>10}{'before ms':>10}{'spreads ms':>11}{'all ms':>9}")
    for days in DAYS:
        period = Period(today - timedelta(days=days - 1), today)
        for name, scope in scopes.items():
            acts: list[Callable[[], object]] = [
                partial(parts, period=period, scope=scope),
                partial(parts, period=period.before, scope=scope),
                partial(spreads, period=period, scope=scope),
            ]
            took = [statistics.median(_milliseconds(act) for _ in range(5)) for act in acts]
            say(f"{f'{days} days, {name}':<44}{took[0]:>10.1f}{took[1]:>10.1f}{took[2]:>11.1f}{sum(took):>9.1f}")
            if sum(took) > MOST_MILLISECONDS:
                _explain(acts[took.index(max(took))])


def _explain(act: Callable[[], object]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as context:
        act()
    with connection.cursor() as cursor:
        for query in context.captured_queries:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query['sql']}")
            say(f"    {json.dumps(_plan(cursor.fetchone()[0][0]['Plan']))}")


def _plan(node: dict[str, Any]) -> dict[str, Any]:
    names = ("Node Type", "Index Name", "Actual Rows", "Actual Total Time", "Shared Hit Blocks")
    return {name: node[name] for name in names if name in node} | {"of": [_plan(one) for one in node.get("Plans", [])]}


def _milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()

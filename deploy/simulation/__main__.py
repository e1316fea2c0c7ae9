"""`python -m deploy.simulation MAILS SEED`: the standard plan in a database that is made for it."""

import os
import sys
import tempfile
import time
from pathlib import Path

from deploy import services


def main(mails: int, seed: int) -> None:
    """Start a PostgreSQL, make the tables, run, print."""
    with tempfile.TemporaryDirectory(prefix="countersign-simulation-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        os.environ |= {"COUNTERSIGN_DATA": folder, "DJANGO_SETTINGS_MODULE": "deploy.settings"}
        os.environ["SECRET_KEY"] = f"simulation {seed}"  # It decides what chance decides: the same seed is the same run.
        with services.started(Path(folder)):
            _run(mails, seed)


def _run(mails: int, seed: int) -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # The database goes when this ends.
    call_command("migrate", verbosity=0)
    from deploy.simulation.plan import standard_plan
    from deploy.simulation.run import simulate

    started = time.monotonic()
    report = simulate(standard_plan(mails=mails, seed=seed), tell=_say)
    _say(f"\n{report.table()}\n")
    _say(f"{mails:,} mails in {time.monotonic() - started:.0f} s; the mail server was handed {report.handed_over:,} replies.")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

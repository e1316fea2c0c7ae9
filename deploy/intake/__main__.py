"""`python -m deploy.intake MAILS SEED PROCESSES`: the measurement in a database that is made for it."""

import os
import secrets
import sys
import tempfile
from pathlib import Path

from deploy import services


def main(count: int, seed: int, processes: int) -> None:
    """Start a PostgreSQL, make the tables, measure."""
    with tempfile.TemporaryDirectory(prefix="countersign-intake-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        os.environ |= {"COUNTERSIGN_DATA": folder, "DJANGO_SETTINGS_MODULE": "deploy.settings", "SECRET_KEY": secrets.token_urlsafe()}
        with services.started(Path(folder)):
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", verbosity=0)
            from deploy.intake.run import measure

            measure(count=count, seed=seed, processes=processes, tell=_say)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))

"""`manage.py bench_intake`: how many mails a second come in, beside the least that could be done with them."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Starts deploy.intake in a process with a PostgreSQL of its own, so that nothing here is touched."""

    help = (
        "Take in made-up mail over IMAP (fetch, store, parse, thread) and print the mails per second, where the time went, and beside it, "
        "in the same run, what a bare fetch, parse and COPY of the same mail reaches. Uses a database and an IMAP server of its own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much, and which."""
        parser.add_argument("--mails", type=int, default=2_000, help="so many mails for each process (2000)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same mails (1)")
        parser.add_argument("--processes", type=int, default=2, help="so many at once in the last part (2); 1 leaves it out")

    def handle(self, *, mails: int, seed: int, processes: int, **options: Any) -> None:
        """Run it."""
        if mails < 1 or processes < 1:
            raise CommandError("Say how many mails and processes, each at least one: --mails 2000 --processes 2.")
        command = [sys.executable, "-m", "deploy.intake", str(mails), str(seed), str(processes)]
        known = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        if subprocess.run(command, cwd=settings.BASE_DIR, env=known, check=False).returncode:
            raise CommandError("The measurement did not come to its end; what went wrong stands above.")

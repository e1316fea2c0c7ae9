"""`manage.py simulate_automation`: auto-send tried out with time compressed, in a database of its own."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Starts deploy.simulation in a process with a PostgreSQL of its own, so that nothing here is touched."""

    help = (
        "Run the whole of auto-send (ledger, states, chance, limits) over made-up mails with made-up reviewers and error rates, and print "
        "what was unlocked when, what left unsafe, and when drift was caught. Uses a database of its own that goes when it ends."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much, and which."""
        parser.add_argument("--mails", type=int, default=20_000, help="so many eligible drafts (20000)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same mails (1)")

    def handle(self, *, mails: int, seed: int, **options: Any) -> None:
        """Run it."""
        if mails < 1:
            raise CommandError("Say how many mails: --mails 20000.")
        command = [sys.executable, "-m", "deploy.simulation", str(mails), str(seed)]
        known = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        code = subprocess.run(command, cwd=settings.BASE_DIR, env=known, check=False).returncode
        if code:
            raise CommandError("The simulation did not come to its end; what went wrong stands above.")

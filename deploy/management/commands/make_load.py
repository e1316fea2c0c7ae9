"""`manage.py make_load`: made-up history in bulk, and dropping it again."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Doorway to deploy.load."""

    help = "Make up years of mail with all that became of it, for measuring. Nothing of it is ever sent. --remove drops it again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much, or that it shall go."""
        parser.add_argument("--conversations", type=int, default=0, metavar="N", help="so many conversations, of two mails each on average")
        parser.add_argument("--waiting", type=int, default=200, metavar="W", help="so many of them wait in the queue (200)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same history (1)")
        parser.add_argument("--remove", action="store_true", help="drop all made-up history, and what people did with it")
        parser.add_argument("--yes-really", action="store_true", help="also where the database has real mail")

    def handle(self, *, conversations: int, waiting: int, seed: int, remove: bool, yes_really: bool, **options: Any) -> None:
        """Make or drop, and say how long it took."""
        from deploy import load

        started = time.monotonic()
        if remove:
            load.remove(tell=self.stdout.write)
        elif conversations < 1 or waiting < 0:
            raise CommandError("Say how many: --conversations 10000, and --waiting 0 or more.")
        elif load.has_real_mail() and not yes_really:
            raise CommandError("This database has real mail. Made-up mail would stand among it in every list; add --yes-really to do it.")
        else:
            load.make(conversations=conversations, waiting=waiting, seed=seed, tell=self.stdout.write)
        self.stdout.write(f"Done in {time.monotonic() - started:.0f} s.")

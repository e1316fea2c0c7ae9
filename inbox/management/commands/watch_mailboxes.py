"""`manage.py watch_mailboxes`: new mail is heard of at once."""

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Doorway to inbox.watching."""

    help = (
        "Listen on every mailbox whose server tells of new mail by itself (IMAP IDLE), until Ctrl-C or SIGTERM. Several processes share "
        "the mailboxes and take over those of one that dies. Mail is fetched by the workers; without this it is found within the minute."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many."""
        from inbox.watching import MOST

        parser.add_argument("--most", type=int, default=MOST, help=f"so many mailboxes this process watches at most ({MOST})")

    def handle(self, *, most: int, **options: Any) -> None:
        """Watch."""
        from inbox.watching import Watcher

        if most < 1:
            raise CommandError("Say how many mailboxes: --most 1 or more.")
        watcher = Watcher(most=most)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            watcher.is_stopping = True

        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, stop)
        watcher.run()

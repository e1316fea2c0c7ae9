"""`manage.py rebuild_reports`: count everything again that reports show."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Doorway to review.reports.rebuilding."""

    help = (
        "Count everything again that reports show, from the mails, drafts and decisions themselves. Work at the desk can go on meanwhile. "
        "It may be interrupted and run again at any time. --dry-run changes nothing and says what is counted wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to change anything."""
        parser.add_argument("--dry-run", action="store_true", help="say what is counted wrong, and change nothing")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        """Make all again, or compare; what differs is told line by line, and how much in the end."""
        from review.reports import rebuilding

        if not dry_run:
            rebuilding.rebuild(tell=self.stdout.write)
            self.stdout.write("Everything is counted again.")
            return
        found = 0
        for words in rebuilding.differences():
            found += 1
            self.stdout.write(words)
        self.stdout.write(f"Counted wrong: {found}. Run it without --dry-run to count again." if found else "Everything is counted right.")

"""Take away what is older than its retention period, or say how much that would be."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from review.models import RetentionPeriod
from review.privacy import retention


class Command(BaseCommand):
    """`apply_retention --apply`. The nightly sweep does the same."""

    help = "Says how much is older than the retention periods of the page Privacy; with --apply it is removed, for good."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="remove it; without, it is only counted")

    def handle(self, *args: Any, **options: Any) -> None:
        days = retention.days()
        if not any(days.values()):
            self.stdout.write("Everything is kept for ever. An admin says otherwise on the page Privacy.")
            return
        counts = retention.apply() if options["apply"] else retention.due(days)
        for kind, number in counts.items():
            self.stdout.write(f"{number:>8}  {RetentionPeriod.Kind(kind).label}, older than {days[kind]} days")
        self.stdout.write("Removed." if options["apply"] else "Add --apply to remove it.")

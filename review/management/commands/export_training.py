"""Write the training export to a file."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from review import audit_log, training


class Command(BaseCommand):
    """`export_training --since 2026-01-01 --out training.jsonl`."""

    help = "Writes what was decided on drafts as JSON Lines in chat format, masked. See review/training.py for what a line holds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=_day, help="only what was decided on this day (2026-01-31) or later")
        parser.add_argument("--only-replies", action="store_true", help="leave out what was answered with nothing")
        parser.add_argument("--out", type=Path, required=True, help="the file; it is there once it is complete")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        unfinished = out.with_name(f"{out.name}.part")
        rows = training.exportable(since=options["since"], only_replies=options["only_replies"])
        number = 0
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                for number, line in enumerate(training.lines(rows), start=1):
                    file.write(line)
                    if number % 1000 == 0:
                        self.stdout.write(f"{number} lines …")
            unfinished.replace(out)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise CommandError(f"{out} cannot be written ({error.strerror}).") from error
        audit_log.record(act="training.downloaded", by=None, words=f"On the command line, {number} lines.")
        self.stdout.write(f"{number} {'line' if number == 1 else 'lines'} in {out}.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no day; write it as 2026-01-31.") from error

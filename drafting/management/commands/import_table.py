"""Fill a built-in table from CSV."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from drafting import tables


class Command(BaseCommand):
    """`import_table customers customers.csv`."""

    help = "Fills a built-in table from a CSV file (UTF-8, first line: column names). Everything is taken, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", choices=sorted(tables.TABLES))
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                count = tables.import_table(name=options["table"], file=file, progress=self._say)
        except OSError as error:
            raise CommandError(f"{path} cannot be read ({error.strerror}).") from error
        except tables.RowErrors as error:
            lines = "\n".join(f"  line {line}: {words}" if line else f"  {words}" for line, words in error.errors)
            raise CommandError(f"Nothing was imported from {path}. Mend these lines and try again:\n{lines}") from error
        self.stdout.write(f"{options['table']}: {count} rows from {path}.")

    def _say(self, count: int) -> None:
        self.stdout.write(f"{count} rows …")

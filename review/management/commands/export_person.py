"""Write what there is about a person to an archive."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from review import privacy


class Command(BaseCommand):
    """`export_person ann@customer.example --out ann.zip`."""

    help = "Writes a ZIP archive of what there is about the person with these mail addresses. See review/privacy/exporting.py."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("addresses", nargs="+", metavar="ADDRESS", help="the person's mail addresses")
        parser.add_argument("--out", type=Path, required=True, help="the archive; it is there once it is complete")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        unfinished = out.with_name(f"{out.name}.part")
        try:
            addresses = privacy.read(" ".join(options["addresses"]))
            with unfinished.open("wb") as file:
                number = privacy.export(addresses=addresses, by=None, file=file)
            unfinished.replace(out)
        except privacy.NotAPerson as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise CommandError(f"{out} cannot be written ({error.strerror}).") from error
        self.stdout.write(f"{number} files in {out}.")

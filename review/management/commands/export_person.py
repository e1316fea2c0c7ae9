"""Write what there is about a person to an archive, or say how much that is."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from review import privacy


class Command(BaseCommand):
    """`export_person ann@customer.example --out ann.zip`."""

    help = (
        "Says what there is about the person with these mail addresses; with --out it is written to a ZIP archive. "
        "See review/privacy/exporting.py."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("addresses", nargs="+", metavar="ADDRESS", help="the person's mail addresses")
        parser.add_argument("--out", type=Path, help="the archive, which is there once it is complete; without, it is only counted")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            addresses = privacy.read(" ".join(options["addresses"]))
            for name, number in privacy.findings(addresses).named:
                self.stdout.write(f"{number:>8}  {name}")
        except privacy.NotAPerson as error:
            raise CommandError(str(error)) from error
        if options["out"] is None:
            self.stdout.write("Nothing was written. Add --out FILE to write it.")
            return
        self.stdout.write(f"{_write(addresses, options['out'])} files in {options['out']}.")


def _write(addresses: tuple[str, ...], out: Path) -> int:
    unfinished = out.with_name(f"{out.name}.part")
    try:
        with unfinished.open("wb") as file:
            number = privacy.export(addresses=addresses, by=None, file=file)
        unfinished.replace(out)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise CommandError(f"{out} cannot be written ({error.strerror}).") from error
    return number

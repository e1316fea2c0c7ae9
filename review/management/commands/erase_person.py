"""Erase a person's data, or say what that would be."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from review import privacy


class Command(BaseCommand):
    """`erase_person ann@customer.example a.lee@customer.example --apply`."""

    help = "Says what there is about the person with these mail addresses; with --apply it is erased, for good."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("addresses", nargs="+", metavar="ADDRESS", help="the person's mail addresses")
        parser.add_argument("--apply", action="store_true", help="erase it; without, it is only counted")
        parser.add_argument("--with-rows", action="store_true", help="take the addresses out of the customer table too")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run = not options["apply"]
        try:
            addresses = privacy.read(" ".join(options["addresses"]))
            found = privacy.erase(addresses=addresses, by=None, dry_run=dry_run, with_rows=options["with_rows"])
        except (privacy.NotAPerson, privacy.CannotErase) as error:
            raise CommandError(f"Nothing was erased. {error}") from error
        for name, number in found.named:
            self.stdout.write(f"{number:>8}  {name}")
        for one in found.hindrances if dry_run else ():
            self.stdout.write(f"Conversation {one.conversation}: {one.words}")
        self.stdout.write("Nothing was erased." if found.is_empty else "Add --apply to erase it." if dry_run else "Erased.")

"""Pin, activate and list setups."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from drafting import pinning, setups
from drafting.errors import Unavailable
from drafting.models import Setup


class Command(BaseCommand):
    """`setup add|activate|list|show`."""

    help = "Pins what writes the drafts (model server, model, sampling, prompts, rules …) and says which setup is active."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        add = commands.add_parser("add", help="probe a model server, pin it and make it the active setup")
        add.add_argument("--base-url", default=settings.MODEL_BASE_URL, help="such as http://127.0.0.1:8080/v1")
        add.add_argument("--model", default=settings.MODEL_NAME, help="as the server's models list names it")
        add.add_argument("--weights", default="", help="digest or declared revision of the weights")
        add.add_argument("--quantisation", default="")
        add.add_argument("--context-length", type=int, help="in tokens; asked from the server, else 8192")
        add.add_argument("--no-activate", action="store_true", help="only pin it")
        activate = commands.add_parser("activate", help="switch to a setup that was pinned before")
        activate.add_argument("number", type=int)
        commands.add_parser("list", help="all setups, the newest first")
        show = commands.add_parser("show", help="a setup part by part, with what runs differently now")
        show.add_argument("number", type=int, nargs="?", help="the active one if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['command']}")(options)

    def _add(self, options: dict[str, Any]) -> None:
        if not options["base_url"] or not options["model"]:
            raise CommandError("Say which server and model: setup add --base-url http://127.0.0.1:8080/v1 --model NAME.")
        try:
            setup = pinning.pin(
                base_url=options["base_url"],
                model=options["model"],
                by=None,
                weights=options["weights"],
                quantisation=options["quantisation"],
                context_length=options["context_length"],
            )
        except Unavailable as error:
            raise CommandError(f"{error} Nothing was pinned.") from error
        self.stdout.write(f"{setup} is pinned: {setup.model} at {setup.base_url}, fingerprint {setup.fingerprint[:12]}.")
        if not options["no_activate"]:
            self._switch(setup)

    def _activate(self, options: dict[str, Any]) -> None:
        self._switch(self._setup(options["number"]))

    def _list(self, options: dict[str, Any]) -> None:
        active = setups.active()
        for setup in Setup.objects.order_by("-pk"):
            mark = "active" if setup == active else "      "
            self.stdout.write(f"{setup.pk:>4}  {mark}  {setup.fingerprint[:12]}  {setup.model} at {setup.base_url}")

    def _show(self, options: dict[str, Any]) -> None:
        setup = self._setup(options["number"]) if options["number"] else setups.active()
        if setup is None:
            raise CommandError("No setup is active; add one with setup add.")
        different = setups.differences(setup)
        self.stdout.write(f"{setup}, fingerprint {setup.fingerprint}")
        for part, value in sorted(setup.parts.items()):
            self.stdout.write(f"  {part:<15} {value}{'   (differs from what runs now)' if part in different else ''}")

    def _setup(self, number: int) -> Setup:
        try:
            return Setup.objects.get(pk=number)
        except Setup.DoesNotExist as error:
            raise CommandError(f"There is no setup {number}; setup list shows those there are.") from error

    def _switch(self, setup: Setup) -> None:
        setups.activate(setup=setup, by=None)
        self.stdout.write(f"{setup} is active now.")

"""`manage.py standin --port N`: the stand-in model, for machines with no model server."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from drafting.standin.server import serve


class Command(BaseCommand):
    help = "Runs the stand-in model: a rule-based, OpenAI-compatible server. It needs no database."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="The address to listen on.")
        parser.add_argument("--port", type=int, required=True, help="The port to listen on; 0 picks a free one.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serve(host=options["host"], port=options["port"])
        except OSError as error:
            raise CommandError(f"Cannot listen on {options['host']}:{options['port']} ({error.strerror}); choose another --port.") from None

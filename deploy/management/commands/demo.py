"""`manage.py demo …`: the made-up company that one can try Countersign with."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Doorway to deploy.demo."""

    help = "The demo company (made up): its mail servers, its data, its customers' postbox."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("seed", help="fill the installation with the demo company; keeps what people changed")
        actions.add_parser("servers", help="run the mail servers that everybody in the demo uses")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, action)(**options)

    def seed(self, **options: Any) -> None:
        from deploy.demo import seed

        seed.seed()

    def servers(self, **options: Any) -> None:
        from deploy.demo import servers

        servers.run()

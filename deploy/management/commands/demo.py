"""`manage.py demo …`: the made-up company that one can try Countersign with."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deploy.demo import places


class Command(BaseCommand):
    """Doorway to deploy.demo."""

    help = "The demo company (made up): its mail servers, its data, its customers' postbox."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("seed", help="fill the installation with the demo company; keeps what people changed")
        actions.add_parser("servers", help="run the mail servers that everybody in the demo uses")
        actions.add_parser("postbox", help="serve the page where one reads and writes mail as a customer")
        mails = actions.add_parser("send_mails", help="send the demo's mails to the company over SMTP, each once")
        mails.add_argument("--again", action="store_true", help="all of them once more")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, action)(**options)

    def seed(self, **options: Any) -> None:
        from deploy.demo import seed
        from drafting.errors import Unavailable

        try:
            seed.seed()
        except Unavailable as error:
            raise CommandError(
                f"The demo company is there, but no model is pinned yet: {error} Then run `manage.py demo seed` again."
            ) from error

    def send_mails(self, *, again: bool, **options: Any) -> None:
        from deploy.demo import sending
        from deploy.demo.mail_program import CannotSend

        try:
            count = sending.send_mails(again=again)
        except CannotSend as error:
            raise CommandError(f"{error} Start `manage.py demo servers` first; the mails already sent are not sent again.") from error
        self.stdout.write(f"{count} mails sent to {places.COMPANY_ADDRESS}")

    def postbox(self, **options: Any) -> None:
        # In place of this process, which has the product's settings loaded.
        server = [sys.executable, "-m", "gunicorn", "deploy.demo.postbox.wsgi", "--threads", "8", "--log-level", "warning"]
        os.environ["DJANGO_SETTINGS_MODULE"] = "deploy.demo.postbox.settings"
        os.execv(sys.executable, [*server, "--bind", f"{places.HOST}:{places.postbox_port()}"])  # noqa: S606

    def servers(self, **options: Any) -> None:
        from deploy.demo import servers

        servers.run()

"""The first admin: an invitation link, or an account with a password at once."""

import os
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from drafting.errors import Refused
from review import audit_log, invitations, team
from review.permissions import Role

PASSWORD = "ADMIN_PASSWORD"  # noqa: S105 - the name of a variable


class Command(BaseCommand):
    """`create_admin --email ada@company.example` or `create_admin --username ada`."""

    help = "Makes the first admin, who invites everybody else on the page People."

    def add_arguments(self, parser: CommandParser) -> None:
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--email", help="print a link with which this person makes an account; it works once, for seven days")
        way.add_argument("--username", help=f"make an account at once; the password comes from {PASSWORD} or is asked for")
        parser.add_argument("--address", default=_address(), help="where people open the desk (%(default)s), for the link")
        parser.add_argument("--another", action="store_true", help="also if there is an admin already")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["another"] and (first := team.managers().order_by("pk").first()):
            raise CommandError(f"There is an admin already: {first}. They invite others on the page People; --another makes one here.")
        try:
            said = _invite(options["email"], options["address"]) if options["email"] else _create(options["username"])
        except (Refused, ValidationError) as error:
            raise CommandError(" ".join(error.messages) if isinstance(error, ValidationError) else str(error)) from error
        self.stdout.write(said)


def _invite(email: str, address: str) -> str:
    validate_email(email)
    _, secret = invitations.invite(email=email, roles=[Role.ADMIN], mailboxes=None, by=None)
    link = address.rstrip("/") + reverse("invitation", args=[secret])
    return f"Open this link to choose a name and a password. It works once, for seven days:\n{link}"


def _create(username: str) -> str:
    UnicodeUsernameValidator()(username)
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(f"There is somebody called {username} already. Choose another name, or change their roles on the page People.")
    password = os.environ.get(PASSWORD) or _asked()
    password_validation.validate_password(password, User(username=username))
    with transaction.atomic():
        user = User.objects.create_user(username, password=password)
        team.give(person=user, roles=[Role.ADMIN], mailboxes=None)
        audit_log.record(act="person.made_admin", by=None, about=username)
    return f"{username} is an admin now and can sign in."


def _asked() -> str:
    password = getpass("Password: ")
    if password != getpass("The password again: "):
        raise Refused("The two passwords differ. Nobody was made an admin.")
    return password


def _address() -> str:
    origins: list[str] = settings.CSRF_TRUSTED_ORIGINS
    return origins[0] if origins else f"http://localhost:{os.environ.get('WEB_PORT', '8000')}"

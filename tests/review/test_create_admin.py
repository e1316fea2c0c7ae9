"""The command that makes the first admin."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from review import permissions
from review.models import LogEntry
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db
GOOD = "a long sentence"


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("create_admin", *arguments, stdout=out)
    return out.getvalue()


def test_an_account_with_a_password_out_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", GOOD)
    assert "ada is an admin now" in run("--username", "ada")
    ada = User.objects.get()
    assert permissions.may_manage_people(ada)
    assert (ada.check_password(GOOD), ada.is_staff, ada.is_superuser) == (True, True, False)
    assert LogEntry.objects.get().act == "person.made_admin"


def test_the_password_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([GOOD, "something else", GOOD, GOOD])
    monkeypatch.setattr("review.management.commands.create_admin.getpass", lambda _: next(typed))
    with pytest.raises(CommandError, match="Nobody was made an admin"):
        run("--username", "ada")
    run("--username", "ada")
    assert User.objects.get().check_password(GOOD)


def test_a_link_for_an_address() -> None:
    said = run("--email", "ada@shop.example", "--address", "https://desk.shop.example/")
    link = said.split()[-1]
    assert link.startswith("https://desk.shop.example/invitations/")
    joined = {"first_name": "Ada", "last_name": "Minh", "username": "ada", "password": GOOD, "again": GOOD}
    Client().post(link.removeprefix("https://desk.shop.example") + "accept/", joined)
    assert permissions.may_manage_people(User.objects.get(username="ada"))


def test_another_admin_only_if_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", GOOD)
    make_person("admin", "ada")
    with pytest.raises(CommandError, match="There is an admin already: ada"):
        run("--username", "bea")
    run("--username", "bea", "--another")
    assert permissions.may_manage_people(User.objects.get(username="bea"))


@pytest.mark.parametrize(
    ("arguments", "password", "words"),
    [
        (("--username", "ada"), "short", "too short"),
        (("--username", "ada minh"), GOOD, "valid username"),
        (("--username", "NELE"), GOOD, "somebody called NELE already"),
        (("--email", "ada"), GOOD, "valid email"),
    ],
)
def test_what_cannot_be_is_said_in_words(arguments: tuple[str, str], password: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", password)
    make_person("", "nele")
    with pytest.raises(CommandError, match=words):
        run(*arguments)
    assert User.objects.count() == 1

"""How somebody who was invited comes to the desk, once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from drafting.errors import NotFound, Refused
from review import access, invitations, permissions
from review.models import LogEntry
from review.permissions import Role
from tests.drafting.factories import make_mailbox
from tests.review.factories import make_person

JOINED = {"first_name": "Zoe", "last_name": "Lang", "username": "zoe", "password": "a long sentence", "again": "a long sentence"}
SAID = {name: value for name, value in JOINED.items() if name != "again"}


def invite(**about: Any) -> str:
    """The secret of an invitation."""
    return invitations.invite(**{"email": "zoe@shop.example", "roles": [Role.REVIEWER], "mailboxes": None, "by": None} | about)[1]


def test_who_was_invited_joins_with_the_roles_and_is_signed_in(db: None) -> None:
    mailbox = make_mailbox()
    secret, browser = invite(roles=[Role.REVIEWER, Role.MANAGER], mailboxes=[mailbox]), Client()
    assert "You are invited as zoe@shop.example" in browser.get(f"/invitations/{secret}/").content.decode()
    answer = browser.post(f"/invitations/{secret}/accept/", JOINED)
    assert answer["Location"] == "/"
    assert browser.get("/queue/").status_code == 200
    zoe = User.objects.get(username="zoe")
    assert (zoe.email, zoe.get_full_name(), zoe.is_staff, zoe.is_superuser) == ("zoe@shop.example", "Zoe Lang", False, False)
    assert permissions.roles(zoe) == {Role.REVIEWER, Role.MANAGER}
    assert list(access.mailboxes(zoe)) == [mailbox]
    assert zoe.check_password(JOINED["password"])
    assert LogEntry.objects.filter(act="person.joined", by=zoe).exists()


def test_opening_the_link_decides_nothing(db: None) -> None:
    secret = invite()
    for _ in range(2):
        answer = Client().get(f"/invitations/{secret}/")
        assert answer.status_code == 200
        assert answer["Referrer-Policy"] == "strict-origin"
    assert Client().get(f"/invitations/{secret}/accept/").status_code == 405
    assert not User.objects.exists()


def test_a_link_works_once(db: None) -> None:
    secret = invite()
    Client().post(f"/invitations/{secret}/accept/", JOINED)
    again = Client().post(f"/invitations/{secret}/accept/", JOINED | {"username": "zoe2"})
    assert again.status_code == 410
    assert "used already" in again.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize("secret", ["guess", "%00", "a" * 500, "ä"])
def test_a_link_that_was_guessed_does_not_work(secret: str, db: None) -> None:
    invite()
    assert Client().get(f"/invitations/{secret}/").status_code == 410


def test_a_link_ends_after_seven_days(db: None) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=7, minutes=1)):
        secret = invite()
    assert Client().post(f"/invitations/{secret}/accept/", JOINED).status_code == 410
    with pytest.raises(NotFound):
        invitations.find(secret)


def test_nobody_is_invited_twice_or_who_is_here(db: None) -> None:
    invite()
    with pytest.raises(Refused, match="invited already"):
        invite(email="ZOE@shop.example")
    make_person("reviewer", "ana", email="ana@shop.example")
    with pytest.raises(Refused, match="is here already"):
        invite(email="Ana@shop.example")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "password12", "again": "password12"}, "too common"),
        ({"again": "another sentence"}, "The two passwords differ"),
        ({"username": "ANA"}, "Somebody else has this name"),
        ({"username": "zoe lang"}, "Enter a valid username"),
        ({"first_name": ""}, "This is missing. Fill it in."),
    ],
)
def test_what_was_typed_is_checked_and_kept_but_for_passwords(typed: dict[str, str], words: str, ana: User) -> None:
    secret = invite()
    answer = Client().post(f"/invitations/{secret}/accept/", JOINED | typed)
    page = answer.content.decode()
    assert (answer.status_code, words in page) == (422, True)
    assert 'value="Lang"' in page
    assert "a long sentence" not in page
    assert User.objects.count() == 1
    assert Client().get(f"/invitations/{secret}/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_joins() -> None:
    secret, gone = invite(), []
    start = threading.Barrier(2)

    def accept(username: str) -> None:
        start.wait()
        try:
            invitations.accept(secret=secret, **SAID | {"username": username})
        except NotFound as error:
            gone.append(str(error))
        finally:
            connection.close()

    both = [threading.Thread(target=accept, args=(name,)) for name in ("zoe", "zac")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert (User.objects.count(), len(gone)) == (1, 1)

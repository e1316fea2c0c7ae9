"""How long somebody stays signed in, and where."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from review.authentication import sessions
from review.desk.security import device
from review.models import LogEntry
from tests.review.authentication.signing_in import is_in, sign_in
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db
HOUR = 3600
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(clock: Any, ana: User) -> Client:
    client = Client(headers={"User-Agent": FIREFOX})
    sign_in(client)
    return client


def test_a_session_ends_after_idling(client: Client, clock: Any) -> None:
    clock.shift(12 * HOUR - 1)
    assert is_in(client)
    clock.shift(12 * HOUR + 1)
    page = client.get("/settings/", follow=True).content.decode()
    assert "signed out after 12 h without activity" in page
    assert not is_in(client)


def test_a_part_of_a_page_after_idling_is_a_bare_401(client: Client, clock: Any) -> None:
    clock.shift(13 * HOUR)
    assert client.get("/settings/", headers={"HX-Request": "true"}).status_code == 401


def test_what_a_page_asks_by_itself_keeps_no_session_alive(client: Client, clock: Any) -> None:
    for _ in range(12):
        assert client.get("/queue/rows/", headers={"HX-Request": "true", "X-Unattended": "1"}).status_code == 200
        clock.shift(HOUR + 1)
    assert not is_in(client)


def test_a_session_ends_in_any_case_after_a_week(client: Client, clock: Any) -> None:
    for _ in range(7 * 24 // 6 - 1):
        clock.shift(6 * HOUR)
        assert is_in(client)
    clock.shift(6 * HOUR)
    assert not is_in(client)


def test_the_limits_are_settings(client: Client, clock: Any, settings: Any) -> None:
    from datetime import timedelta

    settings.SESSION_IDLE = timedelta(minutes=30)
    clock.shift(31 * 60)
    assert not is_in(client)


def test_activity_is_noted_once_a_minute_at_most(client: Client, clock: Any, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def writes() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            client.get("/settings/")
        return [query["sql"] for query in asked if query["sql"].startswith("UPDATE")]

    clock.shift(30)
    assert writes() == []
    clock.shift(31)
    assert len(writes()) == 2
    assert writes() == []


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(ana: User) -> None:
    client = Client()
    cookie = sign_in(client).cookies["countersign_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_signing_in_changes_the_key_of_the_session(ana: User) -> None:
    client = Client()
    client.get("/sign-in/passkey/", headers={"Accept": "application/json"})
    before = client.cookies["countersign_session"].value
    sign_in(client)
    assert client.cookies["countersign_session"].value != before


def test_a_person_sees_where_they_are_signed_in_and_ends_one(client: Client, clock: Any) -> None:
    clock.shift(HOUR)
    phone = Client(headers={"User-Agent": SAFARI})
    sign_in(phone, REMOTE_ADDR="192.0.2.9")
    page = client.get("/settings/sessions/").content.decode()
    assert page.index("Firefox on Windows") < page.index("this one") < page.index("Safari on iPhone")
    assert "192.0.2.9" in page
    there = UserSession.objects.get(ip="192.0.2.9")
    client.post(f"/settings/sessions/{there.pk}/end/")
    assert not is_in(phone)
    assert is_in(client)
    assert LogEntry.objects.get(act="person.session_ended").about == "Safari on iPhone"


def test_a_person_signs_out_everywhere_else(client: Client, ana: User) -> None:
    others = [Client() for _ in range(3)]
    for other in others:
        sign_in(other)
    page = client.post("/settings/sessions/end-others/", follow=True).content.decode()
    assert "3 other sessions ended" in page
    assert is_in(client)
    assert not any(is_in(other) for other in others)


def test_nobody_ends_or_sees_the_session_of_somebody_else(client: Client, ben: User) -> None:
    other = Client()
    sign_in(other, "ben", REMOTE_ADDR="192.0.2.77")
    theirs = UserSession.objects.get(user=ben)
    assert client.post(f"/settings/sessions/{theirs.pk}/end/").status_code == 404
    assert "192.0.2.77" not in client.get("/settings/sessions/").content.decode()
    assert is_in(other)


def test_signing_out_takes_the_session_off_the_list(client: Client, ana: User) -> None:
    client.post("/sign-out/")
    assert not UserSession.objects.filter(user=ana).exists()
    assert Session.objects.count() == 0 or not is_in(client)


def test_all_sessions_of_a_person_can_be_ended_at_once(client: Client, ana: User) -> None:
    sign_in(Client())
    assert sessions.end_all(ana) == 2
    assert not is_in(client)


def test_who_is_switched_off_is_out_at_once(client: Client, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert not is_in(client)


def test_a_session_that_began_elsewhere_gets_its_limits(clock: Any) -> None:
    client = Client()
    client.force_login(make_person())
    session = client.session
    del session[sessions.ACTIVE_AT]
    session.save()
    assert is_in(client)
    clock.shift(13 * HOUR)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on macOS",
        ),
        ("curl/8.5", "An unknown program"),
        ("", "An unknown program"),
    ],
)
def test_a_device_is_named_as_people_know_it(header: str, name: str) -> None:
    assert device(header) == name

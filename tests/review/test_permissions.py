"""Every address of the desk, walked: who may use it, and how."""

from itertools import combinations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern

from review import permissions
from review.urls import urlpatterns
from tests.review.addresses import ADMINISTERED, AUDITED, BY_ROLE, NAMES, OPEN, OWN, OWN_THINGS, POSTED, READABLE, REVIEWED, address, ask
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db


def client_of(role: str, *, is_active: bool = True) -> Client:
    client = Client()
    client.force_login(make_person(role, is_active=is_active))
    return client


def test_every_address_is_for_one_circle_of_people() -> None:
    circles = [OPEN, OWN, READABLE, REVIEWED, AUDITED, ADMINISTERED]
    assert set().union(*circles) == set(NAMES)
    assert not [both for one, other in combinations(circles, 2) if (both := one & other)]
    assert set(NAMES) >= POSTED


@pytest.mark.parametrize("name", sorted(set(NAMES) - OPEN))
def test_an_address_answers_those_who_may_use_it_and_nobody_else(name: str) -> None:
    """In this order, so that what somebody may do has not been done when somebody else is refused."""
    url = address(name)
    assert ask(Client(), name, url)["Location"].startswith("/sign-in/?next=")
    assert ask(Client(headers={"HX-Request": "true"}), name, url).status_code == 401
    refused = [role for role in BY_ROLE if name not in OWN | BY_ROLE[role]]
    for role in ("", *refused) if name not in OWN else ():
        assert ask(client_of(role), name, url).status_code == 403, role
    for role in ("", *BY_ROLE) if name in OWN else sorted(BY_ROLE.keys() - refused):
        _answers(name, ask(client_of(role), name, url), role)
    gone = client_of("admin", is_active=False)
    assert ask(gone, name, url)["Location"].startswith("/sign-in/?next=")


def _answers(name: str, answer: HttpResponse, role: str) -> None:
    expected = {200, 204, 302, 400, 404, 409, 415, 422} if name in POSTED | OWN_THINGS else {200, 204, 302, 415}
    assert answer.status_code in expected, f"{role}: {answer.status_code}"
    assert not answer.get("Location", "").startswith("/sign-in/") or name in OWN, role


@pytest.mark.parametrize("name", sorted(POSTED - OPEN))
def test_what_changes_something_is_never_a_get(name: str) -> None:
    assert client_of("admin").get(address(name)).status_code == 405


@pytest.mark.parametrize("pattern", urlpatterns, ids=NAMES)
def test_every_view_says_who_may_use_it(pattern: URLPattern) -> None:
    assert pattern.name in OPEN or hasattr(pattern.callback, "permission")


def test_each_person_starts_where_they_work() -> None:
    assert client_of("reviewer").get("/")["Location"] == "/queue/"
    assert client_of("manager").get("/")["Location"] == "/conversations/"


def test_somebody_without_a_role_is_told_what_to_do_and_can_leave() -> None:
    page = client_of("").get("/").content.decode()
    assert "you have no role here yet. Ask an admin" in page
    assert 'action="/sign-out/"' in page
    assert "rail-link" not in page


def test_the_rail_shows_what_a_person_may_open() -> None:
    page = client_of("manager").get("/conversations/").content.decode()
    assert 'href="/queue/"' not in page
    assert 'href="/setup/"' not in page


def test_superusers_have_every_role_and_the_inactive_none() -> None:
    assert permissions.roles(make_person("", is_superuser=True)) == frozenset(permissions.Role)
    assert not permissions.roles(make_person("reviewer", is_active=False))


def test_a_refusal_is_friendly() -> None:
    page = client_of("reviewer").get("/setup/")
    assert "Your role does not include this page" in page.content.decode()
    assert "Content-Security-Policy" in page


def test_a_missing_page_is_friendly() -> None:
    assert "There is nothing here" in client_of("reviewer").get("/nothing/").content.decode()

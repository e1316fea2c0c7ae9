"""The pages of people."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from review.models import Invitation, LogEntry
from tests.drafting.factories import make_mailbox
from tests.review.factories import make_person


@pytest.fixture
def ada(db: None) -> User:
    """An admin."""
    return make_person("admin", "ada", first_name="Ada", last_name="Minh")


@pytest.fixture
def desk(ada: User) -> Client:
    """Ada's browser."""
    client = Client()
    client.force_login(ada)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_list_says_who_may_do_what(desk: Client, ana: User) -> None:
    make_person("", "nele")
    make_person("manager", "mia", is_active=False)
    ana.last_login = timezone.now()
    ana.save()
    page = text(desk.get("/people/"))
    for words in ["Ana Sol", "Reviewer", "No role", "Deactivated", "never", "All"]:
        assert words in page


def test_the_list_costs_the_same_for_many_people(desk: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(30):
        make_person("reviewer")
    with django_assert_max_num_queries(12):
        page = desk.get("/people/")
    assert len(page.content) <= 60_000


def test_a_person_is_changed(desk: Client, ana: User) -> None:
    mailbox = make_mailbox(name="Sales")
    page = text(desk.get(f"/people/{ana.pk}/"))
    assert 'value="reviewer" id="id_roles_0" checked' in page
    answer = desk.post(f"/people/{ana.pk}/save/", {"roles": ["manager"], "scope": "some", "mailboxes": [mailbox.pk]}, follow=True)
    assert "Saved for Ana Sol." in text(answer)
    assert "Sales" in text(answer)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"roles": ["boss"], "scope": "all"}, "“boss” cannot be chosen here."),
        ({"roles": ["reviewer"], "scope": "some"}, "Tick at least one mailbox, or choose all."),
        ({"roles": ["reviewer"]}, "Choose one."),
    ],
)
def test_what_cannot_be_is_refused_in_words(typed: dict[str, Any], words: str, desk: Client, ana: User) -> None:
    answer = desk.post(f"/people/{ana.pk}/save/", typed)
    assert (answer.status_code, words in text(answer)) == (422, True)


def test_one_s_own_admin_role_stays(desk: Client, ada: User) -> None:
    answer = desk.post(f"/people/{ada.pk}/save/", {"roles": ["reviewer"], "scope": "all"})
    assert answer.status_code == 422
    assert "You cannot take your own admin role away" in text(answer)
    assert f"/people/{ada.pk}/deactivate/" not in text(answer)


def test_a_person_is_deactivated_activated_and_signed_out(desk: Client, ana: User) -> None:
    assert "Ana Sol is deactivated" in text(desk.post(f"/people/{ana.pk}/deactivate/", follow=True))
    assert "Ana Sol can sign in again" in text(desk.post(f"/people/{ana.pk}/activate/", follow=True))
    assert "Ana Sol is signed out everywhere" in text(desk.post(f"/people/{ana.pk}/end-sessions/", follow=True))
    acts = LogEntry.objects.filter(about="ana").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["person.deactivated", "person.activated", "person.sessions_ended"]


def test_an_invitations_link_is_shown_once(desk: Client) -> None:
    answer = desk.post("/people/invite/make/", {"email": "zoe@shop.example", "roles": ["reviewer"], "scope": "all"})
    link = answer.context["link"]
    assert link.url in text(answer)
    assert link.url.startswith("http://testserver/invitations/")
    assert "no-store" in answer["Cache-Control"]
    people = text(desk.get("/people/"))
    assert "zoe@shop.example" in people
    assert link.url.split("/")[-2] not in people
    assert link.url.split("/")[-2] not in repr(list(Invitation.objects.values()))


def test_an_invitation_is_renewed_and_withdrawn(desk: Client) -> None:
    first = desk.post("/people/invite/make/", {"email": "zoe@shop.example", "roles": ["reviewer"], "scope": "all"}).context["link"].url
    number = Invitation.objects.get().pk
    second = desk.post(f"/people/invitations/{number}/renew/").context["link"].url
    stranger = Client()
    assert (stranger.get(first).status_code, stranger.get(second).status_code) == (410, 200)
    assert "is withdrawn" in text(desk.post(f"/people/invitations/{number}/withdraw/", follow=True))
    assert stranger.get(second).status_code == 410
    assert "accepted or withdrawn meanwhile" in text(desk.post(f"/people/invitations/{number}/renew/", follow=True))


@pytest.mark.parametrize("role", ["reviewer", "manager"])
def test_only_admins_manage_people(role: str, db: None) -> None:
    client = Client()
    client.force_login(make_person(role))
    assert client.get("/people/").status_code == 403

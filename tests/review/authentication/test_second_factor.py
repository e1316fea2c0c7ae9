"""Authenticator apps, recovery codes, and who must have a second factor."""

from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client

from review.models import LogEntry
from tests.review.authentication.signing_in import SECRET, add_app, code, has_app, is_in, recovery_codes, secret_on, sign_in, wrong_code
from tests.review.factories import PASSWORD, make_person

pytestmark = pytest.mark.django_db
APP = "/settings/security/app/"


@pytest.fixture
def client(ana: User) -> Client:
    client = Client()
    sign_in(client)
    return client


def set_up(client: Client) -> Any:
    secret = secret_on(client.get(APP).content.decode())
    return client.post(APP, {"code": code(secret)}, follow=True)


def test_a_person_sets_up_an_app_and_gets_recovery_codes(client: Client, ana: User) -> None:
    page = client.get(APP).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    wrong = client.post(APP, {"code": wrong_code(secret_on(page))})
    assert wrong.status_code == 422
    assert "Codes change every 30 seconds" in wrong.content.decode()
    done = set_up(client)
    assert done.redirect_chain[-1][0] == "/settings/security/codes/"
    assert all(each in done.content.decode() for each in recovery_codes(ana))
    assert len(recovery_codes(ana)) == 10
    entry = LogEntry.objects.get(act="person.second_factor_added")
    assert (entry.by, entry.about) == (ana, "authenticator app")


def test_what_the_app_keeps_secret_is_kept_encrypted(client: Client, ana: User) -> None:
    secret = secret_on(client.get(APP).content.decode())
    client.post(APP, {"code": code(secret)})
    kept = Authenticator.objects.get(user=ana, type="totp")
    assert secret not in str(kept.data)
    assert all(each not in str(row.data) for row in Authenticator.objects.all() for each in recovery_codes(ana))


def test_a_code_is_asked_for_after_the_password(ana: User) -> None:
    add_app(ana)
    client = Client()
    assert sign_in(client)["Location"] == "/sign-in/code/"
    assert not is_in(client)
    assert client.get("/sign-in/")["Location"] == "/sign-in/code/"
    wrong = client.post("/sign-in/code/", {"code": wrong_code()})
    assert wrong.status_code == 422
    assert "did not match" in wrong.content.decode()
    assert client.post("/sign-in/code/", {"code": code()}).status_code == 302
    assert is_in(client)
    ways = LogEntry.objects.order_by("pk").values_list("act", "words")
    assert list(ways) == [("person.sign_in_failed", "The code was wrong."), ("person.signed_in", "With password and code.")]


def test_who_wanted_a_page_comes_to_it_after_the_code(ana: User) -> None:
    add_app(ana)
    client = Client()
    client.post("/sign-in/", {"username": "ana", "password": PASSWORD, "next": "/outgoing/"})
    assert client.post("/sign-in/code/", {"code": code()})["Location"] == "/outgoing/"


def test_a_code_works_once(ana: User) -> None:
    add_app(ana)
    with time_machine.travel("2026-03-02T10:00:01Z", tick=False):
        used = code()
        for client, outcome in ((Client(), 302), (Client(), 422)):
            sign_in(client)
            assert client.post("/sign-in/code/", {"code": used}).status_code == outcome


def test_the_step_of_the_code_needs_the_password_first(ana: User) -> None:
    add_app(ana)
    assert Client().post("/sign-in/code/", {"code": code()})["Location"] == "/sign-in/"


def test_guessing_codes_locks_as_guessing_passwords_does(ana: User, settings: Any) -> None:
    add_app(ana)
    with time_machine.travel("2026-03-02T10:00:01Z", tick=False) as clock:
        client = Client()
        sign_in(client)
        for _ in range(settings.SIGN_IN_ATTEMPTS):
            client.post("/sign-in/code/", {"code": wrong_code()})
        page = client.post("/sign-in/code/", {"code": code()}).content.decode()
        assert "Wait 5 minutes and try again" in page
        clock.shift(settings.SIGN_IN_LOCK + 1)
        assert client.post("/sign-in/code/", {"code": code()}).status_code == 302
    assert LogEntry.objects.filter(act="person.locked_out", about="ana").count() == 1


def test_a_recovery_code_stands_in_once(ana: User) -> None:
    add_app(ana)
    spent = recovery_codes(ana)[3]
    for outcome in (302, 422):
        client = Client()
        sign_in(client)
        assert client.post("/sign-in/code/", {"code": spent}).status_code == outcome
    assert len(recovery_codes(ana)) == 9
    assert LogEntry.objects.get(act="person.signed_in").words == "With password and recovery code."


def test_the_sign_in_that_is_under_way_can_be_given_up(ana: User) -> None:
    add_app(ana)
    client = Client()
    sign_in(client)
    client.post("/sign-out/")
    assert client.get("/sign-in/").status_code == 200


def test_new_recovery_codes_replace_the_old_ones(client: Client, ana: User) -> None:
    set_up(client)
    before = recovery_codes(ana)
    assert "You get ten new codes" in client.get("/settings/security/codes/new/").content.decode()
    client.post("/settings/security/codes/new/")
    assert not set(before) & set(recovery_codes(ana))
    download = client.get("/settings/security/codes/download/")
    assert download.content.decode().split() == recovery_codes(ana)
    assert download["Content-Type"] == "text/plain"


def test_an_app_is_removed_and_the_codes_go_with_it(client: Client, ana: User) -> None:
    set_up(client)
    assert client.post(f"{APP}remove/", follow=True).status_code == 200
    assert not Authenticator.objects.filter(user=ana).exists()
    assert LogEntry.objects.filter(act="person.second_factor_removed", about="authenticator app").exists()
    assert sign_in(Client())["Location"] == "/"


def test_changing_how_one_signs_in_asks_for_the_password_again_after_a_while(ana: User) -> None:
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False) as clock:
        client = Client()
        sign_in(client)
        assert client.get(APP).status_code == 200
        clock.shift(301)
        where = client.get(APP)["Location"]
        assert unquote(where) == f"/settings/confirm/?next={APP}"
        assert "prove once more who is there" in client.get(where).content.decode()
        wrong = client.post(where, {"password": "no", "next": APP})
        assert wrong.status_code == 422
        assert "That is not your password" in wrong.content.decode()
        assert client.post(where, {"password": PASSWORD, "next": APP})["Location"] == APP
        assert client.get(APP).status_code == 200


def test_the_app_can_prove_it_again_too(ana: User) -> None:
    add_app(ana)
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False) as clock:
        client = Client()
        sign_in(client)
        client.post("/sign-in/code/", {"code": code()})
        clock.shift(301)
        page = client.get(f"{APP}remove/", follow=True).content.decode()
        assert "/settings/confirm/code/?next=" in page
        answer = client.post(f"/settings/confirm/code/?next={APP}remove/", {"code": code()})
        assert answer["Location"] == f"{APP}remove/"


def test_nobody_has_to_have_one_by_default(settings: Any) -> None:
    assert settings.REQUIRE_SECOND_FACTOR == "none"


@pytest.mark.parametrize(
    ("policy", "role", "must"), [("admins", "admin", True), ("admins", "reviewer", False), ("everybody", "manager", True)]
)
def test_who_must_have_one_can_do_nothing_else_before(policy: str, role: str, must: bool, settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = policy
    person = make_person(role, "dana")
    client = Client()
    sign_in(client, "dana")
    assert client.get("/conversations/").status_code == (302 if must else 200)
    if not must:
        return
    page = client.get("/conversations/", follow=True).content.decode()
    assert "You must have a second factor" in page
    assert "rail" not in page
    assert client.get("/conversations/", headers={"HX-Request": "true"}).status_code == 401
    assert client.get("/settings/password/").status_code == 302
    set_up(client)
    assert has_app(person)
    assert client.get("/conversations/").status_code == 200


def test_who_must_have_one_cannot_remove_the_last(ana: User, client: Client, settings: Any) -> None:
    set_up(client)
    settings.REQUIRE_SECOND_FACTOR = "everybody"
    page = client.get(f"{APP}remove/").content.decode()
    assert "this is your only one" in page
    client.post(f"{APP}remove/")
    assert has_app(ana)


def test_staff_count_as_admins(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = "admins"
    make_person("reviewer", "stan", is_staff=True)
    client = Client()
    sign_in(client, "stan")
    assert client.get("/admin/")["Location"] == "/settings/security/"


def test_an_admin_takes_away_a_lost_factor(ana: User) -> None:
    add_app(ana)
    lost = Client()
    sign_in(lost)
    lost.post("/sign-in/code/", {"code": code()})
    admin = make_person("admin")
    client = Client()
    client.force_login(admin)
    assert client.post(f"/people/{ana.pk}/second-factor/reset/").status_code == 302
    assert not Authenticator.objects.filter(user=ana).exists()
    assert not is_in(lost)
    entry = LogEntry.objects.get(act="person.second_factor_reset")
    assert (entry.by, entry.about) == (admin, "ana")


def test_admins_take_nothing_from_superusers(ana: User) -> None:
    boss = make_person("admin", "boss", is_superuser=True)
    add_app(boss)
    client = Client()
    client.force_login(make_person("admin"))
    assert client.post(f"/people/{boss.pk}/second-factor/reset/").status_code == 403
    assert has_app(boss)


def test_the_page_says_what_somebody_signs_in_with(client: Client, ana: User) -> None:
    page = client.get("/settings/security/").content.decode()
    assert "Set up an app" in page
    assert "Recovery codes" not in page
    add_app(ana)
    Authenticator.objects.create(user=ana, type="webauthn", data={"name": "<b>Phone</b>"})
    page = client.get("/settings/security/").content.decode()
    assert "&lt;b&gt;Phone" in page
    assert "10 codes left" in page
    assert SECRET not in page

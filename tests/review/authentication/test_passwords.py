"""Names and passwords, guessing them, and new ones."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from review.models import LogEntry
from tests.review.authentication.signing_in import is_in, sign_in
from tests.review.factories import PASSWORD, make_person

NEW = "quite another password"


@pytest.fixture
def stranger() -> Client:
    return Client()


def acts() -> list[str]:
    return list(LogEntry.objects.order_by("pk").values_list("act", flat=True))


def test_a_person_signs_in_by_name_or_by_address(ana: User) -> None:
    User.objects.update(email="ana@desk.example")
    for name in ("ana", "ANA", " ana ", "ana@desk.example", "Ana@Desk.example"):
        client = Client()
        assert sign_in(client, name).status_code == 302
        assert is_in(client)


def test_each_way_in_is_recorded(stranger: Client, ana: User) -> None:
    sign_in(stranger)
    entry = LogEntry.objects.get()
    assert (entry.act, entry.by, entry.words) == ("person.signed_in", ana, "With password.")
    assert entry.detail == {"address": "127.0.0.1"}


def test_a_wrong_password_is_recorded_without_what_was_typed(stranger: Client, ana: User) -> None:
    sign_in(stranger, "ana", "Not-This-One")
    sign_in(stranger, "my password typed as a name", "x")
    known, unknown = LogEntry.objects.order_by("pk")
    assert (known.act, known.by, known.about) == ("person.sign_in_failed", None, "ana")
    assert unknown.about == "nobody we know"
    assert "typed" not in f"{unknown.words} {unknown.detail}"


def test_nobody_learns_which_names_there_are(stranger: Client, ana: User) -> None:
    known, unknown = sign_in(stranger, "ana", "no"), sign_in(stranger, "eve", "no")
    pages = [re.sub(r"[A-Za-z0-9]{64}|eve|ana", "", page.content.decode()) for page in (known, unknown)]
    assert pages[0] == pages[1]


def test_an_account_that_is_switched_off_is_told_so_only_with_the_right_password(stranger: Client, ana: User) -> None:
    User.objects.update(is_active=False)
    assert sign_in(stranger, "ana", "wrong").status_code == 422
    assert "switched off" in sign_in(stranger, follow=True).content.decode()
    assert not is_in(stranger)


def test_who_guesses_too_often_waits_and_is_told_how_long(stranger: Client, ana: User, settings: Any) -> None:
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False) as clock:
        for _ in range(settings.SIGN_IN_ATTEMPTS):
            assert "do not belong together" in sign_in(stranger, "ana", "wrong").content.decode()
        clock.shift(60)
        page = sign_in(Client(), "ana").content.decode()
        assert "Wait 4 minutes and try again" in page
        clock.shift(settings.SIGN_IN_LOCK - 60 - 1)
        assert "Wait 1 second and" in sign_in(stranger, "ana").content.decode()
        clock.shift(1)
        assert sign_in(stranger).status_code == 302
    assert acts().count("person.sign_in_failed") == settings.SIGN_IN_ATTEMPTS
    assert acts().count("person.locked_out") == 1


def test_name_and_address_of_a_person_are_counted_together(ana: User, settings: Any) -> None:
    User.objects.update(email="ana@desk.example")
    for number in range(settings.SIGN_IN_ATTEMPTS):
        sign_in(Client(), ["ana", "Ana", "ana@desk.example"][number % 3], "wrong")
    assert "Too many wrong attempts" in sign_in(Client()).content.decode()


def test_guessing_at_one_person_locks_nobody_else(ana: User, ben: User, settings: Any) -> None:
    for _ in range(settings.SIGN_IN_ATTEMPTS):
        sign_in(Client(), "ana", "wrong")
    assert sign_in(Client(), "ben").status_code == 302


def test_guessing_at_many_people_locks_the_address_it_comes_from(ana: User) -> None:
    for number in range(20):
        sign_in(Client(), f"somebody{number}", "wrong", REMOTE_ADDR="192.0.2.7")
    assert "Too many wrong attempts" in sign_in(Client(), REMOTE_ADDR="192.0.2.7").content.decode()
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.8").status_code == 302


def test_a_right_password_costs_no_attempt(ana: User, settings: Any) -> None:
    for _ in range(settings.SIGN_IN_ATTEMPTS + 2):
        assert sign_in(Client()).status_code == 302


def test_wrong_guesses_are_kept_where_all_processes_see_them(settings: Any) -> None:
    assert "DatabaseCache" in settings.CACHES["default"]["BACKEND"]


def test_changing_the_password_ends_every_other_session(ana: User) -> None:
    here, elsewhere = Client(), Client()
    sign_in(here), sign_in(elsewhere)
    wrong = here.post("/settings/password/", {"oldpassword": "no", "password1": NEW, "password2": NEW})
    assert wrong.status_code == 422
    assert "That is not your password" in wrong.content.decode()
    assert (
        here.post("/settings/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})["Location"] == "/settings/security/"
    )
    assert is_in(here)
    assert not is_in(elsewhere)
    assert sign_in(Client(), password=NEW).status_code == 302
    assert "person.password_changed" in acts()


@pytest.mark.parametrize(("typed", "why"), [("short", "at least 10 characters"), ("password123", "too common")])
def test_a_weak_password_is_refused_with_the_reason(typed: str, why: str, ana: User) -> None:
    client = Client()
    sign_in(client)
    page = client.post("/settings/password/", {"oldpassword": PASSWORD, "password1": typed, "password2": typed})
    assert page.status_code == 422
    assert why in page.content.decode()


def make_link(person: User, *, by: User) -> str:
    client = Client()
    client.force_login(by)
    page = client.post(f"/people/{person.pk}/password-link/")
    assert page.status_code == 200
    found = re.search(r'value="http://testserver(/sign-in/new-password/[^"]+)"', page.content.decode())
    assert found
    return found[1]


def test_an_admin_makes_a_link_with_which_a_person_sets_a_new_password(stranger: Client, ana: User) -> None:
    link = make_link(ana, by=make_person("admin"))
    form = stranger.get(link)["Location"]
    assert "For ana" in stranger.get(form).content.decode()
    assert stranger.post(form, {"password1": NEW, "password2": NEW})["Location"] == "/sign-in/new-password/done/"
    assert "Sign in with it now" in stranger.get("/sign-in/new-password/done/").content.decode()
    assert sign_in(stranger, password=NEW).status_code == 302
    assert acts()[:2] == ["person.password_link_made", "person.password_changed"]
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_a_link_grows_old(stranger: Client, ana: User, settings: Any) -> None:
    link = make_link(ana, by=make_person("admin"))
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 5)):
        assert "no longer works" in stranger.get(link, follow=True).content.decode()


def test_only_admins_make_links_and_only_superusers_for_superusers(desk: Client, ana: User) -> None:
    boss = make_person("admin", "boss", is_superuser=True)
    assert desk.post(f"/people/{boss.pk}/password-link/").status_code == 403
    client = Client()
    client.force_login(make_person("admin"))
    assert client.post(f"/people/{boss.pk}/password-link/").status_code == 403
    assert client.post(f"/people/{make_person(is_active=False).pk}/password-link/").status_code == 403


def test_without_mail_of_its_own_the_product_says_whom_to_ask(stranger: Client) -> None:
    page = stranger.get("/sign-in/forgotten/").content.decode()
    assert "Ask an admin" in page
    assert "<form" not in page


def test_with_mail_of_its_own_the_product_sends_the_link_and_tells_nobody_which_addresses_it_knows(
    stranger: Client, ana: User, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example"
    User.objects.update(email="ana@desk.example")
    answers = [stranger.post("/sign-in/forgotten/", {"email": address}) for address in ("eve@desk.example", "ana@desk.example")]
    assert [answer["Location"] for answer in answers] == ["/sign-in/forgotten/sent/"] * 2
    assert "If the address belongs to somebody here" in stranger.get("/sign-in/forgotten/sent/").content.decode()
    (letter,) = mail.outbox
    assert letter.to == ["ana@desk.example"]
    assert letter.subject == "A new password for Countersign"
    found = re.search(r"http://testserver(\S+)", str(letter.body))
    assert found
    assert "Set a new password" in stranger.get(found[1], follow=True).content.decode()


def test_capitals_of_an_email_address_make_no_difference(stranger: Client, ana: User, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    User.objects.update(email="Ana.Sol@Desk.example")
    stranger.post("/sign-in/forgotten/", {"email": "ana.SOL@desk.example"})
    stranger.post("/sign-in/forgotten/", {"email": "ana.sol@desk.exampLe"})
    assert len(mail.outbox) == 2
    assert sign_in(stranger, name="ANA.sol@desk.example").status_code == 302


def test_an_address_that_only_looks_alike_gets_no_link(stranger: Client, ana: User, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    User.objects.update(email="mike@desk.example")
    stranger.post("/sign-in/forgotten/", {"email": "m\u0131ke@desk.example"})
    assert not mail.outbox


def test_the_admin_site_has_no_sign_in_of_its_own(stranger: Client, desk: Client) -> None:
    assert stranger.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/sign-in/?next=/admin/")
    assert stranger.post("/admin/login/", {"username": "ana", "password": PASSWORD}).status_code == 405
    assert desk.get("/admin/", follow=True).status_code == 403
    assert desk.get("/admin/password_change/")["Location"] == "/settings/password/"


def test_nobody_signs_up(stranger: Client) -> None:
    from django.urls import NoReverseMatch, reverse

    for name in ("account_signup", "socialaccount_signup", "socialaccount_connections", "account_email", "account_confirm_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)

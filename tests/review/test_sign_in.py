"""Signing in and out."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.review.factories import PASSWORD


@pytest.fixture
def stranger() -> Client:
    return Client()


def test_a_person_signs_in_and_comes_to_the_page_they_wanted(stranger: Client, ana: User) -> None:
    wanted = stranger.get("/outgoing/")["Location"]
    assert "Sign in" in stranger.get(wanted).content.decode()
    answer = stranger.post(wanted, {"username": "ana", "password": PASSWORD})
    assert answer["Location"] == "/outgoing/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(elsewhere: str, stranger: Client, ana: User) -> None:
    answer = stranger.post("/sign-in/", {"username": "ana", "password": PASSWORD, "next": elsewhere})
    assert answer["Location"] == "/"


def test_a_wrong_password_is_said_and_the_name_is_kept(stranger: Client, ana: User) -> None:
    answer = stranger.post("/sign-in/", {"username": "ana", "password": "Not-This-One"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "do not belong together" in page
    assert 'value="ana"' in page
    assert "Not-This-One" not in page


def test_signing_out_needs_a_post(desk: Client) -> None:
    assert desk.get("/sign-out/").status_code == 405
    assert desk.post("/sign-out/")["Location"] == "/sign-in/"
    assert desk.get("/queue/").status_code == 302


@pytest.mark.parametrize(("chosen", "shown"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"'), ("", '<html lang="en">')])
def test_the_theme_is_kept_in_a_cookie(chosen: str, shown: str, desk: Client) -> None:
    desk.post("/theme/", {"theme": chosen, "next": "/outgoing/"})
    assert shown in desk.get("/outgoing/").content.decode()


def test_times_are_shown_in_the_zone_of_the_browser(desk: Client, ana: User) -> None:
    from tests.review.factories import make_outgoing

    mail = make_outgoing(by=ana)
    assert mail.sent_at is not None
    desk.cookies["zone"] = "Asia/Tokyo"
    assert "+09:00" in desk.get("/outgoing/").content.decode()
    desk.cookies["zone"] = "Nowhere/At/All"
    assert "+00:00" in desk.get("/outgoing/").content.decode()

"""How a person likes the desk: kept with them, whatever browser they use."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from review import people
from review.models import Profile
from tests.drafting.factories import make_message
from tests.review.factories import make_person

CHOSEN = {"zone": "Asia/Tokyo", "theme": "dark", "density": "compact"}


def test_what_i_choose_is_kept_and_shows_on_every_page(desk: Client, ana: User) -> None:
    assert "data-density" not in desk.get("/queue/").content.decode()
    answer = desk.post("/settings/save/", CHOSEN, follow=True)
    assert "Saved." in answer.content.decode()
    page = desk.get("/conversations/").content.decode()
    assert '<html lang="en" data-theme="dark" data-density="compact">' in page
    assert Profile.objects.get(user=ana).zone == "Asia/Tokyo"


def test_single_keys_can_be_switched_off(desk: Client) -> None:
    assert 'data-keys="off"' not in desk.get("/queue/").content.decode()
    desk.post("/settings/save/", CHOSEN)
    assert 'data-keys="off"' in desk.get("/queue/").content.decode()
    desk.post("/settings/save/", CHOSEN | {"has_shortcuts": "on"})
    assert 'data-keys="off"' not in desk.get("/queue/").content.decode()


def test_my_zone_wins_over_the_browsers(desk: Client) -> None:
    talk = make_message(received_at=datetime(2026, 11, 3, 12, 0, tzinfo=UTC)).conversation
    assert talk is not None
    desk.cookies["zone"] = "America/New_York"
    assert "07:00:00 EST" in desk.get(f"/conversations/{talk.pk}/").content.decode()
    desk.post("/settings/save/", CHOSEN)
    assert "21:00:00 JST" in desk.get(f"/conversations/{talk.pk}/").content.decode()
    desk.post("/settings/save/", CHOSEN | {"zone": ""})
    assert "07:00:00 EST" in desk.get(f"/conversations/{talk.pk}/").content.decode()


def test_the_theme_of_the_header_is_kept_with_the_person(desk: Client, ana: User) -> None:
    desk.post("/theme/", {"theme": "dark", "next": "/queue/"})
    elsewhere = Client()
    elsewhere.force_login(ana)
    assert 'data-theme="dark"' in elsewhere.get("/queue/").content.decode()


def test_who_chose_nothing_has_the_theme_of_the_browser(desk: Client) -> None:
    desk.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in desk.get("/queue/").content.decode()
    desk.post("/settings/save/", CHOSEN | {"theme": ""})
    desk.cookies["theme"] = "dark"
    assert "data-theme" not in desk.get("/queue/").content.decode()


@pytest.mark.parametrize("wrong", [{"zone": "Middle/Earth"}, {"theme": "pink"}, {"density": "huge"}])
def test_what_cannot_be_chosen_is_refused_in_words(wrong: dict[str, str], desk: Client) -> None:
    answer = desk.post("/settings/save/", CHOSEN | wrong)
    assert answer.status_code == 422
    assert "cannot be chosen here" in answer.content.decode()
    assert not Profile.objects.exists()


@pytest.mark.django_db
def test_settings_are_for_everybody_who_signed_in_and_small() -> None:
    client = Client()
    client.force_login(make_person(""))
    page = client.get("/settings/")
    assert page.status_code == 200
    assert len(page.content) <= 60_000


def test_what_a_page_needs_to_know_of_a_person_is_one_query(ana: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert people.standing(ana).groups == {"reviewer"}
        assert not people.standing(ana).profile.pk

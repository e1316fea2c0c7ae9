"""The setup page, and what every page says of the setup."""

from typing import Any

import pytest
from django.test import Client

from drafting import setups
from tests.review.factories import activate, make_person


@pytest.fixture
def desk(db: None) -> Client:
    """An admin's browser."""
    client = Client()
    client.force_login(make_person("admin", is_staff=True))
    return client


def test_without_a_setup_it_says_what_to_do(desk: Client) -> None:
    page = desk.get("/setup/").content.decode()
    assert "manage.py setup add" in page
    assert "No setup is active" in desk.get("/queue/").content.decode()


def test_the_active_setup_is_shown_part_by_part(desk: Client) -> None:
    setup = activate(prompts="3f1c", sampling={"temperature": 0})
    page = desk.get("/setup/").content.decode()
    for words in [setup.fingerprint, "3f1c", "Temperature: 0", str(setup)]:
        assert words in page
    assert [name for name, *_ in desk.get("/setup/").context["parts"]] == ["Sampling", "Prompts"]


def test_what_runs_otherwise_than_pinned_is_named(desk: Client) -> None:
    activate(**setups.running_parts() | {"prompts": "something older"})
    page = desk.get("/setup/").content.decode()
    assert "differs from what was pinned: Prompts." in page
    assert page.count("something else runs now") == 1


@pytest.mark.parametrize(("role", "act"), [("admin", "Pin what runs now with manage.py setup add."), ("reviewer", "Tell an admin")])
def test_everybody_who_reviews_sees_that_what_runs_differs(role: str, act: str, desk: Client) -> None:
    setup = activate(**setups.running_parts() | {"prompts": "something older", "gate": "older too"})
    desk.force_login(make_person(role))
    page = desk.get("/queue/").content.decode()
    assert "What runs differs from the pinned setup" in page
    assert f"{setup}, in prompts and gate. {act}" in page


def test_what_is_known_of_the_setup_is_not_read_for_each_page(desk: Client, django_assert_max_num_queries: Any) -> None:
    activate(**setups.running_parts())
    desk.get("/conversations/")
    with django_assert_max_num_queries(5) as asked:
        desk.get("/conversations/")
    assert not any("drafting_setup" in query["sql"] for query in asked.captured_queries)


def test_what_runs_as_pinned_is_said_so(desk: Client) -> None:
    activate(**setups.running_parts())
    assert "exactly what was pinned" in desk.get("/setup/").content.decode()


def test_admins_reach_the_admin_site_from_the_rail(desk: Client) -> None:
    page = desk.get("/queue/").content.decode()
    assert "/admin/inbox/mailbox/" in page
    assert "/admin/drafting/category/" in page
    for address in ["/admin/", "/admin/inbox/mailbox/", "/admin/drafting/rule/", "/admin/review/decision/"]:
        assert desk.get(address).status_code == 200

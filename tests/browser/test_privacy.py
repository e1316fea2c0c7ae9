"""Erasing a person in the browser: find, take away, type the address, and see that it is gone."""

import zipfile

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from drafting.models import ModelCall
from review.privacy import retention
from tests.browser.conftest import Desks
from tests.review.factories import make_person
from tests.review.privacy.people import ANN, SECRET, answered

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada(transactional_db: None) -> User:
    """An admin."""
    return make_person("admin", "ada", first_name="Ada", last_name="Voss")


def privacy(desks: Desks, ada: User) -> Page:
    """The page, reached through the menu of the account."""
    page = desks.open(ada)
    page.locator(".account summary").click()
    page.get_by_role("link", name="Privacy").click()
    expect(page.get_by_role("heading", name="Privacy")).to_be_visible()
    return page


def find(page: Page, address: str) -> None:
    page.get_by_label("Mail addresses of the person").fill(address)
    page.get_by_role("button", name="Find").click()


def test_a_person_is_found_exported_and_erased(desks: Desks, ada: User) -> None:
    draft = answered()
    page = privacy(desks, ada)
    find(page, ANN)
    expect(page.locator("#person")).to_contain_text("Mails from the person")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Export all of it").click()
    assert f"raw/{draft.message_id}.eml" in zipfile.ZipFile(taken.value.path()).namelist()
    page.get_by_label(f"Type {ANN} to erase it for good").fill(ANN)
    page.get_by_role("button", name="Erase").click()
    expect(page.locator("main")).to_contain_text("mails from the person 1")
    page.goto(f"{desks.address}/conversations/{draft.conversation_id}/")
    expect(page.locator("main")).to_contain_text("on request of the person")
    assert SECRET not in page.content()
    page = privacy(desks, ada)
    find(page, ANN)
    expect(page.locator("#person")).to_contain_text("Erased by Ada Voss")
    expect(page.locator("#person")).to_contain_text("There is nothing about this person")


def test_a_period_is_looked_at_before_it_is_saved(desks: Desks, ada: User) -> None:
    draft = answered()
    ModelCall.objects.update(at=draft.created_at.replace(year=2020))
    page = privacy(desks, ada)
    expect(page.locator("#retention").get_by_role("button", name="Save")).to_have_count(0)
    page.get_by_label("Requests to the model").fill("30")
    page.get_by_role("button", name="Show what it would remove").click()
    expect(page.locator("#retention")).to_contain_text("would remove 1 now")
    page.locator("#retention").get_by_role("button", name="Save").click()
    expect(page.locator("body")).to_contain_text("Saved.")
    assert retention.days()["model_calls"] == 30

"""Planted drafts and second looks at a browser."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import expect

from review import decisions
from review.models import Decision, PlantedDraft, SecondLook
from tests.browser.conftest import Desks
from tests.browser.waits import settle
from tests.review.factories import BODY, ready_draft
from tests.review.planting.rows import WRONG, eligible_draft, plant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_after_the_reveal_the_same_keys_decide_the_draft_itself(desks: Desks, ana: User) -> None:
    draft = eligible_draft()
    plant(draft, ana)
    page = desks.open(ana)
    page.keyboard.press("j")
    expect(page.locator("#item .paper")).to_contain_text(WRONG)
    settle(page)
    page.keyboard.press("a")
    expect(page.locator(".planted")).to_contain_text("It would have slipped through.")
    expect(page.locator("#item .paper")).to_contain_text("SO-1007")
    expect(page.locator("#toast .toast")).to_have_count(0)
    settle(page)
    page.keyboard.press("a")
    expect(page.locator("#toast")).to_contain_text("Approved")
    expect(page.locator("#queue-rows")).to_contain_text("All done")
    assert Decision.objects.get().final_text == BODY


def test_an_edit_that_caught_it_is_sent_with_the_same_keys(desks: Desks, ana: User) -> None:
    draft = eligible_draft()
    plant(draft, ana)
    page = desks.open(ana)
    page.keyboard.press("j")
    expect(page.locator("#item .paper")).to_contain_text(WRONG)
    settle(page)
    page.keyboard.press("e")
    page.locator("#edit-text").fill("Hello Ann,\n\nit is on its way.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".planted")).to_contain_text("You caught it.")
    expect(page.locator("#edit-text")).to_be_focused()
    assert not Decision.objects.exists()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toast")).to_contain_text("Edited and approved")
    expect(page.locator("#queue-rows")).to_contain_text("All done")
    assert Decision.objects.get().final_text == "Hello Ann,\n\nit is on its way."


def test_it_is_revealed_without_scripts_too(desks: Desks, ana: User) -> None:
    draft = eligible_draft()
    plant(draft, ana)
    page = desks.open(ana, java_script_enabled=False)
    page.goto(f"{desks.address}/queue/{draft.pk}/")
    page.locator("form[action$='/approve/'] button").click()
    expect(page.locator(".planted")).to_contain_text("That was a planted draft.")
    expect(page.locator("#item .paper")).to_contain_text("SO-1007")
    assert PlantedDraft.objects.get().caught is False
    page.locator("form[action$='/approve/'] button").click()
    expect(page.locator("#toast")).to_contain_text("Approved")


def test_second_looks_are_answered_with_keys(desks: Desks, ana: User, ben: User) -> None:
    for _ in range(2):
        draft = ready_draft()
        decisions.approve(draft=draft, by=ben)
        SecondLook.objects.create(draft=draft, first=ben, first_unsafe=False, asked_at=timezone.now())
    page = desks.open(ana)
    page.locator(".second-looks a").click()
    expect(page.locator("#item .paper")).to_contain_text("your order SO-1007")
    settle(page)
    page.keyboard.press("a")
    expect(page.locator("#item")).to_contain_text("saw it the same way")
    settle(page)
    page.keyboard.press("r")
    page.keyboard.type("It left on the 2nd.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#item")).to_contain_text("It counts as unsafe now")
    expect(page.locator("#item")).to_contain_text("No second look waits")
    assert SecondLook.objects.get(unsafe=True).words == "It left on the 2nd."


@pytest.mark.parametrize("width", [1280, 390])
def test_who_finds_it_wrong_finds_a_button_for_it(desks: Desks, ana: User, ben: User, width: int) -> None:
    draft = ready_draft()
    decisions.approve(draft=draft, by=ben)
    SecondLook.objects.create(draft=draft, first=ben, first_unsafe=False, asked_at=timezone.now())
    page = desks.open(ana, viewport={"width": width, "height": 800})
    page.goto(f"{desks.address}/second-looks/")
    settle(page)
    page.get_by_role("link", name="It should not have left so").click()
    page.locator("#look-words").fill("It left on the 2nd.")
    page.locator("#reject button").click()
    expect(page.locator("#item")).to_contain_text("It counts as unsafe now")
    assert SecondLook.objects.get().unsafe is True

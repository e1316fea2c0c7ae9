"""An admin at the pages of auto-send: terms while typing, unlocking by name, suspending, and stopping everything from the header."""

import pytest
from playwright.sync_api import expect

from drafting import setups
from drafting.models import SetupActivation
from review.models import Attempt, Switch
from tests.browser.conftest import Desks
from tests.drafting.factories import make_category, make_setup
from tests.review.factories import make_person
from tests.review.proofs import confirm_model, make_attempt, make_terms, plant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
State = Attempt.State


def test_a_proven_category_is_unlocked_suspended_and_everything_stopped(desks: Desks) -> None:
    Switch.objects.get_or_create(pk=1)
    category, ana = make_category(), make_person()
    setup = make_setup(model="a-model", parts=setups.running_parts())
    SetupActivation.objects.create(setup=setup)
    make_terms(category)
    plant(ana, caught=60)
    attempt = make_attempt(State.READY, n=400, by=ana, setup=setup, category=category)
    confirm_model(setup)
    page = desks.open(make_person("admin", "dana", first_name="Dana"))

    page.get_by_role("link", name="Automation", exact=True).click()
    page.get_by_role("link", name=category.name).click()
    expect(page.locator("svg.chart-wide polyline")).to_have_count(1)
    page.get_by_role("link", name="Terms", exact=True).click()
    expect(page.locator("#needed")).to_contain_text("takes about 220 clean reviews from zero")
    page.fill("#id_epsilon", "1")
    expect(page.locator("#needed")).to_contain_text("at most 1")
    expect(page.locator("#needed")).to_contain_text("takes about 442 clean reviews from zero")
    page.fill("#id_epsilon", "")
    expect(page.locator("#needed")).to_be_hidden()

    page.get_by_role("link", name="Proof", exact=True).click()
    page.get_by_role("link", name="Unlock …").click()
    page.get_by_label("Type “Order status” to unlock it").fill("Order status")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("is unlocked")
    expect(page.locator(".header")).to_contain_text("Auto-send: 1 category")

    page.locator("summary", has_text="Stop all auto-send").press("Enter")
    page.get_by_label("Why").fill("Wrong prices.")
    page.get_by_role("button", name="Stop all auto-send").click()
    expect(page.locator(".header")).to_contain_text("Auto-send stopped by Dana")
    page.locator("summary", has_text="Allow again").press("Enter")
    page.get_by_label("Why auto-send may go on").fill("Prices are right.")
    page.keyboard.press("Enter")
    expect(page.locator(".header")).to_contain_text("Auto-send: 1 category")

    page.get_by_role("button", name="Suspend").click()
    expect(page.locator("main")).to_contain_text("Nothing leaves by itself. An admin can resume it.")
    attempt.refresh_from_db()
    assert (attempt.state, attempt.cause) == (State.SUSPENDED, Attempt.Cause.PERSON)

"""Files that take a while to prepare."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from review.models import LogEntry
from tests.browser.conftest import Desks
from tests.review.factories import ready_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


TWO_CLICKS = """(button) => {
  const prevented = [];
  document.addEventListener("submit", (event) => prevented.push(event.defaultPrevented));
  button.click();
  button.click();
  return [prevented, button.getAttribute("aria-busy"), document.querySelector(".waiting").textContent];
}"""


def test_a_file_is_asked_for_once_and_its_coming_ends_the_waiting(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana)
    page.goto(f"{desks.address}/conversations/{draft.conversation_id}/")
    page.get_by_text("Export", exact=True).click()
    button = page.get_by_role("button", name="JSON")
    with page.expect_download():
        assert button.evaluate(TWO_CLICKS) == [[False, True], "true", "Being prepared …"]
    expect(page.locator(".waiting")).to_have_count(0)
    expect(button).not_to_have_attribute("aria-busy", "true")
    assert LogEntry.objects.filter(act="conversation.exported").count() == 1

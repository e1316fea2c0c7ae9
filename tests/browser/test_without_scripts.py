"""Pages read and forms post where a browser runs no scripts."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from review import people
from review.models import Decision, Note
from tests.browser.conftest import Desks
from tests.inbox.factories import make_mailbox
from tests.review.factories import make_person, ready_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_mail_is_read_and_approved_without_scripts(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana, java_script_enabled=False)
    page.locator(f"#row-{draft.pk}").click()
    expect(page.locator("#item .paper")).to_contain_text("your order SO-1007 left our warehouse")
    page.locator("form[action$='/approve/'] button").click()
    expect(page.locator("#toast")).to_contain_text("Approved")
    assert Decision.objects.get().kind == "approved"


def test_a_note_is_kept_without_scripts(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana, java_script_enabled=False)
    page.goto(f"{desks.address}/conversations/{draft.conversation_id}/")
    page.fill("#note-text", "Ann called as well.")
    page.click("text=Keep the note")
    expect(page.locator(".noted")).to_contain_text("Ann called as well.")
    assert Note.objects.get().by == ana


def test_a_mailbox_is_saved_without_scripts(desks: Desks) -> None:
    mailbox = make_mailbox(name="Service", imap_username="service")
    page = desks.open(make_person("admin"), java_script_enabled=False)
    page.goto(f"{desks.address}/mailboxes/{mailbox.pk}/")
    page.fill("#id_name", "Spare parts")
    page.click("#mailbox-form .button-primary")
    expect(page.locator("main")).to_contain_text("Spare parts")
    mailbox.refresh_from_db()
    assert mailbox.name == "Spare parts"


def test_settings_are_saved_without_scripts(desks: Desks, ana: User) -> None:
    page = desks.open(ana, java_script_enabled=False)
    page.goto(f"{desks.address}/settings/")
    page.select_option("#id_zone", "Asia/Tokyo")
    page.click("main form .button-primary")
    expect(page.locator("#id_zone")).to_have_value("Asia/Tokyo")
    ana.refresh_from_db()
    assert people.standing(ana).profile.zone == "Asia/Tokyo"

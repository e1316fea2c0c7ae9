"""What a reviewer does beside deciding: put off, assign, note, look at details. With the keyboard."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import expect

from inbox import conversations
from inbox.models import Conversation, OutgoingMail
from review import conversation_acts
from review.models import Decision, Note
from tests.browser.conftest import Desks
from tests.browser.test_reviewing import mail_from
from tests.browser.waits import opened, settle
from tests.review.factories import add_evidence, ready_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_mail_is_put_off_and_brought_back_with_keys(desks: Desks, ana: User) -> None:
    first, second = ready_draft(message=mail_from("Ada")), ready_draft(message=mail_from("Bo"))
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, first)
    page.keyboard.press("s")
    expect(page.locator("#snooze")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("1")
    opened(page, second)
    expect(page.locator("#toast")).to_contain_text("Snoozed until")
    expect(page.locator(f"#row-{first.pk}")).to_have_count(0)
    assert not Decision.objects.exists()
    page.keyboard.press("u")
    opened(page, first)
    assert Conversation.objects.get(pk=first.conversation_id).state == Conversation.State.OPEN


def test_a_mail_is_put_off_until_a_day_and_time(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, draft)
    page.keyboard.press("s")
    page.locator("#snooze-at").fill(f"{timezone.now() + timedelta(days=3):%Y-%m-%d}T16:30")
    page.locator("#snooze-at").press("Enter")
    expect(page.locator("#toast")).to_contain_text("16:30")
    until = Conversation.objects.get().snoozed_until
    assert until is not None
    assert until > timezone.now() + timedelta(days=1)


def test_what_was_put_off_appears_again_by_itself(desks: Desks, ana: User) -> None:
    draft = ready_draft(message=mail_from("Ada"))
    conversation_acts.snooze(conversation=draft.conversation, until=timezone.now() + timedelta(hours=1), by=ana)
    page = desks.open(ana)
    expect(page.locator("#queue-rows")).to_contain_text("All done")
    Conversation.objects.update(snoozed_until=timezone.now() - timedelta(seconds=1))
    conversations.wake_due()
    expect(page.locator(f"#row-{draft.pk}")).to_be_visible()


def test_a_mail_is_assigned_with_two_keys_and_passed_by_from_then_on(desks: Desks, ana: User, ben: User) -> None:
    first, second, third = (ready_draft(message=mail_from(name)) for name in ("Ada", "Bo", "Cy"))
    page = desks.open(ana)
    page.locator(f"#row-{second.pk}").click()
    opened(page, second)
    page.keyboard.press("g")
    page.get_by_role("button", name="Ben Orr").click()
    opened(page, third)
    expect(page.locator(f"#row-{second.pk}")).to_contain_text("for Ben Orr")
    page.keyboard.press("k")
    opened(page, first)
    page.keyboard.press("j")
    opened(page, third)
    page.keyboard.press("g")
    page.keyboard.press("1")
    expect(page.locator(".pane-head")).to_contain_text("Assigned to you")
    assert Conversation.objects.get(pk=second.conversation_id).assigned_to == ben


def test_a_note_is_written_while_a_reply_is(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, draft)
    page.keyboard.press("e")
    page.locator("#edit-text").fill("Half a sentence")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type("Call him first.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".noted")).to_contain_text("Call him first.")
    expect(page.locator("#note-text")).to_be_hidden()
    page.keyboard.press("e")
    expect(page.locator("#edit-text")).to_have_value("Half a sentence")
    assert Note.objects.get().text == "Call him first."


def test_keys_step_from_detail_to_detail_and_light_the_evidence(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    add_evidence(draft)
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, draft)
    first = draft.evidence.order_by("position").first()
    assert first is not None
    page.keyboard.press("]")
    expect(page.locator("a.atom")).to_be_focused()
    expect(page.locator(f"#evidence-{first.pk}.is-lit")).to_be_visible()
    page.keyboard.press("]")
    expect(page.locator(".atom-loose")).to_be_focused()
    expect(page.locator(".is-lit")).to_have_count(0)
    page.keyboard.press("[")
    expect(page.locator("a.atom")).to_be_focused()


def test_keys_are_off_for_who_wants_none(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, draft)
    page.evaluate("document.body.dataset.keys = 'off'")
    for key in ("a", "n", "s", "x", "?"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    expect(page.locator("#snooze")).to_be_hidden()
    assert not Decision.objects.exists()


def test_what_was_decided_is_undone_from_the_mail_after_the_next(desks: Desks, ana: User) -> None:
    first, second, third = ready_draft(), ready_draft(), ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, first)
    page.keyboard.press("n")
    opened(page, second)
    page.keyboard.press("j")
    opened(page, third)
    page.keyboard.press("u")
    opened(page, first)
    assert not Decision.objects.filter(undone_at=None).exists()


def test_undo_stays_while_one_says_why_notes_and_assigns(desks: Desks, ana: User, ben: User) -> None:
    first, second, third = ready_draft(), ready_draft(), ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, first)
    page.keyboard.press("e")
    page.locator("#edit-text").fill("Hello Ann.")
    page.keyboard.press("Control+Enter")
    opened(page, second)
    page.keyboard.press("4")
    expect(page.locator("#toast")).to_contain_text("Noted, thank you. Edited and approved.")
    page.keyboard.press("i")
    page.keyboard.type("Call him first.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toast")).to_contain_text("Noted, for colleagues only.")
    page.keyboard.press("g")
    page.get_by_role("button", name="Ben Orr").click()
    opened(page, third)
    expect(page.locator(".toast")).to_have_count(2)
    page.keyboard.press("u")
    expect(page.locator("#toast")).not_to_contain_text("Assigned to Ben Orr")
    page.keyboard.press("u")
    opened(page, first)
    assert OutgoingMail.objects.get().state == OutgoingMail.State.CANCELLED
    assert Decision.objects.get().edit_reason == "tone"


def test_a_take_over_by_a_slip_is_undone_with_one_key(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, draft)
    page.keyboard.press("t")
    expect(page.locator("#reply-text")).to_be_focused()
    expect(page.locator("#toast")).to_contain_text("Taken over.")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Approve & send")).to_be_visible()
    assert not Decision.objects.filter(undone_at=None).exists()
    assert Conversation.objects.get().led_by == Conversation.Leader.ASSISTANT


def test_what_was_taken_over_is_handed_back_with_one_key_and_stays_open(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, draft)
    page.keyboard.press("t")
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.press("Escape")
    settle(page)
    page.keyboard.press("b")
    expect(page.locator("#toast")).to_contain_text("Handed back.")
    expect(page.locator(".toast")).to_have_count(1)
    opened(page, draft)
    expect(page.get_by_role("button", name="Approve & send")).to_be_visible()

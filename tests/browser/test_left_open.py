"""A page that stays open all day: the session ends, the server is away for a while, colleagues stop auto-send and go on working."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from drafting.models import Draft
from inbox.models import OutgoingMail
from review import autosend
from review.models import Decision, Writing
from tests.browser.conftest import Desks
from tests.browser.waits import opened
from tests.review.factories import PASSWORD, make_outgoing, make_person, ready_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def first_item(desks: Desks, user: User, draft: Draft) -> Page:
    page = desks.open(user)
    page.keyboard.press("j")
    opened(page, draft)
    return page


def end_sessions() -> None:
    Session.objects.all().delete()


def sign_in_beside(page: Page, name: str = "ana") -> None:
    """In another tab of the same browser, as the notice says."""
    beside = page.context.new_page()
    beside.goto(f"{page.url.split('/queue/')[0]}/sign-in/")
    beside.fill("#id_username", name)
    beside.fill("#id_password", PASSWORD)
    beside.press("#id_password", "Enter")
    expect(beside.locator("#queue-rows")).to_be_visible()
    beside.close()


def forgive(desks: Desks, *named: int | str) -> None:
    """What the browser notes of answers that the test was after is no fault, whenever it comes."""
    for desk in desks.all:
        desk.forgiven = tuple(map(str, named))


def test_who_signs_in_again_in_another_tab_sends_what_was_typed(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = first_item(desks, ana, draft)
    page.keyboard.press("e")
    page.locator("#edit-text").fill("Hello Ann, it is on its way.")
    end_sessions()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toast")).to_contain_text("Sign in again in another tab")
    expect(page.locator("#edit-text")).to_have_value("Hello Ann, it is on its way.")
    sign_in_beside(page)
    page.locator("#edit-text").press("Control+Enter")
    expect(page.locator("#toast")).to_contain_text("It leaves for")
    assert Decision.objects.get().kind == Decision.Kind.EDITED
    assert OutgoingMail.objects.get().body.startswith("Hello Ann, it is on its way.")
    forgive(desks, 401)


def test_after_signing_in_again_text_is_kept_and_files_are_attached(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = first_item(desks, ana, draft)
    page.keyboard.press("e")
    end_sessions()
    page.locator("#edit-text").fill("Half a sentence")
    expect(page.locator("#edit [data-kept]")).to_contain_text("Not kept")
    sign_in_beside(page)
    page.locator("#edit-text").fill("A whole sentence")
    expect(page.locator("#edit [data-kept]")).to_have_text("Kept")
    assert Writing.objects.get().text == "A whole sentence"
    page.locator("#edit [data-attaches]").set_input_files(FilePayload(name="a.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7"))
    expect(page.locator("#files")).to_contain_text("a.pdf")
    forgive(desks, 401, 403)


def test_text_whose_sending_was_refused_is_kept(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = first_item(desks, ana, draft)
    page.keyboard.press("e")
    page.route("**/edit/", lambda route: route.fulfill(status=503))
    page.locator("#edit-text").fill("It is on its way.")
    page.locator("#edit-text").press("Control+Enter")
    expect(page.locator("#edit [data-kept]")).to_have_text("Kept")
    assert Writing.objects.get().text == "It is on its way."
    forgive(desks, 503, "htmx:responseError")


def ask_for_rows(page: Page) -> None:
    """As the list does by itself every few seconds."""
    for _ in range(3):
        with page.expect_request("**/queue/rows/**"):
            page.evaluate("htmx.trigger(document.body, 'queue-changed')")
        page.wait_for_timeout(100)


def test_a_page_of_one_person_does_nothing_for_another_who_signed_in_beside_it(desks: Desks, ana: User, ben: User) -> None:
    page = first_item(desks, ana, ready_draft())
    page.keyboard.press("e")
    page.locator("#edit-text").fill("What Ana wrote")
    end_sessions()
    sign_in_beside(page, "ben")
    page.locator("#edit-text").fill("What Ana wrote then")
    page.locator("#edit-text").press("Control+Enter")
    expect(page.locator("#toast")).to_contain_text("Somebody else has signed in in this browser")
    expect(page.locator("#edit [data-kept]")).to_contain_text("Not kept")
    expect(page.locator("#edit-text")).to_have_value("What Ana wrote then")
    assert not Decision.objects.exists()
    assert not Writing.objects.filter(by=ben).exists()
    forgive(desks, 401, 403, "htmx:responseError")


def test_a_list_that_is_not_up_to_date_says_so_and_why(desks: Desks, ana: User) -> None:
    page = desks.open(ana)
    page.route("**/queue/rows/**", lambda route: route.abort())
    ask_for_rows(page)
    expect(page.locator("#stale")).to_contain_text("the server cannot be reached")
    page.unroute("**/queue/rows/**")
    ask_for_rows(page)
    expect(page.locator("#stale")).to_have_count(0)
    end_sessions()
    ask_for_rows(page)
    expect(page.locator("#stale")).to_contain_text("you are signed out")
    sign_in_beside(page)
    ask_for_rows(page)
    expect(page.locator("#stale")).to_have_count(0)
    forgive(desks, 401, "ERR_FAILED", "htmx:sendError")


def test_a_list_that_is_asked_for_again_before_it_answers_is_no_fault(desks: Desks, ana: User) -> None:
    page = desks.open(ana)
    overtaken = "for (const _ of [1, 2, 3, 4, 5]) htmx.trigger(document.body, 'queue-changed')"
    assert page.evaluate(f"() => {{ {overtaken}; return document.getElementById('stale')?.innerText }}") is None


def test_what_the_header_tells_is_kept_up_to_date(desks: Desks, ana: User) -> None:
    page = desks.open(ana)
    page.clock.install()
    page.reload()
    expect(page.locator(".state")).to_contain_text("Auto-send: none yet")
    autosend.switch.stop_all(by=make_person("admin", "dana", first_name="Dana", last_name="Ray"), words="")
    make_outgoing(by=ana, state="maybe_sent")
    page.clock.fast_forward(31_000)
    expect(page.locator(".state")).to_contain_text("Auto-send stopped by Dana Ray")
    expect(page.locator("#badge-outgoing")).to_have_text("1")
    page.locator(".problems summary").click()
    make_outgoing(by=ana, state="failed")
    page.clock.fast_forward(31_000)
    expect(page.locator("#badge-outgoing")).to_have_text("2")
    expect(page.locator(".problems .menu-panel")).to_be_visible()
    expect(page.locator(".problems")).not_to_contain_text("could not be sent")
    page.keyboard.press("Escape")
    page.locator(".rows-scroll").click()
    page.clock.fast_forward(31_000)
    expect(page.locator(".problems .pill")).to_contain_text("2")


def test_a_page_that_nobody_sees_asks_for_nothing(desks: Desks, ana: User) -> None:
    page = desks.open(ana)
    page.clock.install()
    page.reload()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/frame/" in request.url else None)
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => window.isAway, configurable: true }); window.isAway = true")
    page.clock.fast_forward(65_000)
    page.wait_for_timeout(200)
    assert asked == []
    with page.expect_response("**/frame/**"):
        page.evaluate("window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))")
    assert len(asked) == 1


def test_outgoing_tells_what_became_of_a_mail_that_was_held(desks: Desks, ana: User) -> None:
    page = desks.open(ana)
    mail = make_outgoing(by=ana, state="held", due_at=timezone.now() + timedelta(seconds=4))
    page.goto(f"{desks.address}/outgoing/")
    expect(page.locator(".send")).to_contain_text("leaves in")
    expect(page.get_by_role("button", name="Cancel: do not send it")).to_be_visible()
    expect(page.locator(".send")).to_contain_text("leaving now")
    expect(page.get_by_role("button", name="Cancel: do not send it")).to_be_hidden()
    OutgoingMail.objects.filter(pk=mail.pk).update(state="sent", sent_at=timezone.now())
    expect(page.locator(".send .tag")).to_have_text("Sent")
    expect(page.locator(".send")).not_to_contain_text("leaving now")

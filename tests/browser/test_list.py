"""The list of the queue under somebody's hands: nothing moves, several are chosen, filters, the next mail ahead."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from drafting.models import Category, Draft
from inbox.models import Conversation
from review.desk.queue import STEP
from review.models import Claim
from tests.browser.conftest import Desks
from tests.browser.test_reviewing import mail_from
from tests.browser.waits import opened, shown, until
from tests.drafting.factories import make_category
from tests.review.factories import ready_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TURNED = re.compile(r"/queue/rows/\?after=[^&]*&?$")
"""What is asked for where somebody goes on to other rows; the list by itself tells its version."""


def place(page: Page, draft: Draft) -> float:
    box = page.locator(f"#row-{draft.pk}").bounding_box()
    assert box is not None
    return box["y"]


def older(draft: Draft) -> Draft:
    """The same draft, now the oldest in the list."""
    Draft.objects.filter(pk=draft.pk).update(created_at=timezone.now() - timedelta(days=1))
    return draft


@pytest.mark.parametrize("scrolled", [0, 500])
def test_rows_that_appear_above_move_nothing_under_the_pointer(scrolled: int, desks: Desks, ana: User) -> None:
    drafts = [ready_draft() for _ in range(20)]
    page = desks.open(ana)
    page.locator(".rows-scroll").evaluate(f"list => list.scrollTo(0, {scrolled})")
    pointed = drafts[8]
    page.locator(f"#row-{pointed.pk}").hover()
    before = place(page, pointed)
    new = [older(ready_draft(message=mail_from(name))) for name in ("Ada", "Bo")]
    expect(page.locator(f"#row-{new[0].pk}")).to_be_attached()
    expect(page.locator(f"#row-{new[1].pk}")).to_be_attached()
    assert abs(place(page, pointed) - before) < 2


def test_several_mails_are_chosen_and_put_off_at_once(desks: Desks, ana: User) -> None:
    drafts = [ready_draft(message=mail_from(f"Customer {number}")) for number in range(6)]
    page = desks.open(ana)
    expect(page.locator("#bulk")).to_be_hidden()
    page.keyboard.press("j")
    opened(page, drafts[0])
    page.keyboard.press("x")
    expect(page.locator("#bulk-count")).to_have_text("1 chosen")
    page.locator(f"#row-{drafts[3].pk}").click(modifiers=["Shift"])
    expect(page.locator("#bulk-count")).to_have_text("4 chosen")
    new = ready_draft(message=mail_from("Somebody new"))
    expect(page.locator(f"#row-{new.pk}")).to_be_visible()
    expect(page.locator(".pick:checked")).to_have_count(4)
    page.locator("#bulk").get_by_role("button", name="Snooze").click()
    expect(page.locator("#toast")).to_contain_text("Snoozed 4 mails until")
    expect(page.locator("#bulk")).to_be_hidden()
    assert Conversation.objects.filter(state="snoozed").count() == 4
    page.keyboard.press("u")
    expect(page.locator(f"#row-{drafts[2].pk}")).to_be_visible()
    assert not Conversation.objects.filter(state="snoozed").exists()


def test_several_mails_are_assigned_at_once(desks: Desks, ana: User, ben: User) -> None:
    drafts = [ready_draft() for _ in range(2)]
    page = desks.open(ana)
    for draft in drafts:
        page.locator(f"li:has(#row-{draft.pk}) .pick").check()
    page.locator("#bulk-to").select_option(label="Ben Orr")
    page.locator("#bulk").get_by_role("button", name="Assign").click()
    expect(page.locator("#toast")).to_contain_text("Assigned 2 mails to Ben Orr.")
    assert Conversation.objects.filter(assigned_to=ben).count() == 2


def test_filters_are_in_the_address_and_can_be_cleared(desks: Desks, ana: User) -> None:
    ready_draft(message=mail_from("Ada"))
    failed = ready_draft(message=mail_from("Bo"), failed=1)
    page = desks.open(ana)
    page.get_by_text("Failed", exact=True).click()
    expect(page.locator(".row")).to_have_count(1)
    assert page.url.endswith("gate=failed")
    page.locator(f"#row-{failed.pk}").click()
    opened(page, failed)
    assert page.url.endswith(f"/queue/{failed.pk}/?gate=failed")
    page.get_by_role("link", name="Clear").click()
    expect(page.locator(".row")).to_have_count(2)


def test_filters_are_set_one_after_the_other_with_keys(desks: Desks, ana: User) -> None:
    kinds = [make_category(slug) for slug in ("order-status", "returns", "prices")]
    for kind in kinds:
        ready_draft(message=mail_from(kind.name), category=kind)
    page = desks.open(ana)
    failed, category = page.locator("[name=gate][value=failed]"), page.locator("select[name=category]")
    failed.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**gate=failed*")
    expect(failed).to_be_focused()
    page.keyboard.press("Space")
    expect(failed).not_to_be_checked()
    expect(page.locator("html.has-script .row")).to_have_count(3)
    page.locator("#more-filters").focus()
    page.keyboard.press("Space")
    category.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = category.input_value()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**category={chosen}*")
    assert Category.objects.get(pk=chosen).slug == "prices"
    expect(page.locator("html.has-script .row")).to_have_count(1)
    expect(category).to_be_focused()


def test_the_next_mail_shows_at_once_and_is_nobodys_until_then(desks: Desks, ana: User) -> None:
    first, second = ready_draft(message=mail_from("Ada")), ready_draft(message=mail_from("Bo"))
    page = desks.open(ana)
    with page.expect_response(f"**/queue/{second.pk}/?peek=1"):
        page.keyboard.press("j")
    opened(page, first)
    assert [claim.draft for claim in Claim.objects.all()] == [first]
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/approve/", hold)
    page.keyboard.press("a")
    until(lambda: bool(held), page)
    expect(page.locator(f'#item-ahead[data-draft="{second.pk}"]')).to_contain_text("A question by Bo")
    held[0].continue_()
    shown(page, second)
    expect(page.locator("#item-ahead")).to_have_count(0)
    expect(page.get_by_role("button", name="Approve & send")).to_have_count(1)


def test_a_decision_that_is_refused_brings_the_mail_back(desks: Desks, ana: User, ben: User) -> None:
    first, second = ready_draft(message=mail_from("Ada")), ready_draft(message=mail_from("Bo"))
    page = desks.open(ana)
    with page.expect_response(f"**/queue/{second.pk}/?peek=1"):
        page.keyboard.press("j")
    opened(page, first)
    Claim.objects.update(by=ben)
    page.keyboard.press("a")
    expect(page.locator(f'#item[data-draft="{first.pk}"] [role=alert]')).to_contain_text("Ben Orr is on it")
    expect(page.locator("#item-ahead")).to_have_count(0)
    expect(page.locator("#item")).to_be_visible()
    desks.all[0].faults = [fault for fault in desks.all[0].faults if "409" not in fault]


def test_keys_go_on_behind_the_last_row_and_back(desks: Desks, ana: User) -> None:
    drafts = [ready_draft() for _ in range(STEP + 2)]
    page = desks.open(ana)
    page.locator(f"#row-{drafts[STEP - 1].pk}").click()
    opened(page, drafts[STEP - 1])
    page.keyboard.press("j")
    opened(page, drafts[STEP])
    expect(page.locator(".row")).to_have_count(2)
    page.keyboard.press("j")
    opened(page, drafts[-1])
    page.keyboard.press("j")
    expect(page.locator("#toast")).to_contain_text("This is the end of the list.")
    page.keyboard.press("k")
    opened(page, drafts[STEP])
    page.keyboard.press("k")
    opened(page, drafts[STEP - 1])
    expect(page.locator(f"#row-{drafts[STEP - 1].pk}")).to_be_in_viewport()
    expect(page.locator(".row")).to_have_count(STEP)


def test_later_mails_are_listed_beside_the_one_that_is_open(desks: Desks, ana: User) -> None:
    drafts = [ready_draft() for _ in range(STEP + 1)]
    page = desks.open(ana)
    page.locator(f"#row-{drafts[0].pk}").click()
    opened(page, drafts[0])
    page.get_by_role("link", name="Later mails").click()
    expect(page.locator(f"#row-{drafts[-1].pk}")).to_be_visible()
    expect(page.locator(f'#item[data-draft="{drafts[0].pk}"]')).to_be_visible()
    page.get_by_role("link", name="Back to the oldest").click()
    expect(page.locator(f"#row-{drafts[0].pk}[aria-current]")).to_be_visible()


def test_a_mail_opens_also_where_the_list_asks_for_what_is_new_meanwhile(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana)

    def late(route: Route) -> None:
        page.evaluate("htmx.trigger(document.body, 'queue-changed')")
        page.wait_for_timeout(300)
        route.continue_()

    page.route(f"**/queue/{draft.pk}/", late)
    page.locator(f"#row-{draft.pk}").click()
    shown(page, draft)


def test_later_mails_come_also_where_the_list_asks_for_what_is_new_meanwhile(desks: Desks, ana: User) -> None:
    drafts = [ready_draft() for _ in range(STEP + 1)]
    page = desks.open(ana)

    def late(route: Route) -> None:
        page.evaluate("htmx.trigger(document.body, 'queue-changed')")
        page.wait_for_timeout(300)
        route.continue_()

    page.route(TURNED, late, times=1)
    page.get_by_role("link", name="Later mails").click()
    expect(page.locator(f"#row-{drafts[-1].pk}")).to_be_visible()


def test_keys_that_failed_to_turn_lose_no_place(desks: Desks, ana: User) -> None:
    drafts = [ready_draft() for _ in range(2 * STEP + 1)]
    page = desks.open(ana)
    for last in (drafts[STEP - 1], drafts[2 * STEP - 1]):
        page.locator(f"#row-{last.pk}").click()
        opened(page, last)
        page.keyboard.press("j")
        opened(page, drafts[drafts.index(last) + 1])
    page.route(TURNED, lambda route: route.abort(), times=1)
    page.keyboard.press("k")
    expect(page.locator("#toast")).to_contain_text("The server cannot be reached.")
    page.keyboard.press("k")
    opened(page, drafts[2 * STEP - 1])
    desks.all[0].faults.clear()

"""Two people at once, each at their own browser."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from drafting.models import Draft
from review.models import Claim, Decision
from tests.browser.conftest import Desks
from tests.browser.test_reviewing import mail_from
from tests.browser.waits import opened, settle, until
from tests.review.factories import ready_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def both_on(draft: Draft, desks: Desks, ana: User, ben: User) -> tuple[Page, Page]:
    """Ana is on the draft, and Ben has asked for it."""
    hers, his = desks.open(ana), desks.open(ben)
    hers.locator(f"#row-{draft.pk}").click()
    opened(hers, draft)
    his.locator(f"#row-{draft.pk}").click()
    expect(his.locator("#item")).to_contain_text("Ana Sol is on it")
    settle(his)
    his.keyboard.press("c")
    expect(his.locator("#item")).to_contain_text("You asked Ana Sol for it")
    return hers, his


def test_who_asks_for_a_mail_gets_it_at_once(desks: Desks, ana: User, ben: User) -> None:
    first, second = ready_draft(message=mail_from("Ada")), ready_draft(message=mail_from("Bo"))
    hers, his = both_on(first, desks, ana, ben)
    expect(hers.locator("#item-notice")).to_contain_text("Ben Orr asks for this mail.")
    hers.get_by_role("button", name="Hand it to Ben Orr").click()
    opened(hers, second)
    expect(his.locator("#item-notice")).to_contain_text("you are on it now")
    opened(his, first)
    his.keyboard.press("a")
    expect(his.locator("#toast")).to_contain_text("Approved")
    assert Decision.objects.get().by == ben


def test_who_keeps_a_mail_says_so(desks: Desks, ana: User, ben: User) -> None:
    draft = ready_draft()
    hers, his = both_on(draft, desks, ana, ben)
    hers.keyboard.press("e")
    hers.locator("#edit-text").fill("Half a sentence")
    hers.get_by_role("button", name="Keep it").click()
    expect(hers.locator("#item-notice")).to_be_empty()
    expect(hers.locator("#edit-text")).to_have_value("Half a sentence")
    expect(his.locator("#item-notice")).to_contain_text("Ana Sol keeps it for now.")
    expect(his.get_by_role("button", name="Ask Ana for it")).to_be_visible()


def test_a_mail_is_free_as_soon_as_its_page_is_left(desks: Desks, ana: User, ben: User) -> None:
    draft = ready_draft()
    hers, his = desks.open(ana), desks.open(ben)
    hers.keyboard.press("j")
    opened(hers, draft)
    his.keyboard.press("j")
    expect(his.locator("#item")).to_contain_text("Ana Sol is on it")
    hers.get_by_role("link", name="Conversations").click()
    expect(his.get_by_role("button", name="Approve & send")).to_be_visible()
    his.mouse.move(300, 300)
    his.mouse.move(320, 320)
    until(lambda: Claim.objects.filter(by=ben).exists(), his)
    assert Claim.objects.get().by == ben


def test_a_page_that_is_loaded_again_keeps_its_mail(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, draft)
    page.reload()
    opened(page, draft)
    page.wait_for_timeout(500)
    assert Claim.objects.get().by == ana


def test_two_who_press_the_key_at_once_decide_once(desks: Desks, ana: User, ben: User) -> None:
    draft = ready_draft()
    hers, his = desks.open(ana), desks.open(ben)
    hers.keyboard.press("j")
    opened(hers, draft)
    Claim.objects.all().delete()
    his.keyboard.press("j")
    opened(his, draft)
    Claim.objects.all().delete()
    for page in (hers, his):
        page.evaluate("document.querySelector('[data-key=a]').click()")
    for page in (hers, his):
        expect(page.locator("#item[data-draft] .decide [data-key=a]")).to_have_count(0)
    assert Decision.objects.count() == 1
    for desk in desks.all:
        desk.faults = [fault for fault in desk.faults if "409" not in fault]


def test_with_many_mails_two_people_never_collide(desks: Desks, ana: User, ben: User) -> None:
    drafts = [ready_draft(message=mail_from(f"Customer {number}")) for number in range(8)]
    pages = [desks.open(ana), desks.open(ben)]
    for page, draft in zip(pages, (drafts[0], drafts[4]), strict=True):
        page.locator(f"#row-{draft.pk}").click()
        opened(page, draft)
    for page in pages * 30:
        if Decision.objects.count() == len(drafts):
            break
        page.keyboard.press("a" if page.locator("#item[data-draft] [data-key=a]").count() else "j")
        settle(page)
    for page in pages:
        page.wait_for_load_state("networkidle")
    decided = list(Decision.objects.values_list("draft", "by"))
    assert len({draft for draft, _ in decided}) == len(decided) == len(drafts)
    assert {by for _, by in decided} == {ana.pk, ben.pk}

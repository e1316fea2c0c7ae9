"""While somebody reads and writes, mails arrive and colleagues decide: nothing moves by a pixel."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, Route, expect

from drafting.models import Draft
from review import decisions
from tests.browser.conftest import Desks
from tests.browser.test_reviewing import mail_from
from tests.browser.waits import opened
from tests.drafting.factories import make_message
from tests.review.factories import ready_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "\n\n".join(
    f"This is paragraph {number} of a long text, and it goes on for quite a while so that it has to be scrolled." for number in range(40)
)
WORDS = ("while", "this", "is", "being", "typed", "mails", "arrive", "and", "others", "leave")
PLACES = """
(row) => ({
  pointed: document.querySelector(".row:hover")?.id,
  row: document.getElementById(row).getBoundingClientRect().top,
  list: document.querySelector(".rows-scroll").scrollTop,
  item: document.getElementById("item").scrollTop,
  talk: document.querySelector(".talk").scrollTop,
  draft: document.querySelector(".draft").scrollTop,
  page: document.scrollingElement.scrollTop,
  box: document.getElementById("edit-text").scrollTop,
  edge: document.getElementById("edit-text").getBoundingClientRect().top,
  text: document.getElementById("edit-text").value,
  caret: [document.getElementById("edit-text").selectionStart, document.getElementById("edit-text").selectionEnd],
  focus: document.activeElement.id,
})
"""
WATCH = """
(row) => {
  window.tops = new Set();
  const look = () => {
    window.tops.add(document.getElementById(row).getBoundingClientRect().top);
    requestAnimationFrame(look);
  };
  look();
}
"""
"""Keeps where the row is in every frame, so that not even one that jumps and comes back goes unseen.

A list scrolls by whole pixels while rows are as high as their text: parts of a pixel are no jump.
"""

SEEN = """
() => {
  window.seen = [];
  const look = () => {
    const shown = (document.getElementById("item-ahead") ?? document.getElementById("item")).dataset.draft;
    if (window.seen.at(-1) !== shown) window.seen.push(shown);
    requestAnimationFrame(look);
  };
  look();
}
"""
"""Keeps which mails were on the screen, frame by frame."""


def settled(page: Page, drafts: list[Draft], pointed: Draft) -> dict[str, Any]:
    """Somebody in the middle of everything: list, mail, draft and text are scrolled, and the pointer rests on a row."""
    page.keyboard.press("j")
    opened(page, drafts[0])
    page.keyboard.press("e")
    page.evaluate("document.getElementById('edit-text').setSelectionRange(1500, 1500)")
    page.keyboard.type("Half a sentence ")
    for place, offset in {".rows-scroll": 420, ".talk": 333, ".draft": 40, "#edit-text": 250}.items():
        page.locator(place).evaluate(f"one => one.scrollTo(0, {offset})")
    page.locator(f"#row-{pointed.pk}").hover()
    page.wait_for_timeout(200)
    page.evaluate(WATCH, f"row-{pointed.pk}")
    places: dict[str, Any] = page.evaluate(PLACES, f"row-{pointed.pk}")
    assert (places["pointed"], places["list"], places["talk"]) == (f"row-{pointed.pk}", 420, 333)
    assert places["box"] > 0
    return places


def waiting(n: int) -> list[Draft]:
    """The oldest is long to read and its draft long to edit."""
    return [
        ready_draft(message=make_message(LONG), body=LONG),
        *(ready_draft(message=mail_from(f"Customer {number}")) for number in range(n - 1)),
    ]


def news_come(page: Page, words: str) -> None:
    """The list asks often enough for news to be there within 3 s, which a busy machine may take longer to paint."""
    every = re.search(r"every ([0-9]+)ms", str(page.locator("#queue-rows").get_attribute("hx-trigger")))
    assert every
    assert int(every[1]) <= 2_500
    expect(page.locator("#queue-rows .summary")).to_contain_text(words)


def test_ten_mails_arrive_and_others_are_decided_and_nothing_moves(desks: Desks, ana: User, ben: User) -> None:
    drafts = waiting(18)
    page = desks.open(ana)
    before = settled(page, drafts, drafts[8])
    for number in range(10):
        ready_draft(message=mail_from(f"Somebody new {number}"))
    for draft in drafts[12:15]:
        decisions.no_reply(draft=draft, by=ben)
    news_come(page, "25 mails")
    page.wait_for_timeout(200)
    assert page.evaluate(PLACES, f"row-{drafts[8].pk}") == before
    assert page.evaluate("[...window.tops]") == [before["row"]]


def test_what_goes_above_the_pointer_moves_nothing_under_it(desks: Desks, ana: User, ben: User) -> None:
    drafts = waiting(24)
    page = desks.open(ana)
    before = settled(page, drafts, drafts[8])
    for draft in drafts[1:4]:
        decisions.no_reply(draft=draft, by=ben)
    news_come(page, "21 mails")
    page.wait_for_timeout(200)
    after = page.evaluate(PLACES, f"row-{drafts[8].pk}")
    assert after.pop("list") < before.pop("list")
    top = before.pop("row")
    assert abs(after.pop("row") - top) < 1
    assert after == before
    assert all(abs(seen - top) < 1 for seen in page.evaluate("[...window.tops]"))


def test_the_end_of_a_list_that_becomes_shorter_stays_under_the_pointer(desks: Desks, ana: User, ben: User) -> None:
    drafts = waiting(14)
    page = desks.open(ana)
    page.locator(".rows-scroll").evaluate("list => list.scrollTo(0, list.scrollHeight)")
    page.locator(f"#row-{drafts[10].pk}").hover()
    page.evaluate(WATCH, f"row-{drafts[10].pk}")
    for draft in drafts[11:]:
        decisions.no_reply(draft=draft, by=ben)
    news_come(page, "11 mails")
    page.wait_for_timeout(200)
    tops = page.evaluate("[...window.tops]")
    assert max(tops) - min(tops) < 1
    page.mouse.wheel(0, -2000)
    decisions.no_reply(draft=drafts[1], by=ben)
    news_come(page, "10 mails")
    expect(page.locator(".rows-scroll")).to_have_css("padding-bottom", "0px")


def test_typing_goes_on_through_all_of_it(desks: Desks, ana: User, ben: User) -> None:
    """No letter is lost or put elsewhere while rows come and go between them."""
    drafts = waiting(12)
    page = desks.open(ana)
    before = settled(page, drafts, drafts[5])
    typed = ""
    for number, word in enumerate(WORDS):
        if number < len(drafts[6:]):
            decisions.no_reply(draft=drafts[6 + number], by=ben)
            ready_draft(message=mail_from(f"Somebody new {number}"))
        page.keyboard.type(f"{word} ", delay=60)
        typed += f"{word} "
    place = before["caret"][0]
    assert page.locator("#edit-text").input_value() == before["text"][:place] + typed + before["text"][place:]
    assert page.evaluate("[...window.tops]") == [before["row"]]


def test_the_next_mail_stays_while_its_answer_takes_long_and_the_list_is_asked_for(desks: Desks, ana: User) -> None:
    """It shows before the server has answered, and nothing else that is answered meanwhile brings the old mail back."""
    first, second = ready_draft(message=mail_from("Ada")), ready_draft(message=mail_from("Bo"))
    page = desks.open(ana)
    with page.expect_response(f"**/queue/{second.pk}/?peek=1"):
        page.keyboard.press("j")
    opened(page, first)
    page.evaluate(SEEN)

    def late(route: Route) -> None:
        page.wait_for_timeout(3500)
        route.continue_()

    page.route("**/approve/", late)
    with page.expect_response("**/queue/rows/**"):
        page.keyboard.press("a")
    opened(page, second)
    assert page.evaluate("window.seen") == [str(first.pk), str(second.pk)]

"""Fifty mails, from the first to the empty queue, by somebody who never touches the mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from drafting.models import Draft
from inbox.models import Conversation, OutgoingMail
from review.decisions import standing_decision
from review.models import Decision, Note
from tests.browser.conftest import Desks
from tests.drafting.factories import make_message
from tests.review.factories import BODY, ready_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SETTLE = 415
"""Milliseconds before a key is taken for what has just been painted."""
TELL_MOUSE = """
for (const name of ["pointerdown", "mousedown", "wheel", "touchstart", "contextmenu", "dragstart"])
  addEventListener(name, (event) => event.isTrusted && console.error(`MOUSE ${name}`), { capture: true });
"""
ARRIVED = """
async ([draft, settle]) => {
  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const until = performance.now() + 20_000;
  const row = () => document.querySelector(`#row-${draft}[aria-current]`);
  while (!(document.querySelector(`#item[data-draft="${draft}"]`)?.checkVisibility() && row())) {
    if (performance.now() > until) return { item: document.getElementById("item").dataset.draft, row: Boolean(row()) };
    await wait(20);
  }
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await wait(settle);
  const [list, { top, bottom }] = [document.querySelector(".rows-scroll").getBoundingClientRect(), row().getBoundingClientRect()];
  const at = document.activeElement;
  const focus = at.matches("#item .talk, .row") ? "mail" : at.id || at.tagName;
  return { item: draft, row: top >= list.top - 1 && bottom <= list.bottom + 1, focus };
}
"""
"""Waits for a draft to be open and settled; says whether its row can be seen and where the keyboard is."""
AT = "() => document.activeElement === document.body ? '' : (document.activeElement.labels?.[0] ?? document.activeElement).innerText"


class Reviewer:
    """Somebody who works with keys, and a list of what should be waiting for them."""

    def __init__(self, page: Page, waiting: list[Draft]) -> None:
        self.page, self.waiting, self.decided = page, waiting, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def is_on(self, draft: Draft) -> None:
        """The draft is open, the list marks it, and the keyboard goes on in it."""
        assert self.page.evaluate(ARRIVED, [str(draft.pk), SETTLE]) == {"item": str(draft.pk), "row": True, "focus": "mail"}

    def next_of(self, draft: Draft) -> Draft | None:
        """What comes after this one, or from the top; None after the last."""
        place = self.waiting.index(draft)
        onward = [*self.waiting[place + 1 :], *self.waiting[:place]]
        return onward[0] if onward else None

    def goes_on(self, draft: Draft) -> None:
        """The draft has gone, and the next is open."""
        following = self.next_of(draft)
        self.waiting.remove(draft)
        if following:
            self.is_on(following)
        else:
            expect(self.page.locator("#item .empty")).to_be_visible()

    def tab_to(self, words: str) -> None:
        """Go with the tabulator to what a screen reader would call `words`."""
        for _ in range(120):
            self.press("Tab")
            if words in self.page.evaluate(AT):
                return
        raise AssertionError(f"The tabulator never comes to {words}.")

    def has_decided(self, draft: Draft, kind: str, **about: Any) -> None:
        """Exactly this decision came to exist."""
        self.decided += 1
        decision = standing_decision(draft)
        assert decision is not None
        assert (decision.kind, Decision.objects.filter(draft=draft, undone_at=None).count()) == (kind, 1)
        assert {name: getattr(decision, name) for name in about} == about
        assert Decision.objects.filter(undone_at=None).count() == self.decided


def approve(reviewer: Reviewer, draft: Draft) -> None:
    reviewer.press("a")
    reviewer.goes_on(draft)
    reviewer.has_decided(draft, "approved", final_text=BODY)


def edit(reviewer: Reviewer, draft: Draft) -> None:
    reviewer.press("e")
    expect(reviewer.page.locator("#edit-text")).to_be_focused()
    reviewer.type("Good morning, a j k r u! ")
    reviewer.press("Control+Enter")
    reviewer.goes_on(draft)
    reviewer.press("4")
    expect(reviewer.page.locator("#toast")).to_contain_text("Noted")
    reviewer.has_decided(draft, "edited", final_text=f"Good morning, a j k r u! {BODY}", edit_reason="tone")


def edit_and_skip_the_reason(reviewer: Reviewer, draft: Draft) -> None:
    reviewer.press("e", "Escape", "e")
    reviewer.type("P.S. ")
    reviewer.press("Control+Enter")
    reviewer.goes_on(draft)
    reviewer.has_decided(draft, "edited", final_text=f"P.S. {BODY}", edit_reason="")


def reject(reviewer: Reviewer, draft: Draft) -> None:
    """The assistant writes again; its new draft waits at the end."""
    reviewer.press("r")
    expect(reviewer.page.locator("#reject-reason")).to_be_focused()
    reviewer.type("The date is wrong, it is the 14th.")
    reviewer.press("Control+Enter")
    reviewer.goes_on(draft)
    reviewer.has_decided(draft, "rejected", reason="The date is wrong, it is the 14th.")
    again = Draft.objects.get(message=draft.message, state=Draft.State.QUEUED)
    Draft.objects.filter(pk=again.pk).update(state=Draft.State.READY, setup=draft.setup, category=draft.category, body=BODY, language="en")
    reviewer.waiting.append(again)


def take_over(reviewer: Reviewer, draft: Draft) -> None:
    reviewer.press("t")
    expect(reviewer.page.locator("#reply-text")).to_be_focused()
    reviewer.type("Dear Ann, I looked it up myself.")
    reviewer.press("Control+Enter")
    reviewer.goes_on(draft)
    reviewer.has_decided(draft, "taken_over", final_text="Dear Ann, I looked it up myself.")


def no_reply(reviewer: Reviewer, draft: Draft) -> None:
    reviewer.press("n")
    reviewer.goes_on(draft)
    reviewer.has_decided(draft, "no_reply", outgoing=None)


def undo(reviewer: Reviewer, draft: Draft) -> None:
    reviewer.press("a")
    following = reviewer.next_of(draft)
    assert following is not None
    reviewer.is_on(following)
    reviewer.press("u")
    reviewer.is_on(draft)
    assert standing_decision(draft) is None
    no_reply(reviewer, draft)


def note(reviewer: Reviewer, draft: Draft) -> None:
    reviewer.press("i")
    expect(reviewer.page.locator("#note-text")).to_be_focused()
    reviewer.type("She called this morning.")
    reviewer.press("Control+Enter")
    expect(reviewer.page.locator("#toast")).to_contain_text("Noted, for colleagues only.")
    reviewer.is_on(draft)
    assert Note.objects.get(conversation=draft.conversation).text == "She called this morning."
    approve(reviewer, draft)


def assign_to_oneself(reviewer: Reviewer, draft: Draft) -> None:
    reviewer.press("g", "1")
    expect(reviewer.page.locator("#item")).to_contain_text("Assigned to you")
    reviewer.is_on(draft)
    approve(reviewer, draft)


def assign_to_ben(reviewer: Reviewer, draft: Draft) -> None:
    """It is not opened again by itself."""
    reviewer.press("g", "3")
    reviewer.goes_on(draft)
    assert Conversation.objects.get(pk=draft.conversation_id).assigned_to == User.objects.get(username="ben")


def snooze(reviewer: Reviewer, draft: Draft) -> None:
    reviewer.press("s", "1")
    reviewer.goes_on(draft)
    assert Conversation.objects.get(pk=draft.conversation_id).state == Conversation.State.SNOOZED


def back_and_forth(reviewer: Reviewer, draft: Draft) -> None:
    following = reviewer.next_of(draft)
    assert following is not None
    reviewer.press("j")
    reviewer.is_on(following)
    reviewer.press("k")
    reviewer.is_on(draft)
    reviewer.press("?")
    expect(reviewer.page.locator("#help")).to_be_visible()
    reviewer.press("a", "Escape")
    expect(reviewer.page.locator("#help")).to_be_hidden()
    approve(reviewer, draft)


def find_by_filter(reviewer: Reviewer, draft: Draft) -> None:
    """With the filter set the queue is this mail alone, and empty after it."""
    reviewer.press("f")
    reviewer.type(draft.message.from_name)
    reviewer.press("Enter")
    expect(reviewer.page.locator("html.has-script .row")).to_have_count(1)
    reviewer.press("j")
    reviewer.is_on(draft)
    reviewer.press("n")
    expect(reviewer.page.locator(".rows-scroll")).to_contain_text("Nothing matches")
    following = reviewer.next_of(draft)
    assert following is not None
    reviewer.waiting.remove(draft)
    reviewer.has_decided(draft, "no_reply")
    reviewer.press("f", "Control+a", "Delete", "Enter")
    begin_at(reviewer, following)


def search(reviewer: Reviewer, draft: Draft) -> None:
    """Look an older mail up, and come back by the keyboard too."""
    reviewer.press("/")
    reviewer.type("order")
    reviewer.press("Enter")
    reviewer.page.wait_for_url("**/conversations/?*q=order*")
    reviewer.tab_to("Queue")
    reviewer.press("Enter")
    begin_at(reviewer, draft)
    approve(reviewer, draft)


def begin_at(reviewer: Reviewer, draft: Draft) -> None:
    """From a list in which nothing is open, down to this one."""
    expect(reviewer.page.locator("html.has-script .item-none")).to_be_visible()
    for one in reviewer.waiting[: reviewer.waiting.index(draft) + 1]:
        reviewer.press("j")
        reviewer.is_on(one)


Step = Callable[[Reviewer, Draft], None]
DECIDING: list[Step] = [approve, edit, no_reply, reject, take_over]
BESIDE: list[Step] = [
    undo,
    note,
    snooze,
    back_and_forth,
    edit_and_skip_the_reason,
    assign_to_oneself,
    assign_to_ben,
    find_by_filter,
    search,
]
STEPS = [*DECIDING, *BESIDE, *DECIDING * 3, undo, note, approve, *[approve, no_reply, approve, edit, take_over] * 3, *[approve] * 3]


def bring_back_what_was_snoozed(reviewer: Reviewer, drafts: list[Draft]) -> None:
    for draft in drafts:
        reviewer.tab_to("Snoozed")
        reviewer.press("Space")
        reviewer.page.wait_for_url("**snoozed=1*")
        reviewer.press("j")
        reviewer.is_on(draft)
        reviewer.press("s")
        expect(reviewer.page.locator("#toast")).to_contain_text("back")
        reviewer.page.goto(reviewer.page.url.split("/queue/")[0] + "/queue/")
        reviewer.waiting.append(draft)
        reviewer.press("j")
        reviewer.is_on(draft)
        approve(reviewer, draft)


def take_back_from_ben(reviewer: Reviewer, draft: Draft) -> None:
    reviewer.waiting.append(draft)
    reviewer.tab_to(draft.message.from_name)
    reviewer.press("Enter")
    reviewer.is_on(draft)
    reviewer.press("g", "2")
    expect(reviewer.page.locator("#item")).not_to_contain_text("Assigned to Ben")
    reviewer.is_on(draft)
    approve(reviewer, draft)


def test_fifty_mails_are_worked_off_without_touching_the_mouse(desks: Desks, ana: User, ben: User) -> None:
    drafts = [ready_draft(message=make_message(from_name=f"Customer {number:02}", subject="My order")) for number in range(1, 51)]
    page = desks.open(ana)
    page.evaluate(TELL_MOUSE)
    page.context.add_init_script(TELL_MOUSE)
    reviewer = Reviewer(page, list(drafts))
    reviewer.press("j")
    reviewer.is_on(drafts[0])
    for step, draft in zip(STEPS, drafts, strict=True):
        step(reviewer, draft)
    while reviewer.waiting:
        approve(reviewer, reviewer.waiting[0])
    bring_back_what_was_snoozed(reviewer, [draft for step, draft in zip(STEPS, drafts, strict=True) if step is snooze])
    take_back_from_ben(reviewer, drafts[STEPS.index(assign_to_ben)])
    expect(page.locator(".rows-scroll")).to_contain_text("All done")
    expect(page.locator("#item")).to_contain_text("Nothing to review")
    decisions = Decision.objects.filter(undone_at=None)
    assert set(decisions.values_list("by", flat=True)) == {ana.pk}
    assert {decision.draft.message_id for decision in decisions.select_related("draft")} == {draft.message_id for draft in drafts}
    sent = decisions.filter(kind__in=["approved", "edited", "taken_over"]).count()
    assert OutgoingMail.objects.exclude(state=OutgoingMail.State.CANCELLED).count() == sent

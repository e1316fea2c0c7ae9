"""A reviewer at work, with the keyboard alone."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Dialog, expect

from drafting.models import Draft
from inbox.models import Message, OutgoingMail
from review import decisions
from review.models import Claim, Decision
from tests.browser.conftest import Desks
from tests.browser.waits import opened, settle, shown
from tests.drafting.factories import make_conversation, make_draft, make_message
from tests.review.factories import attach, handed_over_draft, picture, ready_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ON_ARRIVAL = """
(act) => document.addEventListener("htmx:afterSwap", async function once({ detail }) {
  if (detail.target.id !== "item") return;
  document.removeEventListener("htmx:afterSwap", once);
  await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  await new Promise((done) => setTimeout(done, 50));
  if (act === "key") document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
  else document.querySelector("#item [data-key=a]").click();
  window.acted = true;
})
"""
"""Approves once more, by key or click, as soon as the next item has been painted: sooner than anybody can have read it."""


def mail_from(name: str) -> Message:
    return make_message(from_name=name, subject=f"A question by {name}")


def test_mails_are_worked_off_without_the_mouse(desks: Desks, ana: User) -> None:
    first, second, third, fourth = (ready_draft(message=mail_from(name)) for name in ("Ada", "Bo", "Cy", "Di"))
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, first)
    page.keyboard.press("a")
    opened(page, second)
    expect(page.locator("#toast")).to_contain_text("Approved. It leaves for")
    page.keyboard.press("e")
    page.locator("#edit-text").fill("Hello Bo,\n\nit is on its way.")
    page.keyboard.press("Control+Enter")
    opened(page, third)
    page.keyboard.press("1")
    expect(page.locator("#toast")).to_contain_text("Noted")
    page.keyboard.press("r")
    page.keyboard.type("The date is wrong.")
    page.keyboard.press("Control+Enter")
    opened(page, fourth)
    page.keyboard.press("n")
    expect(page.locator("#toast")).to_contain_text("No reply needed")
    kinds = dict(Decision.objects.values_list("draft", "kind"))
    assert kinds == {first.pk: "approved", second.pk: "edited", third.pk: "rejected", fourth.pk: "no_reply"}
    assert Decision.objects.get(draft=second).edit_reason == "wrong_fact"
    assert OutgoingMail.objects.count() == 2


def test_a_mail_is_taken_over_and_answered_by_hand(desks: Desks, ana: User) -> None:
    draft = handed_over_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, draft)
    page.keyboard.press("t")
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.type("Dear Ann, I looked it up myself.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toast")).to_contain_text("Reply written")
    assert "I looked it up myself." in OutgoingMail.objects.get().body


def test_a_decision_is_undone_with_one_key(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, draft)
    page.keyboard.press("a")
    expect(page.locator("#item .empty")).to_be_visible()
    page.keyboard.press("u")
    opened(page, draft)
    assert OutgoingMail.objects.get().state == OutgoingMail.State.CANCELLED
    assert decisions.standing_decision(draft) is None


def test_a_key_that_is_held_down_decides_one_mail_only(desks: Desks, ana: User) -> None:
    first, second = ready_draft(), ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, first)
    for _ in range(6):
        page.keyboard.down("a")
        page.wait_for_timeout(60)
    page.keyboard.up("a")
    opened(page, second)
    assert Decision.objects.count() == 1


def test_a_key_pressed_twice_does_not_decide_the_next_mail_unseen(desks: Desks, ana: User) -> None:
    first, second, third = ready_draft(), ready_draft(), ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, first)
    page.evaluate(ON_ARRIVAL, "key")
    page.keyboard.press("a")
    opened(page, second)
    assert page.evaluate("window.acted")
    assert Decision.objects.count() == 1
    page.keyboard.press("a")
    shown(page, third)
    assert Decision.objects.count() == 2


def test_a_double_click_decides_one_mail(desks: Desks, ana: User) -> None:
    first, second = ready_draft(), ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, first)
    page.evaluate(ON_ARRIVAL, "click")
    page.get_by_role("button", name="Approve & send").click()
    opened(page, second)
    assert page.evaluate("window.acted")
    assert Decision.objects.count() == 1


def test_the_list_stays_and_the_next_row_comes_into_view(desks: Desks, ana: User) -> None:
    drafts = [ready_draft() for _ in range(30)]
    page = desks.open(ana)
    scroller = page.locator(".rows-scroll")
    scroller.evaluate("list => list.scrollTo(0, 900)")
    page.locator(f"#row-{drafts[12].pk}").click()
    opened(page, drafts[12])
    before = scroller.evaluate("list => list.scrollTop")
    page.keyboard.press("n")
    opened(page, drafts[13])
    assert scroller.evaluate("list => list.scrollTop") == before
    expect(page.locator(f"#row-{drafts[13].pk}")).to_be_in_viewport(ratio=1)
    scroller.evaluate("list => list.scrollTo(0, 0)")
    page.keyboard.press("n")
    opened(page, drafts[14])
    expect(page.locator(f"#row-{drafts[14].pk}")).to_be_in_viewport(ratio=1)


def test_the_keyboard_goes_on_in_the_new_mail(desks: Desks, ana: User) -> None:
    first, second = ready_draft(), ready_draft()
    page = desks.open(ana)
    page.locator(f"#row-{first.pk}").press("Enter")
    opened(page, first)
    expect(page.locator(f"#row-{first.pk}")).to_be_focused()
    page.get_by_role("button", name="Approve & send").press("Enter")
    opened(page, second)
    expect(page.get_by_role("article", name="Conversation")).to_be_focused()


def test_escape_keeps_what_was_typed_and_nothing_else_is_sent_by_mistake(desks: Desks, ana: User) -> None:
    first, second = ready_draft(), ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, first)
    page.keyboard.press("e")
    page.locator("#edit-text").fill("Half a sentence")
    page.keyboard.press("Escape")
    expect(page.locator("#edit-text")).to_be_hidden()
    expect(page.get_by_role("link", name="Edit")).to_have_attribute("title", "What you typed is kept here")
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", refuse)
    with page.expect_event("dialog"):
        page.keyboard.press("a")
    assert asked == ["What you typed is not sent with this. Go on without it?"]
    assert not Decision.objects.exists()
    page.keyboard.press("e")
    expect(page.locator("#edit-text")).to_have_value("Half a sentence")
    page.keyboard.press("Control+Enter")
    opened(page, second)
    assert Decision.objects.get().final_text == "Half a sentence"


def test_a_box_that_was_made_larger_breaks_no_policy(desks: Desks, ana: User) -> None:
    first, second = ready_draft(), ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, first)
    page.keyboard.press("e")
    page.locator("#edit-text").evaluate("box => (box.style.height = '400px')")
    page.locator("#edit-text").fill("It is on its way.")
    page.keyboard.press("Control+Enter")
    opened(page, second)
    assert page.locator("#edit-text").get_attribute("style") is None


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844)], ids=["wide", "middle", "phone"])
def test_the_notice_covers_no_button(size: tuple[int, int], desks: Desks, ana: User) -> None:
    first, second = ready_draft(), ready_draft()
    page = desks.open(ana, viewport={"width": size[0], "height": size[1]})
    page.locator(f"#row-{first.pk}").click()
    shown(page, first)
    settle(page)
    page.get_by_role("button", name="Approve & send").click()
    shown(page, second)
    notice, buttons = page.locator(".toast").bounding_box(), page.locator(".decide .buttons").bounding_box()
    assert notice is not None
    assert buttons is not None
    is_beside = notice["x"] + notice["width"] <= buttons["x"]
    assert is_beside or notice["y"] + notice["height"] <= buttons["y"]


def test_the_address_of_a_mail_is_its_own(desks: Desks, ana: User) -> None:
    first, second = ready_draft(), ready_draft()
    page = desks.open(ana)
    page.locator(f"#row-{first.pk}").click()
    opened(page, first)
    page.locator(f"#row-{second.pk}").click()
    opened(page, second)
    assert page.url == f"{desks.address}/queue/{second.pk}/"


def test_new_mail_appears_by_itself_and_moves_nothing(desks: Desks, ana: User) -> None:
    draft = ready_draft(message=mail_from("Ada"))
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, draft)
    page.keyboard.press("e")
    page.locator("#edit-text").fill("Half a sentence")
    new = ready_draft(message=mail_from("Bo"))
    expect(page.locator(f"#row-{new.pk}")).to_be_visible()
    expect(page.locator("#edit-text")).to_have_value("Half a sentence")
    expect(page.locator("#edit-text")).to_be_focused()
    expect(page.locator(f"#row-{draft.pk}")).to_have_attribute("aria-current", "true")


def test_a_list_that_was_scrolled_stays_where_it_is(desks: Desks, ana: User) -> None:
    for _ in range(25):
        ready_draft()
    page = desks.open(ana)
    scroller = page.locator(".rows-scroll")
    scroller.evaluate("list => list.scrollTo(0, 700)")
    new = ready_draft()
    expect(page.locator(f"#row-{new.pk}")).to_be_attached()
    assert scroller.evaluate("list => list.scrollTop") == 700


def test_a_draft_appears_when_it_is_written(desks: Desks, ana: User) -> None:
    draft = make_draft(message=mail_from("Ada"))
    page = desks.open(ana)
    page.keyboard.press("j")
    expect(page.locator("#item")).to_contain_text("The draft is being written")
    ready_draft(message=mail_from("Bo"))
    Draft.objects.filter(pk=draft.pk).update(state="handed_over", hand_over_reason="unsure", hand_over_words="Two orders could be meant.")
    expect(page.locator("#item")).to_contain_text("Two orders could be meant.")


def test_two_people_never_decide_the_same_draft(desks: Desks, ana: User, ben: User) -> None:
    draft = ready_draft()
    hers, his = desks.open(ana), desks.open(ben)
    hers.keyboard.press("j")
    opened(hers, draft)
    his.keyboard.press("j")
    expect(his.locator("#item")).to_contain_text("Ana Sol is on it")
    expect(his.locator('[data-key="a"]')).to_have_count(0)
    hers.keyboard.press("a")
    expect(hers.locator("#toast")).to_contain_text("Approved")
    assert Decision.objects.get().by == ana


def test_who_comes_second_sees_what_happened_and_keeps_their_text(desks: Desks, ana: User, ben: User) -> None:
    draft = ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, draft)
    page.keyboard.press("e")
    page.locator("#edit-text").fill("What Ana wrote.")
    Claim.objects.all().delete()
    decisions.approve(draft=draft, by=ben)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#item [role=alert]")).to_contain_text("Ben Orr approved the draft")
    expect(page.locator("#item textarea.kept")).to_have_value("What Ana wrote.")
    assert Decision.objects.count() == 1
    desks.all[0].faults = [fault for fault in desks.all[0].faults if "409" not in fault]


def test_pointing_at_a_detail_lights_its_evidence(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana)
    page.keyboard.press("j")
    opened(page, draft)
    page.locator("a.atom").hover()
    expect(page.locator(f"#evidence-{draft.evidence.get().pk}.is-lit")).to_be_visible()


def test_the_html_of_a_mail_loads_nothing_and_runs_nothing(desks: Desks, ana: User) -> None:
    html = "<p>Hello</p><img src='http://tracker.example/pixel.gif'><script>top.evil = 1</script><style>@import 'http://tracker.example/a.css'</style>"
    message = make_message(html=html)
    attach(message, drawing__png=picture())
    draft = ready_draft(message=message)
    page = desks.open(ana)
    page.goto(f"{desks.address}/queue/{draft.pk}/")
    page.locator(".as-html summary").click()
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("Hello")
    assert page.evaluate("window.evil === undefined")
    expect(page.locator(".files img")).to_be_visible()
    assert page.evaluate("document.querySelector('.files img').naturalWidth") == 48


def test_on_a_phone_one_pane_shows_at_a_time_and_nothing_is_cut(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana, viewport={"width": 390, "height": 844}, has_touch=True)
    page.locator(f"#row-{draft.pk}").tap()
    expect(page.locator("#item .paper")).to_be_visible()
    expect(page.locator(".list")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    buttons = page.locator("#item .decide")
    assert buttons.evaluate("node => node.offsetHeight") <= 64
    expect(buttons.get_by_role("button", name="No reply")).to_be_hidden()
    buttons.locator("label.on-phone").tap()
    expect(buttons.get_by_role("button", name="No reply")).to_be_visible()
    page.get_by_role("link", name="Edit").tap()
    expect(page.locator("#edit-text")).to_be_in_viewport()
    page.get_by_role("link", name="Cancel").first.tap()
    page.get_by_role("link", name="Queue").first.tap()
    expect(page.locator(".list")).to_be_visible()


def test_without_scripts_a_mail_is_answered_too(desks: Desks, ana: User) -> None:
    first, second = ready_draft(), ready_draft()
    page = desks.open(ana, java_script_enabled=False)
    page.locator(f"#row-{first.pk}").click()
    page.get_by_role("button", name="Approve & send").click()
    expect(page.locator(f'#item[data-draft="{second.pk}"]')).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    page.locator("#edit-text").fill("By form alone.")
    page.locator("#edit .button-primary").click()
    page.get_by_role("button", name="Undo").click()
    assert {decision.kind for decision in Decision.objects.all()} == {"approved", "edited"}
    assert Decision.objects.filter(undone_at=None).count() == 1


def test_the_theme_is_kept(desks: Desks, ana: User) -> None:
    page = desks.open(ana)
    page.locator(".account summary").click()
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_help_shows_the_keys(desks: Desks, ana: User) -> None:
    page = desks.open(ana)
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()


def test_the_mail_to_answer_is_in_view_however_long_its_conversation_is(desks: Desks, ana: User) -> None:
    talk, now = make_conversation(), timezone.now()
    for number in range(12):
        make_message("Some words.", conversation=talk, received_at=now - timedelta(hours=20 - number))
    message = make_message("Where is it now? " * 50, conversation=talk, received_at=now, authenticity="fail")
    first, draft = ready_draft(), ready_draft(message=message)
    page = desks.open(ana)
    page.locator(f"#row-{first.pk}").click()
    opened(page, first)
    page.keyboard.press("n")
    opened(page, draft)
    expect(page.locator(f"#message-{message.pk} > summary")).to_be_in_viewport(ratio=1)
    expect(page.locator(f"#message-{message.pk} .mail-text")).to_be_in_viewport(ratio=0.9)
    expect(page.get_by_text("authentication failed")).to_be_in_viewport(ratio=1)
    expect(page.locator(".pane-head")).to_be_in_viewport(ratio=1)

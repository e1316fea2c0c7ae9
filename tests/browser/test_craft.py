"""What every page owes to whoever reads it, in both themes, on a wide screen and on a phone: axe-core finds nothing serious, nothing breaks
the policy or writes an error, no other host is asked, nothing is wider than a phone."""

from collections.abc import Iterator
from importlib.resources import files

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import Desk, Desks
from tests.browser.pictures import PICTURES
from tests.browser.screenshots import WIDER, reach
from tests.browser.waits import settle
from tests.review.addresses import BY_ROLE, OWN, OWN_THINGS, POSTED, address
from tests.review.factories import make_person, ready_draft
from tests.review.samples import seed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
LOOK = """async ([theme, isWhole]) => {
    const all = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], rules: { "target-size": { enabled: true } } };
    const about = { ...(theme === "light" ? all : { runOnly: ["color-contrast"] }), resultTypes: ["violations"], iframes: false };
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    const { violations } = await axe.run(isWhole ? document : document.querySelector("main") ?? document, about);
    return violations.filter((one) => ["serious", "critical"].includes(one.impact)).map((one) => {
        const { html, any } = one.nodes[0];
        return `${one.id} ×${one.nodes.length}: ${html.slice(0, 140)} ${any[0]?.message ?? ""}`;
    });
}"""
"""Everything that is serious in the light theme; in the dark one what colours can break. The whole page, or what is not its frame."""
TALL = """Math.ceil(Math.max(...[...document.querySelectorAll("html, main, #item")].map(
    (node) => node.scrollHeight + Math.max(node.getBoundingClientRect().top, 0))))"""
"""The height of all that can be scrolled to: on a phone an open mail scrolls, not the page."""
IS_PAGE = "document.contentType === 'text/html' && document.doctype !== null"
SIZES = {"wide": (1440, 900), "phone": (390, 844)}
PAGES = sorted((OWN | BY_ROLE["admin"]) - POSTED - OWN_THINGS - {"message_html"})
"""The names of all addresses that can be gone to; some of them are parts of pages or files. What a customer wrote is not ours."""
STATES = {
    *("sign-in", "sign-in-forgotten", "sign-in-wrong", "sign-in-old-link", "invitation-gone", "no-role", "403", "404"),
    *("queue-filtered-to-nothing", "item-rejecting", "item-editing", "help", "account", "conversations-nothing-found"),
    *("admin-menu", "rule-wrong", "rule-checked", "rule-preview", "setup-new-wrong", "setup-new-filled", "training-shown"),
    *("connector-wrong", "table-looked-at", "table-wrong", "articles-nothing-found", "conversation", "conversation-sent"),
    *("security-app-wrong", "invite-wrong", "audit-log-nothing-found"),
}
"""The pictures of what the addresses alone do not show."""


def prepared(desk: Desk) -> Desk:
    """A desk of which each page can be looked at."""
    desk.context.add_init_script(AXE)
    # Chromium asks for it beside a file; our pages name their icon.
    desk.context.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    return desk


def look(desk: Desk, name: str, *, is_first: bool = True) -> Iterator[str]:
    """What is wrong with the page that is shown. The frame is the same around each: of all but the first it is looked at only once."""
    page = desk.page
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        # All of it at once, so that the bar at the foot of a phone covers nothing.
        page.set_viewport_size({"width": width, "height": max(height, page.evaluate(TALL))})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            is_whole = is_first or (size, theme) == ("wide", "light")
            for found in page.evaluate(LOOK, [theme, is_whole]):
                yield f"{name}, {size}, {theme}: {found}"
        if wider := page.evaluate(WIDER):
            yield f"{name}, {size}: {wider}"
    page.set_viewport_size({"width": 1440, "height": 900})
    # What a browser says itself about a page that refuses, as some are meant to.
    refused = page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") in {403, 404, 410, 422}
    for fault in desk.faults:
        if not (refused and fault.startswith("Failed to load resource: the server responded with a status of 4")):
            yield f"{name}: {fault}"
    desk.faults.clear()


def is_page(desk: Desk, url: str) -> bool:
    """Goes there, and says whether it is a page: not a part of one, a file, or a way to somewhere else."""
    try:
        answer = desk.page.goto(url)
    except Error:
        # A file is downloaded, not gone to.
        answer = None
    found = bool(answer and answer.status == 200 and not answer.request.redirected_from and desk.page.evaluate(IS_PAGE))
    if not found:
        desk.faults.clear()
    return found


@pytest.mark.parametrize("part", range(2))
def test_every_page_can_be_read_by_everybody(desks: Desks, part: int) -> None:
    ada = make_person("admin", "ada", is_staff=True)
    seed(number=7, by=ada, colleague=make_person("reviewer", "ana"))
    desks.sign_in(ada)
    desk, seen = prepared(desks.all[0]), 0
    wrong: list[str] = []
    for name in PAGES[part::2]:
        if is_page(desk, desks.address + address(name)):
            wrong += look(desk, name, is_first=not seen)
            seen += 1
    assert not wrong, "\n".join(wrong)
    assert seen > 25


def test_every_stage_of_a_mail_can_be_read_by_everybody(desks: Desks, ana: User) -> None:
    desks.open(ana)
    desk = prepared(desks.all[0])
    wrong: list[str] = []
    for draft in seed(number=7, by=ana, colleague=make_person("reviewer", "ben")):
        desk.page.goto(f"{desks.address}/queue/{draft.pk}/")
        wrong += look(desk, f"item {draft.message.subject}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["", "nobody", "reviewer", "admin"])
def test_every_state_of_a_page_can_be_read_by_everybody(desks: Desks, role: str) -> None:
    people = {
        "admin": make_person("admin", "ada", is_staff=True, is_superuser=True),
        "reviewer": make_person("reviewer", "ana"),
        "nobody": make_person(""),
    }
    seed(number=7, by=people["reviewer"], colleague=people["admin"])
    for name in ("rule", "knowledge_thing"):
        address(name)
    desk = prepared(Desk(desks.browser, desks.address))
    wrong: list[str] = []
    desks.all.append(desk)
    if role:
        desk.sign_in(people[role])
    for picture in (one for one in PICTURES if one.role == role and one.name in STATES):
        reach(desk.page, desks.address, picture)
        wrong += look(desk, picture.name)
    assert not wrong, "\n".join(wrong)


def is_outlined(page: Page) -> bool:
    """Whether what has the focus, or the label around it, shows so."""
    return bool(
        page.evaluate(
            """() => {
    const one = document.activeElement;
    const around = [one, one.closest("label"), one.nextElementSibling, document.querySelector(`label[for="${one.id}"]`)];
    const shows = (node, part) => node && getComputedStyle(node, part).outlineStyle !== "none" && getComputedStyle(node).opacity !== "0";
    return around.some((node) => shows(node));
}"""
        )
    )


@pytest.mark.parametrize("address", ["/queue/", "/rules/", "/settings/"])
def test_the_way_by_tab_begins_with_a_skip_link_and_is_always_seen(desks: Desks, address: str) -> None:
    page = desks.open(make_person("admin"))
    ready_draft()
    page.goto(desks.address + address)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport(ratio=1)
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement !== document.body") and not is_outlined(page):
            unseen.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
    assert unseen == []
    page.goto(desks.address + address)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")


def test_the_help_keeps_the_keyboard_and_gives_it_back(desks: Desks, ana: User) -> None:
    page = desks.open(ana)
    opener = page.locator("[data-opens='#help']")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#help")).to_be_visible()
    for _ in range(5):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || document.querySelector('#help').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    expect(opener).to_be_focused()


def test_nothing_moves_for_who_wants_no_motion(desks: Desks, ana: User) -> None:
    page = desks.open(ana, reduced_motion="reduce")
    page.goto(f"{desks.address}/queue/{ready_draft().pk}/")
    settle(page)
    page.keyboard.press("n")
    expect(page.locator("#toast .toast")).to_be_visible()
    moving = "[...document.querySelectorAll('*')].filter((one) => one.getAnimations().length).map((one) => one.className)"
    assert page.evaluate(moving) == []

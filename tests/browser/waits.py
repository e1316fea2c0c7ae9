"""What a person at a browser waits for before they go on."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from drafting.models import Draft

SETTLE = 415
"""Milliseconds before a key is taken for what has just been painted (SETTLE in keys.js, and a little)."""
SETTLED = """
async (settle) => {
  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const isBusy = () => document.querySelector("#item.htmx-request, #item .htmx-request, .toasts .htmx-request");
  for (const until = performance.now() + 10_000; isBusy() && performance.now() < until; ) await wait(20);
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await wait(settle);
}
"""


def settle(page: Page) -> None:
    """Until keys are taken for what is shown, by the page's own clock: a busy machine paints late."""
    page.evaluate(SETTLED, SETTLE)


def opened(page: Page, draft: Draft) -> None:
    """Until the draft is what the page shows, and keys are taken for it."""
    shown(page, draft)
    expect(page.locator(f"#row-{draft.pk}[aria-current]")).to_have_count(1)
    settle(page)


def shown(page: Page, draft: Draft) -> None:
    """Until the draft is on the page, however short a time."""
    expect(page.locator(f'#item[data-draft="{draft.pk}"]')).to_be_visible()


def until(done: Callable[[], bool], page: Page) -> None:
    """Until something is true of the rows."""
    for _ in range(100):
        if done():
            return
        page.wait_for_timeout(100)
    raise AssertionError("It did not become true.")

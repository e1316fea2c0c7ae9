"""Two people at two browsers in one queue, both as fast as they can."""

import asyncio
import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from playwright.async_api import Error, async_playwright
from playwright.async_api import Page as LivePage

from drafting.models import Draft
from review.models import Claim, Decision
from tests.browser.chromium import QUIET, executable
from tests.browser.conftest import Desks
from tests.drafting.factories import make_message
from tests.review.factories import BODY, PASSWORD, ready_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEWS = """
async (before) => {
  const until = performance.now() + 20_000;
  const item = () => document.getElementById("item");
  const isBusy = () => document.querySelector("#item.htmx-request, #item .htmx-request, #item-ahead");
  while (!item() || isBusy() || (item().dataset.draft ?? "") === before) {
    if (performance.now() > until || (!isBusy() && item()?.querySelector(".draft [role=alert]"))) break;
    await new Promise((done) => setTimeout(done, 15));
  }
  await new Promise((done) => setTimeout(done, 420));
  return {
    draft: item().dataset.draft ?? "",
    stage: item().className.match(/stage-(\\w+)/)?.[1] ?? "",
    rows: document.querySelectorAll(".row").length,
    alert: item().querySelector(".draft [role=alert]")?.innerText ?? "",
    // Where the colleague has gone again meanwhile, the text stands in the box that it was typed in.
    kept: document.querySelector('#item textarea.kept, #item[data-box="edit"] #edit-text')?.value ?? "",
  };
}
"""
"""Waits until another item is open, or this one says what happened to it, and tells what is shown."""


@dataclass
class Worker:
    """Somebody at work, and what happened to them."""

    name: str
    decided: list[tuple[int, str, str]] = field(default_factory=list)
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    async def work(self, page: LivePage, address: str) -> None:
        """Decide whatever is open until nothing waits."""
        page.on("response", lambda answer: self.statuses.append(answer.status) if answer.request.method == "POST" else None)
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await self.sign_in(page, address)
        acts, shown = itertools.cycle("aenae"), await self.open_next(page, "")
        while shown["rows"]:
            if shown["stage"] != "ready":
                shown = await self.open_next(page, shown["draft"])
                continue
            shown = await self.decide(page, shown["draft"], next(acts))

    async def sign_in(self, page: LivePage, address: str) -> None:
        await page.goto(f"{address}/sign-in/")
        await page.fill("#id_username", self.name)
        await page.fill("#id_password", PASSWORD)
        await page.press("#id_password", "Enter")
        await page.wait_for_selector("html.has-script #queue-rows")

    async def open_next(self, page: LivePage, draft: str) -> dict[str, Any]:
        await page.keyboard.press("j")
        shown = await self.look(page, draft)
        if not shown["draft"] or shown["draft"] == draft:
            # At the end of the list: from the top again.
            await page.goto(page.url.split("/queue/")[0] + "/queue/")
            await page.keyboard.press("j")
            shown = await self.look(page, "")
        return shown

    async def look(self, page: LivePage, draft: str) -> dict[str, Any]:
        """What is shown now. A key that comes before the scripts opens the mail as a page of its own: then that page is looked at."""
        shown: dict[str, Any]
        try:
            shown = await page.evaluate(NEWS, draft)
        except Error as error:
            if "context was destroyed" not in error.message:
                raise
            await page.wait_for_selector("html.has-script")
            shown = await page.evaluate(NEWS, draft)
        return shown

    async def decide(self, page: LivePage, draft: str, act: str) -> dict[str, Any]:
        typed = f"{self.name} wrote this about {draft}. " if act == "e" else ""
        n_answers = len(self.statuses)
        # What was refused before may have left its box open, with the text in it.
        await page.keyboard.press("Escape")
        await page.keyboard.press(act)
        if typed:
            await page.keyboard.press("Control+a")
            await page.keyboard.insert_text(typed + BODY)
            await page.keyboard.press("Control+Enter")
        shown: dict[str, Any] = await page.evaluate(NEWS, draft)
        if 409 in self.statuses[n_answers:]:
            self.refused.append((typed, shown["alert"], shown["kept"]))
        elif shown["draft"] != draft:
            self.decided.append((int(draft), {"a": "approved", "e": "edited", "n": "no_reply"}[act], typed))
        return shown


async def work_together(address: str, workers: list[Worker]) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable(), args=QUIET)
        contexts = [await browser.new_context(viewport={"width": 1440, "height": 900}) for _ in workers]
        pages = [await context.new_page() for context in contexts]
        await asyncio.wait_for(asyncio.gather(*(worker.work(page, address) for worker, page in zip(workers, pages, strict=True))), 400)
        await browser.close()


@contextmanager
def claims_run_out(every: float) -> Iterator[None]:
    """Meanwhile no claim lasts, so that both can have the same mail open."""
    stopped = threading.Event()

    def run() -> None:
        while not stopped.wait(every):
            Claim.objects.all().delete()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def work_off(address: str) -> list[Worker]:
    """Ana and Ben at work until nothing is left. Playwright's own loop runs in this thread, so they have another."""
    workers = [Worker("ana"), Worker("ben")]
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work_together(address, workers)).result()
    return workers


def each_was_decided_once(drafts: list[Draft], workers: list[Worker]) -> None:
    made = list(Decision.objects.order_by("draft").values_list("draft", "kind", "by__username", "final_text"))
    assert [draft for draft, *_ in made] == [draft.pk for draft in drafts]
    said = {
        (draft, kind, worker.name, typed + BODY if kind != "no_reply" else "")
        for worker in workers
        for draft, kind, typed in worker.decided
    }
    assert set(made) == said


def test_two_people_work_off_a_queue_and_never_meet(desks: Desks, ana: User, ben: User) -> None:
    drafts = [ready_draft(message=make_message(from_name=f"Customer {number}")) for number in range(30)]
    workers = work_off(desks.address)
    each_was_decided_once(drafts, workers)
    assert [worker.refused for worker in workers] == [[], []]
    assert all(len(worker.decided) >= 5 for worker in workers)


def test_where_no_claim_lasts_no_mail_is_decided_twice_and_no_text_is_lost(desks: Desks, ana: User, ben: User) -> None:
    drafts = [ready_draft(message=make_message(from_name=f"Customer {number}")) for number in range(30)]
    with claims_run_out(every=0.05):
        workers = work_off(desks.address)
    each_was_decided_once(drafts, workers)
    refused = [one for worker in workers for one in worker.refused]
    assert refused
    for typed, alert, kept in refused:
        assert any(words in alert for words in ("approved the draft", "edited", "no reply", "is on it"))
        assert kept == (typed + BODY if typed else "")

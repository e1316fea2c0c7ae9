"""Renders every page in each size and theme to a folder, from made-up rows, so that a person can look at all of them.

Run as `python -m tests.browser.screenshots FOLDER [ROWS …]`; without ROWS it shows the desk with 0, 1 and 50 mails.
`python -m tests.browser.screenshots --readme` makes the one picture of the README anew.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests import services  # noqa: F401  (starts PostgreSQL and sets the environment)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from drafting.models import Draft


SIZES = {"wide": (1440, 900), "middle": (1024, 768), "phone": (390, 844)}
THEMES = ("light", "dark")
README_PICTURE = Path(__file__).resolve().parents[2] / "deploy/pictures/queue.png"


@contextmanager
def server() -> Iterator[str]:
    """A test database with the product on top; yields its address. The next run makes the database anew."""
    import django

    django.setup()
    from django.test.testcases import LiveServerThread, _StaticFilesHandler
    from django.test.utils import setup_databases, setup_test_environment

    setup_test_environment()
    setup_databases(verbosity=0, interactive=False)
    thread = LiveServerThread("127.0.0.1", _StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


def main() -> None:
    """Take all pictures."""
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "deploy.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with server() as address:
        if sys.argv[1:] == ["--readme"]:
            _shoot_for_readme(address)
            return
        folder = Path(sys.argv[1])
        folder.mkdir(parents=True, exist_ok=True)
        for rows in [int(said) for said in sys.argv[2:]] or [0, 1, 50]:
            _shoot(address, folder, rows)


def _shoot(address: str, folder: Path, rows: int) -> None:
    from django.core.management import call_command

    from tests.browser.chromium import chromium
    from tests.review.factories import PASSWORD, make_person
    from tests.review.samples import seed

    call_command("flush", interactive=False, verbosity=0)
    dana = make_person("reviewer", "dana", first_name="Dana", last_name="Reyes")
    ana = make_person("reviewer", "ana", first_name="Ana", last_name="Sol")
    make_person("admin", "ada", first_name="Ada", last_name="Minh", is_staff=True)
    drafts = seed(number=rows, by=dana, colleague=ana)
    pages = {"queue": "/queue/", "conversations": "/conversations/", "outgoing": "/outgoing/"}
    stages = ["ready", "held", "taken-over", "handed-over", "hebrew", "waiting", "writing"]
    pages |= {f"item-{stage}": f"/queue/{draft.pk}/" for stage, draft in zip(stages, drafts, strict=False)}
    if drafts:
        pages["conversation"] = f"/conversations/{drafts[0].conversation_id}/"
    with chromium() as browser:
        for size, (width, height) in SIZES.items():
            for theme in THEMES:
                context = browser.new_context(viewport={"width": width, "height": height}, has_touch=size == "phone")
                context.add_cookies([{"name": "theme", "value": theme, "url": address}])
                page = context.new_page()
                name = f"{folder}/{rows:02}-{{}}-{size}-{theme}.png"
                page.goto(f"{address}/sign-in/")
                page.screenshot(path=name.format("sign-in"))
                for who, shown in (("dana", pages), ("ada", {"setup": "/setup/", "missing": "/nothing/"})):
                    page.goto(f"{address}/sign-in/")
                    page.fill("#id_username", who)
                    page.fill("#id_password", PASSWORD)
                    page.click("button.button-wide")
                    for label, url in shown.items():
                        page.goto(address + url)
                        page.screenshot(path=name.format(label))
                if drafts:
                    _act(page, address, drafts, name)
                context.close()


def _shoot_for_readme(address: str) -> None:
    """The queue with a mail open and one of its details pointed at, so that its evidence lights up."""
    from tests.browser.chromium import chromium
    from tests.review.factories import PASSWORD, make_person
    from tests.review.samples import seed_for_readme

    ana = make_person("reviewer", "ana", first_name="Ana", last_name="Sol")
    draft = seed_for_readme(by=ana, colleague=make_person("reviewer", "ben", first_name="Ben", last_name="Orr"))
    README_PICTURE.parent.mkdir(exist_ok=True)
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
        page.goto(f"{address}/sign-in/")
        page.fill("#id_username", "ana")
        page.fill("#id_password", PASSWORD)
        page.click("button.button-wide")
        page.goto(f"{address}/queue/{draft.pk}/")
        page.locator("a.atom").first.hover()
        page.wait_for_timeout(400)
        page.screenshot(path=README_PICTURE)


def _act(page: "Page", address: str, drafts: "list[Draft]", name: str) -> None:
    """What shows only when a person does something."""
    from review.models import Claim, Decision

    Claim.objects.all().delete()
    page.goto(f"{address}/queue/{drafts[0].pk}/")
    page.locator("a.atom, .card").first.hover()
    page.locator(".card").last.scroll_into_view_if_needed()
    page.screenshot(path=name.format("act-evidence"))
    page.wait_for_timeout(400)
    for key, shown in {"e": "editing", "r": "rejecting", "?": "help"}.items():
        page.keyboard.press(key)
        page.wait_for_timeout(100)
        page.screenshot(path=name.format(f"act-{shown}"))
        page.keyboard.press("Escape")
    for summary, shown in {".problems summary": "problems", ".account summary": "account"}.items():
        if not page.locator(summary).count():
            continue
        page.locator(summary).first.click()
        page.screenshot(path=name.format(f"act-{shown}"))
        page.keyboard.press("Escape")
    page.wait_for_timeout(400)
    page.keyboard.press("e")
    page.locator("#edit-text").fill("Hello Marta,\n\nit is on its way.")
    page.keyboard.press("Control+Enter")
    page.locator("#toast .toast").wait_for()
    page.wait_for_timeout(300)
    page.screenshot(path=name.format("act-decided"))
    page.locator("#toast button").first.click()
    page.locator("#toast .toast", has_text="Taken back").wait_for()
    Decision.objects.filter(draft=drafts[0]).delete()


if __name__ == "__main__":
    main()

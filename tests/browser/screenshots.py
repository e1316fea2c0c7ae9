"""Renders every page in each size and theme to a folder, from made-up rows, so that a person can look at all of them.

Run as `python -m tests.browser.screenshots FOLDER [ROWS …]`; without ROWS it shows the desk with 0, 1 and 50 mails.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import services  # noqa: F401  (starts PostgreSQL and sets the environment)

SIZES = {"wide": (1440, 900), "middle": (1024, 768), "phone": (390, 844)}
THEMES = ("light", "dark")


@contextmanager
def server() -> Iterator[str]:
    """A database of its own with the product on top; yields its address."""
    import django

    django.setup()
    from django.db import connection
    from django.test.testcases import LiveServerThread, _StaticFilesHandler
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    thread = LiveServerThread("127.0.0.1", _StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()
    connection.close()
    teardown_databases(databases, verbosity=0)


def main() -> None:
    """Take all pictures."""
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "deploy.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with server() as address:
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
                context.close()


if __name__ == "__main__":
    main()

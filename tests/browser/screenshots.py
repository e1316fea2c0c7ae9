"""Renders every page in each size and theme to a folder, so that a person can look at all of them, and says what is wrong with any.

`python -m tests.browser.screenshots FOLDER --demo http://localhost:8000` looks at the demo company of deploy/run (in COUNTERSIGN_DATA
or .data), after deciding, changing and replaying a little there. Without --demo it looks at a database of its own: empty, then with made-up
queues of 1 and 50 mails, and with --conversations 100000 also with so much made-up history (which takes its time to make). `--only WORD`
leaves out pages whose name lacks the word, `--readme` makes the picture of the README anew.
The exit code is 1 where a page is wider than the screen, breaks the policy, writes an error to the console, or could not be reached.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Response

from tests.browser.chromium import chromium
from tests.browser.pictures import EMPTY, PICTURES, PREPARED, Picture

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SIZES = {"wide": (1440, 900), "middle": (1024, 768), "phone": (390, 844)}
THEMES = ("light", "dark")
TALLEST = 2600
"""Pixels of a page that a picture shows."""
ROOT = Path(__file__).resolve().parents[2]
CONFIRM = "/settings/confirm/"
README_PICTURE = ROOT / "deploy/pictures/queue.png"
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => console.error(`POLICY ${event.violatedDirective} ${event.blockedURI}`));
"""
WIDER = """() => {
    const room = document.documentElement.clientWidth;
    const hides = (node) => node && node !== document.body && (getComputedStyle(node).overflowX !== "visible" || hides(node.parentElement));
    const sticksOut = [...document.querySelectorAll("body *")].find((node) => {
        const box = node.getBoundingClientRect();
        const isSeen = node.checkVisibility() && box.width > 1 && box.height > 1 && box.left < room && !node.closest(".sr, [hidden], svg");
        return isSeen && box.right > room + 1 && !hides(node.parentElement);
    });
    const width = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
    return width > room + 1 || sticksOut ? `wider than the screen: ${width} px, ${sticksOut ? sticksOut.outerHTML.slice(0, 90) : "?"}` : "";
}"""
BESIDE = ("Failed to load resource: the server responded", "htmx:sendAbort", "htmx:afterRequest")
"""What is no fault of a page: a refusal that it was meant to get, and a request that it gave up as it was left."""
Logins = dict[str, tuple[str, str]]
"""Name and password by role."""


class Camera:
    """Takes pictures of one desk, and remembers what is wrong with pages."""

    def __init__(self, browser: Browser, address: str, folder: Path, logins: Logins, *, only: str = "") -> None:
        self.browser, self.address, self.folder, self.logins, self.only = browser, address, folder, logins, only
        self.wrong: list[str] = []
        self.sessions: dict[str, Any] = {}

    def shoot(self, pictures: list[Picture], *, prefix: str = "") -> None:
        """All sizes and themes of all pictures."""
        for size in SIZES:
            for theme in THEMES:
                for role in dict.fromkeys(picture.role for picture in pictures):
                    with self.signed_in(role, size=size, theme=theme) as page:
                        for picture in pictures:
                            if picture.role == role and self.only in picture.name:
                                self._shoot(page, picture, f"{prefix}{picture.name}-{size}-{theme}")

    def prepare(self, pictures: list[Picture]) -> None:
        """Take the steps of each once."""
        for picture in pictures:
            with self.signed_in(picture.role, size="wide", theme="light") as page:
                self._reach(page, picture)

    def _reach(self, page: Page, picture: Picture) -> None:
        """Where one has to prove again who one is, with the password."""
        page.goto(self.address + picture.address.split(" > ")[0])
        if CONFIRM in page.url and picture.address != CONFIRM:
            page.fill("input[type=password]", self.logins[picture.role][1])
            page.click("main .button-primary")
            page.wait_for_url(lambda url: CONFIRM not in url)
            self.sessions[picture.role] = page.context.storage_state()
        reach(page, self.address, picture)

    @contextmanager
    def signed_in(self, role: str, *, size: str, theme: str) -> Iterator[Page]:
        """A browser in which somebody of this role has signed in; nobody where there is no such person."""
        width, height = SIZES[size]
        screen: Any = {"viewport": {"width": width, "height": height}, "has_touch": size == "phone", "reduced_motion": "reduce"}
        context = self.browser.new_context(**screen, storage_state=self.sessions.get(role))
        context.add_cookies([{"name": "theme", "value": theme, "url": self.address}])
        context.add_init_script(TELL_VIOLATIONS)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.route("**/500/", lambda route: route.fulfill(status=500, content_type="text/html", body=_broken()))
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        if role in self.logins and role not in self.sessions:
            sign_in(page, self.address, *self.logins[role])
            self.sessions[role] = context.storage_state()
        yield page
        context.close()

    def _shoot(self, page: Page, picture: Picture, name: str) -> None:
        told: list[str] = []

        def listen(message: ConsoleMessage) -> None:
            if message.type == "error" and not message.text.startswith(BESIDE):
                told.append(message.text)

        def hear(response: Response) -> None:
            if response.status >= 400 and not response.request.is_navigation_request() and response.status != 422:
                told.append(f"{response.status} from {response.url}")

        page.on("console", listen)
        page.on("response", hear)
        try:
            self._reach(page, picture)
            told += filter(None, [page.evaluate(WIDER)])
            self._press_shutter(page, self.folder / f"{name}.png")
        except Error as error:
            told.append(str(error).splitlines()[0])
        page.remove_listener("console", listen)
        page.remove_listener("response", hear)
        self.wrong += [f"{name}: {words}" for words in told]

    def _press_shutter(self, page: Page, path: Path) -> None:
        """A screen as tall as the page, since what sticks to the foot of the screen would lie across a longer one."""
        screen = page.viewport_size or {"width": 0, "height": 0}
        tall = min(max(page.evaluate("document.documentElement.scrollHeight"), screen["height"]), TALLEST)
        page.set_viewport_size({"width": screen["width"], "height": tall})
        page.screenshot(path=path)
        page.set_viewport_size(screen)


def reach(page: Page, address: str, picture: Picture) -> None:
    """Follow the picture's address on the desk at `address`, then take the steps. Raises Error where that is not possible."""
    first, *links = picture.address.split(" > ")
    page.goto(address + first)
    for link in links:
        shape = re.compile(link.replace("N", r"\d+") + r"(\?.*)?")
        hrefs = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        found = next((href for href in hrefs if href and shape.fullmatch(href)), None)
        if not found:
            raise Error(f"{page.url} has no link like {link}")
        page.goto(address + found)
    for verb, *what in picture.steps:
        getattr(page, verb)(*what)
    page.wait_for_load_state()
    page.wait_for_timeout(120)


def sign_in(page: Page, address: str, name: str, password: str) -> None:
    """Sign in as people do."""
    page.goto(f"{address}/sign-in/")
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.click("button.button-primary")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def main() -> int:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("pictures"))
    parser.add_argument("--demo", metavar="ADDRESS")
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--conversations", type=int, default=0, metavar="NUMBER")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    wrong = _demo(options) if options.demo else _own(options)
    print("\n".join(wrong) or "Nothing is wrong with any page.")  # noqa: T201
    return 1 if wrong else 0


def _demo(options: argparse.Namespace) -> list[str]:
    """The desk of a running demo company. What makes it worth a look is done only once."""
    data = Path(os.environ.get("COUNTERSIGN_DATA", ROOT / ".data"))
    users = json.loads((data / "demo/logins.json").read_text(encoding="utf-8"))["users"]
    logins = {user["role"]: (user["name"], user["password"]) for user in reversed(users)}
    with chromium() as browser:
        camera = Camera(browser, options.demo.rstrip("/"), options.folder, logins, only=options.only)
        with camera.signed_in("admin", size="wide", theme="light") as page:
            page.goto(f"{camera.address}/setup/replays/")
            is_prepared = page.locator("main td a").count() > 0
        if not is_prepared:
            camera.prepare(PREPARED)
        camera.shoot([picture for picture in PICTURES if picture.role != "nobody"])
        return camera.wrong


def _own(options: argparse.Namespace) -> list[str]:
    """A database of its own: nothing in it at first, then made-up queues."""
    from tests import services

    os.environ["DJANGO_SETTINGS_MODULE"] = "deploy.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with server() as address, chromium() as browser:
            if options.readme:
                _shoot_for_readme(browser, address)
                return []
            camera = Camera(browser, address, options.folder, {}, only=options.only)
            _fill(camera)
            camera.shoot(EMPTY, prefix="empty-")
            for mails in (1, 50):
                _shoot_queue(camera, mails)
            _shoot_earned(camera)
            if options.conversations:
                _shoot_much(camera, options.conversations)
            return camera.wrong
    finally:
        services.pytest_unconfigure()


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


def _fill(camera: Camera) -> "tuple[User, User, User]":
    """A database with one person of each role and nothing else; two reviewers and an admin."""
    from django.core.cache import cache
    from django.core.management import call_command

    from tests.review.factories import PASSWORD, make_person

    call_command("flush", interactive=False, verbosity=0)
    cache.clear()
    dana = make_person("reviewer", "dana", first_name="Dana", last_name="Reyes")
    ana = make_person("reviewer", "ana", first_name="Ana", last_name="Sol")
    ada = make_person("admin", "ada", first_name="Ada", last_name="Minh", is_staff=True)
    make_person("", "nele", first_name="Nele", last_name="Voigt")
    camera.sessions = {}
    camera.logins = {role: (name, PASSWORD) for role, name in {"reviewer": "dana", "admin": "ada", "nobody": "nele"}.items()}
    return dana, ana, ada


def _shoot_queue(camera: Camera, mails: int) -> None:
    """The pages of reviewers with a mail at every stage."""
    from tests.review.samples import seed

    dana, ana, _ = _fill(camera)
    drafts = seed(number=mails, by=dana, colleague=ana)
    stages = ["ready", "held", "taken-over", "handed-over", "hebrew", "waiting", "writing"]
    pictures = [Picture(name, f"/{name}/", (), "reviewer") for name in ("queue", "conversations", "outgoing")]
    pictures += [Picture(f"item-{stage}", f"/queue/{draft.pk}/", (), "reviewer") for stage, draft in zip(stages, drafts, strict=False)]
    pictures.append(Picture("conversation", f"/conversations/{drafts[0].conversation_id}/", (), "reviewer"))
    camera.shoot(pictures, prefix=f"{mails:02}-")


def _shoot_earned(camera: Camera) -> None:
    """The pages of categories on their way to auto-send, and of reviewers whom it measures."""
    from tests.browser.earned import earned

    dana, ana, ada = _fill(camera)
    camera.shoot(earned(by=dana, colleague=ana, admin=ada))


def _shoot_much(camera: Camera, conversations: int) -> None:
    """The pages that list things, with much history behind them."""
    from django.core.management import call_command

    from drafting.models import Draft

    _fill(camera)
    call_command("make_load", conversations=conversations, waiting=200)
    call_command("rebuild_reports")
    first = Draft.objects.filter(state="ready", conversation__state="open").order_by("pk")[0]
    addresses = {
        "queue": "/queue/",
        "item": f"/queue/{first.pk}/",
        "conversations": "/conversations/",
        "search": "/conversations/?q=order",
        "conversation": f"/conversations/{first.conversation_id}/",
        "outgoing": "/outgoing/",
    }
    pictures = [Picture(name, address, (), "reviewer") for name, address in addresses.items()]
    pictures += [Picture(name, address, (), "admin") for name, address in (("audit-log", "/audit-log/"), ("reports", "/reports/"))]
    camera.shoot(pictures, prefix="much-")


def _shoot_for_readme(browser: Browser, address: str) -> None:
    """The queue with a mail open and one of its details pointed at, so that its evidence lights up."""
    from tests.review.factories import PASSWORD, make_person
    from tests.review.samples import seed_for_readme

    ana = make_person("reviewer", "ana", first_name="Ana", last_name="Sol")
    draft = seed_for_readme(by=ana, colleague=make_person("reviewer", "ben", first_name="Ben", last_name="Orr"))
    README_PICTURE.parent.mkdir(exist_ok=True)
    page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
    sign_in(page, address, "ana", PASSWORD)
    page.goto(f"{address}/queue/{draft.pk}/")
    page.locator("a.atom").first.hover()
    page.wait_for_timeout(400)
    page.screenshot(path=README_PICTURE)


def _broken() -> str:
    """The page for an error of ours, which Django renders without any context."""
    text = (ROOT / "templates/500.html").read_text(encoding="utf-8")
    return re.sub(r"\{% static '([^']+)' %\}", r"/static/\1", text).replace("{% load static %}", "")


if __name__ == "__main__":
    sys.exit(main())

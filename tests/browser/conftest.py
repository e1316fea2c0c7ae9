"""A real browser on the running product. It may talk to nobody else, and the security policy may not be broken."""

import os
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.browser.chromium import chromium, executable
from tests.review.factories import PASSWORD, make_person

# Playwright's own loop runs in this thread, and Django takes it for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
GIVEN_UP = ("htmx:sendAbort", "htmx:afterRequest")
"""What htmx calls an error where the page was left before an answer came; of one that fails it tells otherwise (htmx:sendError …)."""
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => console.error(`POLICY ${event.violatedDirective} ${event.blockedURI}`));
"""
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium. Without one the tests are skipped, but never with CI=true."""
    if not executable():
        assert os.environ.get("CI") != "true", "The browser tests need Chromium, and this machine has none."
        pytest.skip("No Chromium on this machine.")
    with chromium() as launched:
        yield launched


class Desk:
    """One person at their own browser."""

    def __init__(self, browser: Browser, address: str, **about: object) -> None:
        self.address = address
        self.has_scripts = about.get("java_script_enabled", True)
        self.context: BrowserContext = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **about})  # type: ignore[arg-type]
        self.context.add_init_script(TELL_VIOLATIONS)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.forgiven: tuple[str, ...] = ()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.context.on("request", self._watch)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(GIVEN_UP):
            self.faults.append(message.text)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "about:")):
            self.faults.append(f"asked {request.url}")

    def be(self, user: User) -> Page:
        """Be signed in already: a password takes as long to check as a page to show."""
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        self.page.goto(f"{self.address}/")
        return self._arrived()

    def sign_in(self, user: User) -> Page:
        """Sign in as people do."""
        self.page.goto(f"{self.address}/sign-in/")
        self.page.fill("#id_username", user.username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("button.button-wide")
        return self._arrived()

    def _arrived(self) -> Page:
        expect(self.page.locator("html.has-script" if self.has_scripts else "#queue-rows")).to_be_visible()
        return self.page


@pytest.fixture
def desks(browser: Browser, live_server: object, transactional_db: None) -> Iterator["Desks"]:
    """Opens browsers, and looks at the end whether any of them met a fault."""
    opened = Desks(browser, str(live_server))
    yield opened
    for desk in opened.all:
        desk.context.close()
    # What a page sends as it is closed (see writing.js and alive.js) must not meet the database while it is emptied.
    time.sleep(0.2)
    assert [fault for desk in opened.all for fault in desk.faults if not any(words in fault for words in desk.forgiven)] == []


class Desks:
    """All browsers of a test."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.all: list[Desk] = []

    def open(self, user: User, **about: object) -> Page:
        """A browser in which `user` is signed in."""
        return self._add(**about).be(user)

    def sign_in(self, user: User) -> Page:
        """A browser in which `user` has just proven by password who is there, as changing how one signs in wants it."""
        return self._add().sign_in(user)

    def _add(self, **about: object) -> Desk:
        self.all.append(Desk(self.browser, self.address, **about))
        return self.all[-1]


@pytest.fixture(autouse=True)
def fresh_cache(transactional_db: None) -> None:
    """What pages remember for some seconds, and wrong guesses at sign-in, are of this test."""
    for cache in caches.all(initialized_only=False):
        cache.clear()


@pytest.fixture
def ana(transactional_db: None) -> User:
    """A reviewer."""
    return make_person("reviewer", "ana", first_name="Ana", last_name="Sol")


@pytest.fixture
def ben(transactional_db: None) -> User:
    """Another reviewer."""
    return make_person("reviewer", "ben", first_name="Ben", last_name="Orr")

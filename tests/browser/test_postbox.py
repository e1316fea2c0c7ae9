"""The postbox in a real browser, with the real mail servers behind."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.demo import accounts, mail_program, places
from tests.deploy.demo_servers import running
from tests.mailservers import free_port

pytestmark = pytest.mark.browser
CUSTOMER = "sanne@dekkertechniek.example"


@pytest.fixture(scope="module", autouse=True)
def parts() -> Iterator[None]:
    ports = {name: free_port() for name in ("DEMO_IMAP_PORT", "DEMO_SMTP_PORT", "DEMO_POSTBOX_PORT")}
    with pytest.MonkeyPatch.context() as patch:
        for name, port in ports.items():
            patch.setenv(name, str(port))
        with running("servers", ports["DEMO_IMAP_PORT"], ports["DEMO_SMTP_PORT"]), running("postbox", ports["DEMO_POSTBOX_PORT"]):
            yield


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["wide", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=f"http://127.0.0.1:{places.postbox_port()}")
    opened = context.new_page()
    problems: list[str] = []
    opened.on("console", lambda message: problems.append(message.text))
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    context.close()
    assert problems == []


def reply(subject: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = places.COMPANY_ADDRESS, CUSTOMER, subject
    mail.set_content("It is packed.")
    company = accounts.load()[places.COMPANY_ADDRESS]
    mail_program.send(mail.as_bytes(), account=company, sender=company.address, recipient=CUSTOMER)


def test_a_mail_is_written_with_the_keyboard_and_its_answer_appears_by_itself(page: Page, request: pytest.FixtureRequest) -> None:
    page.goto(f"/{CUSTOMER}/")
    page.get_by_role("link", name="Where is my order?").press("Enter")
    expect(page.get_by_label("Text")).to_have_value(re.compile("VT-30474"))
    page.get_by_label("Text").press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Sent.")
    subject = f"Answer {request.node.callspec.id}"
    reply(subject)
    arrived = page.get_by_role("link", name=subject)
    expect(arrived).to_be_visible()
    arrived.click()
    expect(page.get_by_role("heading", name=subject)).to_be_visible()
    expect(page.get_by_text("It is packed.").last).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

"""The customer's postbox, as a browser meets it, with the real mail servers behind."""

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import make_msgid
from http.cookiejar import CookieJar

import pytest

from deploy.demo import accounts, mail_program, places
from deploy.demo.mail_program import Mail
from tests.deploy.demo_servers import running
from tests.mailservers import free_port

CUSTOMER = "ingrid.haug@nordfjell.example"


@pytest.fixture(scope="module", autouse=True)
def parts() -> Iterator[None]:
    imap, smtp, postbox = free_port(), free_port(), free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEMO_IMAP_PORT", str(imap))
        patch.setenv("DEMO_SMTP_PORT", str(smtp))
        patch.setenv("DEMO_POSTBOX_PORT", str(postbox))
        with running("servers", imap, smtp), running("postbox", postbox):
            yield


class Browser:
    """Keeps cookies and fills in forms."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(f"http://{places.HOST}:{places.postbox_port()}{path}", timeout=10) as response:
            return str(response.read().decode())

    def submit(self, path: str, **values: str) -> str:
        page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        subject = re.search(r'name="subject" value="([^"]*)"', page)
        text = re.search(r"<textarea[^>]*>\n(.*)</textarea>", page, re.DOTALL)
        assert token and subject and text
        typed = {"subject": html.unescape(subject[1]), "text": html.unescape(text[1]), **values, "csrfmiddlewaretoken": token[1]}
        data = urllib.parse.urlencode(typed).encode()
        with self.opener.open(f"http://{places.HOST}:{places.postbox_port()}{path}", data, timeout=10) as response:
            return str(response.read().decode())


def company_got() -> list[Mail]:
    return [mail for mail in mail_program.mails(accounts.load()[places.COMPANY_ADDRESS]) if not mail.is_own]


def answer(mail: Mail, text: str) -> None:
    """As the product would reply."""
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = places.COMPANY_ADDRESS, CUSTOMER, f"Re: {mail.subject}"
    reply["Message-ID"] = make_msgid(domain="vosstamm.example")
    reply["In-Reply-To"] = reply["References"] = str(mail.message["Message-ID"])
    reply.set_content(text)
    company = accounts.load()[places.COMPANY_ADDRESS]
    mail_program.send(reply.as_bytes(), account=company, sender=company.address, recipient=CUSTOMER)


def test_everybody_can_be_chosen_and_it_says_that_it_is_made_up() -> None:
    page = Browser().get("/")
    assert page.count('class="face') >= 30
    assert "Demo: a customer’s postbox. All of this is made up." in page


def test_nothing_is_loaded_from_elsewhere() -> None:
    with urllib.request.urlopen(f"http://{places.HOST}:{places.postbox_port()}/{CUSTOMER}/", timeout=10) as response:
        policy, page = response.headers["Content-Security-Policy"], response.read().decode()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "<script>" not in page
    assert "style=" not in page


def test_a_mail_goes_out_and_its_answer_comes_back_and_is_answered_in_the_thread() -> None:
    browser = Browser()
    page = browser.submit(f"/{CUSTOMER}/write/?example=status")
    assert "<strong>Sent.</strong>" in page
    mail = company_got()[0]
    assert "VT-30471" in mail.subject
    assert "dmarc=pass" in mail.message["Authentication-Results"]

    state = re.search(r"state=(\w+)", page)
    assert state
    assert browser.get(f"/{CUSTOMER}/mails/?state={state[1]}") == ""
    answer(mail, "It arrives on Friday.\n\n> where is it?\n")
    rows = browser.get(f"/{CUSTOMER}/mails/?state={state[1]}")
    assert 'class="badge">New' in rows
    assert rows.lstrip().startswith('<div id="mails"')

    key = re.search(r'/mails/([^/"]+)/"', rows)
    assert key
    reading = browser.get(f"/{CUSTOMER}/mails/{key[1]}/")
    assert "It arrives on Friday." in reading
    assert 'class="badge">New' not in reading

    browser.submit(f"/{CUSTOMER}/write/?reply={key[1]}", text="Thank you.")
    thanks = company_got()[0].message
    received = next(each for each in mail_program.mails(accounts.load()[CUSTOMER]) if each.key == key[1])
    assert thanks["In-Reply-To"] == received.message["Message-ID"]
    assert thanks["References"].split() == [mail.message["Message-ID"], received.message["Message-ID"]]
    assert thanks["Subject"].startswith("Re: ")


def test_the_nasty_examples_are_sent_as_they_say() -> None:
    browser = Browser()
    browser.submit(f"/{CUSTOMER}/write/?example=spoofed")
    assert "dmarc=fail" in company_got()[0].message["Authentication-Results"]
    browser.submit(f"/{CUSTOMER}/write/?example=absent")
    assert company_got()[0].message["Auto-Submitted"] == "auto-replied"
    browser.submit(f"/{CUSTOMER}/write/?example=hidden")
    hidden = company_got()[0].message.get_body(("html",))
    assert hidden is not None
    assert "display:none" in hidden.get_content()


def test_a_line_break_in_the_subject_carries_no_header() -> None:
    Browser().submit(f"/{CUSTOMER}/write/", subject="Hello\r\nBcc: somebody@else.example", text="Hi")
    message = company_got()[0].message
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: somebody@else.example"


def test_what_a_mail_contains_is_shown_as_text() -> None:
    browser = Browser()
    browser.submit(f"/{CUSTOMER}/write/", subject="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    page = browser.get(f"/{CUSTOMER}/")
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("path", ["/nobody@nowhere.example/", f"/{places.COMPANY_ADDRESS}/", f"/{CUSTOMER}/mails/none/"])
def test_what_is_not_there_says_so(path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        Browser().get(path)
    with refusal.value as response:
        assert response.code == 404
        assert "There is nothing here" in response.read().decode()


def test_a_mail_without_the_forms_token_is_refused() -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"http://{places.HOST}:{places.postbox_port()}/{CUSTOMER}/write/", b"text=x", timeout=10)
    with refusal.value as response:
        assert response.code == 403

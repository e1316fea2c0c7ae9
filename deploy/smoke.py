"""The main job once, from outside: a customer writes, a reviewer approves, the reply arrives. For `deploy/run --smoke`.

Speaks only SMTP, IMAP and HTTP, as a customer's mail program and a reviewer's browser would. The rough run (`--rough`) also kills every
worker with SIGKILL and empties Redis before each thing that they would do.
"""

import email
import email.policy
import html
import http.cookiejar
import imaplib
import json
import os
import re
import secrets
import signal
import smtplib
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import TypeVar

import psutil
from django.conf import settings

from deploy.celery import app

PATIENCE = 60.0
"""Seconds that each step may take before the run counts as failed."""

Value = TypeVar("Value")


class StepFailed(Exception):
    """A step did not reach its end; the words say what was seen instead."""


@dataclass
class Run:
    """What the steps hand to each other."""

    subject: str = field(default_factory=lambda: f"Where is my order? ({secrets.token_hex(4)})")
    message_id: str = field(default_factory=lambda: make_msgid(domain="smoke.example"))
    draft_page: str = ""
    reply: EmailMessage = field(default_factory=EmailMessage)
    browser: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    )


def run(*, rough: bool = False) -> int:
    """Start everything, take the steps, stop everything. Returns 0, or 1 after naming the step that failed."""
    log = settings.DATA_DIR / "smoke.log"
    with log.open("wb") as output:
        product = subprocess.Popen([sys.executable, str(settings.BASE_DIR / "manage.py"), "up"], stdout=output, stderr=subprocess.STDOUT)
        try:
            return take_steps(ROUGH_STEPS if rough else STEPS)
        except StepFailed as failure:
            say(f"FAILED: {failure}")
            say(f"the last lines of the product's log:\n{tail(log)}")
            return 1
        finally:
            product.send_signal(signal.SIGTERM)
            product.wait(60)
            say("stopped")


def take_steps(steps: "list[Step]") -> int:
    """The steps in order, each with its seconds."""
    state, begun = Run(), time.monotonic()
    for title, step in steps:
        started = time.monotonic()
        try:
            step(state)
        except (OSError, smtplib.SMTPException, imaplib.IMAP4.error) as error:
            raise StepFailed(f"{title}: {type(error).__name__}: {error}") from error
        say(f"{title:<62} {time.monotonic() - started:6.2f} s")
    say(f"{'all steps passed':<62} {time.monotonic() - begun:6.2f} s")
    return 0


def wait_until_ready(_run: Run) -> None:
    """The web side answers and the demo company is there."""
    logins = settings.DATA_DIR / "demo" / "logins.json"
    wait_for(lambda: logins.exists() and fetch(Run(), "health/"), "the product did not become ready")


def write_as_customer(run: Run) -> None:
    """Send a mail over SMTP with the customer's own login."""
    customer, company = accounts()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = customer.address, company.address, run.subject, run.message_id
    mail.set_content(f"Hello,\n\ncould you please tell me where my order {customer.order} is?\n\nKind regards\n")
    with smtplib.SMTP("127.0.0.1", int(os.environ["DEMO_SMTP_PORT"]), timeout=20) as server:
        server.login(customer.address, customer.password)
        server.send_message(mail)


def sign_in(run: Run) -> None:
    """Sign in through the form as the demo's reviewer."""
    reviewer = next(user for user in logins() if user["role"] == "reviewer")
    page = post(run, "sign-in/", {"username": reviewer["name"], "password": reviewer["password"]}, form_on="sign-in/")
    if "sign-out" not in page:
        raise StepFailed("sign in: the page after the form shows nobody signed in")


def wait_for_draft(run: Run) -> None:
    """The mail's draft is ready in the queue."""

    def find() -> str:
        listed = fetch(run, f"queue/?{urllib.parse.urlencode({'q': run.subject})}")
        rows = re.findall(r'href="/(queue/\d+/)[^"]*"(.*?)</li>', listed, re.DOTALL)
        return next((page for page, row in rows if run.subject in html.unescape(row)), "")

    run.draft_page = wait_for(find, f"no draft for {run.subject!r} came into the queue")
    wait_for(lambda: "approve/" in fetch(run, run.draft_page), "the draft did not become ready")


def approve(run: Run) -> None:
    """Post the form behind the Approve button."""
    post(run, f"{run.draft_page}approve/", {}, form_on=run.draft_page)


def wait_for_reply(run: Run) -> None:
    """The reply lies in the customer's mailbox."""
    run.reply = wait_for(lambda: next(iter(replies(run)), None), "no reply came into the customer's mailbox")


def check_headers(run: Run) -> None:
    """Sender, recipient, subject and threading are those of a reply to the customer's mail."""
    customer, company = accounts()
    wanted = {
        "From": company.address,
        "To": customer.address,
        "Subject": run.subject,
        "In-Reply-To": run.message_id,
        "References": run.message_id,
    }
    for name, part in wanted.items():
        if part not in str(run.reply[name]):
            raise StepFailed(f"check headers: {name} is {str(run.reply[name])!r}, which lacks {part!r}")
    body = run.reply.get_body(("plain",))
    if body is None or customer.order not in body.get_content():
        raise StepFailed("check headers: the reply does not speak of the order")


def check_exactly_one(run: Run) -> None:
    """A few seconds later there is still one reply, and one copy in Sent."""
    time.sleep(3)
    if (count := len(replies(run))) != 1:
        raise StepFailed(f"exactly one reply: {count} lie in the customer's mailbox")
    wait_for(lambda: len(copies(run)) == 1, "the copy in Sent did not appear exactly once")


def kill_workers(_run: Run) -> None:
    """SIGKILL to every worker and its children, and to beat; the supervisor starts them again."""
    for pid in json.loads((settings.DATA_DIR / "processes").read_text(encoding="utf-8")):
        if psutil.pid_exists(pid) and "celery" in psutil.Process(pid).cmdline():
            os.killpg(pid, signal.SIGKILL)


def empty_redis(_run: Run) -> None:
    """FLUSHALL: every bell that was rung is forgotten."""
    with app.connection_for_write() as broker:
        broker.default_channel.client.flushall()  # type: ignore[attr-defined]  # of the Redis transport


Step = tuple[str, Callable[[Run], None]]
READY: Step = ("everything starts", wait_until_ready)
WRITE: Step = ("a customer writes a mail over SMTP", write_as_customer)
SIGN_IN: Step = ("a reviewer signs in", sign_in)
DRAFT: Step = ("the draft is in the queue", wait_for_draft)
APPROVE: Step = ("the reviewer approves it", approve)
REPLY: Step = ("the reply lies in the customer's mailbox (after the undo window)", wait_for_reply)
HEADERS: Step = ("its headers are right", check_headers)
ONCE: Step = ("exactly one arrived, one copy is in Sent", check_exactly_one)
KILL: Step = ("all workers are killed", kill_workers)
EMPTY: Step = ("Redis is emptied", empty_redis)

STEPS = [READY, WRITE, SIGN_IN, DRAFT, APPROVE, REPLY, HEADERS, ONCE]
ROUGH_STEPS = [READY, KILL, WRITE, EMPTY, SIGN_IN, DRAFT, APPROVE, KILL, EMPTY, REPLY, HEADERS, ONCE]


@dataclass(frozen=True)
class Account:
    """A login at the demo's mail servers; for a customer with the number of one of their orders."""

    address: str
    password: str
    order: str = ""


def accounts() -> tuple[Account, Account]:
    """A customer who has an order on its way, and the company's mailbox."""
    from drafting.models import Order
    from inbox.models import Mailbox

    order = Order.objects.filter(status="shipped", customer__addresses__isnull=False, customer__language="en").order_by("pk").first()
    mailbox = Mailbox.objects.order_by("pk").first()
    if not order or not mailbox:
        raise StepFailed("the demo company has no shipped order or no mailbox")
    address = order.customer.addresses.order_by("pk")[0].address
    return Account(address, passwords()[address], order.number), Account(mailbox.address, mailbox.imap_password)


def passwords() -> dict[str, str]:
    """The demo's mail passwords by address."""
    found: dict[str, str] = json.loads((settings.DATA_DIR / "demo" / "passwords.json").read_text(encoding="utf-8"))
    return found


def logins() -> list[dict[str, str]]:
    """The demo's people: name, password and role."""
    found: list[dict[str, str]] = json.loads((settings.DATA_DIR / "demo" / "logins.json").read_text(encoding="utf-8"))["users"]
    return found


def replies(run: Run) -> list[EmailMessage]:
    """The customer's mails that answer ours."""
    return mails_answering(accounts()[0], "INBOX", run)


def copies(run: Run) -> list[EmailMessage]:
    """The company's copies of the reply."""
    return mails_answering(accounts()[1], "Sent", run)


def mails_answering(account: Account, folder: str, run: Run) -> list[EmailMessage]:
    """The mails in a folder that answer the customer's mail."""
    with imaplib.IMAP4("127.0.0.1", int(os.environ["DEMO_IMAP_PORT"]), timeout=20) as server:
        server.login(account.address, account.password)
        server.select(folder, readonly=True)
        numbers = server.search(None, "ALL")[1][0].split()
        bodies = [server.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in numbers]
    mails = [email.message_from_bytes(body[1], policy=email.policy.default) for body in bodies if isinstance(body, tuple)]
    return [mail for mail in mails if run.message_id in str(mail["In-Reply-To"])]


def fetch(run: Run, path: str) -> str:
    """The page at `path`, or "" where nothing answers yet."""
    try:
        with run.browser.open(address(path), timeout=20) as response:
            return str(response.read().decode())
    except urllib.error.URLError:
        return ""


def post(run: Run, path: str, values: dict[str, str], *, form_on: str) -> str:
    """Submit a form with the token of the page it stands on."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', fetch(run, form_on))
    if not token:
        raise StepFailed(f"{path}: the page {form_on} has no form")
    data = urllib.parse.urlencode({**values, "csrfmiddlewaretoken": token[1]}).encode()
    try:
        with run.browser.open(urllib.request.Request(address(path), data, {"Referer": address(form_on)}), timeout=20) as response:  # noqa: S310
            return str(response.read().decode())
    except urllib.error.HTTPError as error:
        raise StepFailed(f"{path}: status {error.code}") from error


def address(path: str) -> str:
    """The address of a page."""
    return f"http://127.0.0.1:{os.environ['WEB_PORT']}/{path}"


def wait_for(look: Callable[[], Value | None], failure: str) -> Value:
    """The first true value that `look` returns."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if value := look():
                return value
        except (OSError, imaplib.IMAP4.error):
            pass
        time.sleep(0.2)
    raise StepFailed(f"{failure} within {PATIENCE:.0f} s")


def tail(path: Path) -> str:
    """The last 60 lines of a file."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-60:])


def say(line: str) -> None:
    """One line of the report."""
    print(f"smoke: {line}", flush=True)  # noqa: T201

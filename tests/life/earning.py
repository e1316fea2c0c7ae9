"""A category of the demo company earns auto-send, loses it and earns it again, from outside: `python -m tests.life.earning`.

What people do is done in a browser, what customers do by SMTP and IMAP. Time is compressed: while the product is stopped, months of mail
are reviewed by `deploy.simulation`, and what chance decides about the next draft is known, for its number is chosen.
"""

import imaplib
import os
import shutil
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import TypeVar
from unittest import mock
from urllib.parse import urlencode

from playwright.sync_api import Browser, Error, Page, expect

from deploy import launch, services
from tests.browser.chromium import chromium
from tests.life import report

NAME = "Order status"
MAILS = 280
"""So many reviewed mails prove a category under the strictest terms without one unsafe draft, also at the second attempt."""
UNDO_SECONDS = 2
PATIENCE = 180.0
"""Seconds that anything may take before the run counts as failed."""
Value = TypeVar("Value")


def main() -> int:
    """All steps, each with its seconds. Returns 0, or 1 after naming the step that failed."""
    for name in ("DATABASE_URL", "REDIS_URL", "MODEL_BASE_URL", "SECRET_KEY"):
        os.environ.pop(name, None)
    os.environ |= {"UNDO_SECONDS": str(UNDO_SECONDS), "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    folder = Path(tempfile.mkdtemp(prefix="countersign-life-"))
    folder.chmod(0o755)
    try:
        launch.configure(folder, first_port=launch.free_ports(len(launch.PORTS)), demo=True)
        with services.started(folder):
            launch.prepare()
            with chromium() as browser:
                return take_steps(Life(folder, browser))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Life:
    """The product, and who uses it."""

    folder: Path
    browser: Browser
    product: subprocess.Popen[bytes] | None = None
    pages: dict[str, Page] = field(default_factory=dict)
    months: int = 0
    written: int = 0

    def start(self) -> None:
        """Start the product, and wait until it answers."""
        from deploy import smoke

        command = [sys.executable, "manage.py", "up"]
        with (self.folder / "life.log").open("ab") as log:
            self.product = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=log, stderr=subprocess.STDOUT)
        smoke.wait_until_ready(smoke.Run())

    def stop(self) -> None:
        """Stop all its parts."""
        if self.product:
            self.product.send_signal(signal.SIGTERM)
            self.product.wait(60)
            self.product = None

    def page(self, role: str) -> Page:
        """The browser of the demo's first person of a role, signed in."""
        if role not in self.pages:
            from deploy import smoke

            person = next(each for each in smoke.logins() if each["role"] == role)
            page = self.browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.goto(smoke.address("sign-in/"))
            page.fill("#id_username", person["name"])
            page.fill("#id_password", person["password"])
            page.click("button.button-primary")
            expect(page.get_by_role("link", name="Queue").first).to_be_visible()
            self.pages[role] = page
        return self.pages[role]

    def show_category(self) -> Page:
        """The admin looks at the category."""
        from deploy import smoke

        page = self.page("admin")
        page.goto(smoke.address("automation/"))
        page.get_by_role("link", name=NAME, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
        return page


def take_steps(life: Life) -> int:
    """The steps in order."""
    begun = time.monotonic()
    try:
        for title, step in STEPS:
            started = time.monotonic()
            step(life)
            say(f"{title:<70} {time.monotonic() - started:6.2f} s")
    except Exception as error:  # noqa: BLE001 - whatever it was, the product's log says more
        from deploy.smoke import tail

        for role, page in life.pages.items():
            say(f"{role} saw at {page.url}:\n{' · '.join(page.inner_text('body').split())[:1500]}")
        say(f"the newest drafts:\n{newest_drafts()}")
        say(f"FAILED: {title}: {error}\nthe last lines of the product's log:\n{tail(life.folder / 'life.log')}")
        return 1
    finally:
        life.stop()
    say(f"{'all steps passed':<70} {time.monotonic() - begun:6.2f} s")
    return 0


def start(life: Life) -> None:
    """Everything starts, and the demo's first mails are drafted."""
    life.start()
    wait_for(_is_quiet, "the demo's own mails were not drafted")


def collect(life: Life) -> None:
    """From review only to collecting, by an admin's click."""
    page = life.show_category()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Review only")
    page.get_by_role("button", name="Start collecting").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Collecting")


def let_months_pass(life: Life) -> None:
    """People review every draft of some weeks; all are safe. Nothing of the product runs meanwhile."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.utils import timezone

    from deploy.simulation.company import Company
    from deploy.simulation.plan import Kind, Plan, Reviewer
    from deploy.simulation.run import collect as review_all
    from drafting import setups
    from drafting.models import Category
    from inbox.models import Mailbox

    life.stop()
    setup, category = setups.active(), Category.objects.get(name=NAME)
    assert setup is not None
    admin, second = User.objects.filter(is_active=True).order_by("pk")[:2]
    reviewers = User.objects.filter(groups__name__icontains="reviewer").order_by("pk")[:2]
    company = Company(Mailbox.objects.earliest("pk"), setup, admin, second, {each.username: each for each in reviewers}, {NAME: category})
    life.months += 1
    plan = Plan(
        kinds=(Kind(NAME, 1.0, ((0, 0.0),)),),
        reviewers=tuple(Reviewer(each.username, notices=1.0, objects=0.0) for each in reviewers),
        mails=MAILS,
        a_day=20,
        seed=life.months,
    )
    with mock.patch("review.planting.placing.SHARE", 0.3):
        review_all(plan, at=company, since=timezone.now() - timedelta(days=30))
    connection.close()
    life.start()


def unlock(life: Life) -> None:
    """The proof stands; an admin has the model checked, and types the category's name."""
    page = life.show_category()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ready to unlock")
    page.get_by_role("link", name="Unlock …").click()
    if page.get_by_label("Type “").is_disabled():
        with page.expect_navigation():
            page.get_by_role("button", name="Check canaries now").click()
        wait_for(lambda: _is_checked(page), "the model was not confirmed")
    page.get_by_label("Type “").fill(NAME)
    page.get_by_role("button", name="Unlock", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ramp 10 %")


def _is_checked(page: Page) -> bool:
    try:
        page.reload()
    except Error:  # The page loads itself again when the check is done, perhaps just now.
        return False
    return page.get_by_label("Type “").is_enabled()


def answer_alone(life: Life) -> None:
    """A customer writes; a reply comes that no person has seen, and says that it is automatic."""
    mail = write(life, is_chosen=True)
    reply = wait_for(lambda: next(iter(answers(mail)), None), "no reply came into the customer's mailbox")
    assert reply["Auto-Submitted"] == "auto-replied", reply["Auto-Submitted"]
    body = reply.get_body(("plain",))
    assert body is not None and mail.order in body.get_content()
    page = life.page("reviewer")
    page.goto(_address("outgoing/"))
    expect(page.get_by_text(mail.subject).first).to_be_visible()


def drift(life: Life) -> None:
    """Drafts become wrong: the reviewer rejects what still goes to people, and auto-send of the category stops by itself."""
    for _ in range(3):
        mail, page = write(life, is_chosen=False), life.page("reviewer")
        wait_for(partial(_open, page, mail), f"no draft for {mail.subject!r} came into the queue")
        _reject(page)
    wait_for(lambda: "Suspended" in life.show_category().get_by_role("heading", level=1).inner_text(), "it was not suspended")
    expect(life.page("admin").locator("body")).to_contain_text("More unsafe drafts than were proven")


def earn_again(life: Life) -> None:
    """What was wrong is mended; the proof begins from zero."""
    page = life.show_category()
    page.get_by_role("link", name="Earn again …").click()
    page.get_by_label("What was mended").fill("The dates come from the carrier now.")
    page.get_by_role("button", name="Earn again").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Collecting")


def count(_: Life) -> None:
    """The report counts the reply that no person has seen; all its numbers of these days are what the raw rows say."""
    report.check(patience=PATIENCE, seen=("auto_sent", "automated"), since=date.today() - timedelta(days=1))


@dataclass(frozen=True)
class Written:
    """A mail that a customer wrote."""

    address: str
    password: str
    order: str
    subject: str
    message_id: str


def write(life: Life, *, is_chosen: bool) -> Written:
    """Each time another customer asks where an order is. Whether chance lets the draft leave alone is known beforehand."""
    from drafting.models import Order

    wait_for(_is_quiet, "the demo's own mails were not drafted")
    _choose_number(is_chosen=is_chosen)
    orders = Order.objects.filter(status="shipped", customer__addresses__isnull=False).order_by("pk")
    customers = list({order.customer_id: order for order in orders}.values())
    order = customers[life.written % len(customers)]
    life.written += 1
    address = order.customer.addresses.order_by("pk")[0].address
    subject, message_id = f"Where is {order.number}? ({life.written})", f"life{life.written}@life.example"
    mail = Written(address, _passwords()[address], order.number, subject, message_id)
    _send(mail)
    return mail


def _is_quiet() -> bool:
    """No other mail is about to take the number that is chosen for the next draft."""
    from django.utils import timezone

    from drafting.models import Draft
    from inbox.models import Mailbox, Message

    before = timezone.now()
    wait_for(lambda: Mailbox.objects.filter(fetched_at__gt=before).exists(), "the mailbox was not fetched")
    waiting = Message.objects.filter(taken_up_at__isnull=True).exists()
    return not waiting and not Draft.objects.filter(state__in=[Draft.State.QUEUED, Draft.State.WRITING]).exists()


def _choose_number(*, is_chosen: bool) -> None:
    """The next draft gets a number of which chance says that it leaves alone, or that a person sees it first."""
    from django.db import connection

    from review import chance

    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM drafting_draft_id_seq")
        number = cursor.fetchone()[0] + 1
        while (chance.share("ramp", number) < 0.1 <= chance.share("audit", number)) != is_chosen:
            number += 1
        cursor.execute("SELECT setval('drafting_draft_id_seq', %s, false)", [number])


def _send(mail: Written) -> None:
    from deploy import smoke

    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.address, smoke.accounts()[1].address, mail.subject
    message["Message-ID"] = f"<{mail.message_id}>"
    message.set_content(f"Hello,\n\ncould you please tell me where my order {mail.order} is?\n\nKind regards\n")
    with smtplib.SMTP("127.0.0.1", int(os.environ["DEMO_SMTP_PORT"]), timeout=20) as server:
        server.login(mail.address, mail.password)
        server.send_message(message)


def answers(mail: Written) -> list[EmailMessage]:
    """The customer's mails that answer it."""
    from deploy import smoke

    return smoke.mails_answering(smoke.Account(mail.address, mail.password), "INBOX", smoke.Run(message_id=mail.message_id))


def _reject(page: Page) -> None:
    """By keys. Where a planted draft lies over the draft it is revealed, and the draft itself is rejected then."""
    undo, planted = page.locator("#toast .toast-button"), page.locator(".planted")
    _send_rejection(page)
    expect(undo.or_(planted).first).to_be_visible()
    if not undo.is_visible():
        _send_rejection(page)
    expect(undo).to_be_visible()


def _send_rejection(page: Page) -> None:
    page.keyboard.press("r")
    page.locator("#reject-reason").fill("The date is wrong.")
    page.keyboard.press("Control+Enter")


def _open(page: Page, mail: Written) -> bool:
    """Open the mail in the queue; whether its draft is there to be decided."""
    page.goto(_address(f"queue/?{urlencode({'q': mail.subject})}"))
    row = page.locator("a.row", has_text=mail.subject)
    if row.count():
        page.goto(_address((row.first.get_attribute("href") or "").lstrip("/")))
    return page.locator("[data-toggles='reject']").first.is_visible()


def newest_drafts() -> str:
    """What became of the newest drafts, for whoever looks for the fault."""
    from drafting.models import Draft

    lines = []
    for draft in Draft.objects.select_related("ledger_entry", "category", "message").order_by("-pk")[:4]:
        entry = getattr(draft, "ledger_entry", None)
        failed = list(draft.checks.filter(passed=False).values_list("code", flat=True))
        routed = f"{entry.route}, {entry.why}" if entry else "in no ledger"
        lines.append(f"{draft.pk} {draft.message.subject!r}: {draft.state}, {draft.category}, {routed}, failed {failed} {draft.last_error}")
    return "\n".join(lines)


def _passwords() -> dict[str, str]:
    from deploy import smoke

    return smoke.passwords()


def _address(path: str) -> str:
    from deploy import smoke

    return smoke.address(path)


def wait_for(look: Callable[[], Value | None], failure: str) -> Value:
    """The first true value that `look` returns."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if value := look():
                return value
        except (OSError, imaplib.IMAP4.error):
            pass
        time.sleep(0.3)
    raise AssertionError(f"{failure} within {PATIENCE:.0f} s")


def say(line: str) -> None:
    """One line of the report."""
    print(f"life: {line}", flush=True)  # noqa: T201


STEPS: list[tuple[str, Callable[[Life], None]]] = [
    ("everything starts", start),
    ("an admin lets a category collect verdicts", collect),
    ("weeks of drafts are reviewed, with planted ones among them", let_months_pass),
    ("it is proven, and the admin unlocks it", unlock),
    ("a customer is answered automatically", answer_alone),
    ("drafts become wrong, and auto-send stops by itself", drift),
    ("the admin lets it be earned again", earn_again),
    ("weeks of drafts are reviewed again", let_months_pass),
    ("it is unlocked again", unlock),
    ("the report counts what left by itself, as the raw rows do", count),
]

if __name__ == "__main__":
    sys.exit(main())

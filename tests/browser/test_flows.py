"""What people do now and then, from its first page to its last: with scripts, under the policy, as the browser has it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from drafting import setups
from inbox.models import Mailbox, OutgoingMail
from tests.browser.conftest import Desk, Desks
from tests.drafting.factories import make_category, make_conversation, make_message, make_setup
from tests.mailservers import PASSWORD as MAIL_PASSWORD
from tests.mailservers import ImapAccount, SmtpServer
from tests.review.authentication.signing_in import code
from tests.review.factories import activate, attach, make_outgoing, make_person, ready_draft
from tests.review.proofs import make_attempt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a sentence that nobody guesses"
USABLE = {"dialect": "json_schema", "sampling": {"max_tokens": 100}, "context_length": 8192}


@pytest.fixture
def ada(transactional_db: None) -> User:
    """An admin."""
    return make_person("admin", "ada", first_name="Ada", last_name="Minh")


def test_a_held_mail_is_cancelled_and_a_doubtful_one_resolved(desks: Desks, ana: User) -> None:
    held = make_outgoing(by=ana, state="held", subject="Held", due_at=timezone.now() + timedelta(minutes=5))
    doubtful = make_outgoing(by=ana, state="maybe_sent", subject="Doubtful")
    page = desks.open(ana)
    page.goto(f"{desks.address}/outgoing/")
    page.get_by_role("button", name="Cancel: do not send it").click()
    expect(page.locator(".flash")).to_be_visible()
    page.goto(f"{desks.address}/outgoing/")
    page.get_by_role("link", name="Doubtful").click()
    page.get_by_role("button", name="It was sent").click()
    expect(page.locator(".flash")).to_be_visible()
    states = dict(OutgoingMail.objects.values_list("pk", "state"))
    assert states == {held.pk: "cancelled", doubtful.pk: "sent"}


def test_somebody_who_is_invited_joins_and_signs_in_with_an_authenticator_app(desks: Desks, ada: User) -> None:
    page = desks.sign_in(ada)
    page.goto(f"{desks.address}/people/invite/")
    page.get_by_label("E-mail address").fill("zoe@shop.example")
    page.get_by_label("Reviewer").check()
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("#invitation-link").input_value()
    zoe = _joined(desks, link)
    secret = _app_added(zoe, desks.address)
    zoe.get_by_label("Account of Zoe Kern").click()
    zoe.get_by_role("button", name="Sign out").click()
    zoe.fill("#id_username", "zoe")
    zoe.fill("#id_password", PASSWORD)
    zoe.press("#id_password", "Enter")
    expect(zoe.get_by_role("heading", name="One more step")).to_be_visible()
    zoe.get_by_label("Code").fill(code(secret, steps=1))
    zoe.get_by_role("button", name="Sign in", exact=True).click()
    expect(zoe.locator("#queue-rows")).to_be_visible()


def _joined(desks: Desks, link: str) -> Page:
    desk = Desk(desks.browser, desks.address)
    desks.all.append(desk)
    page = desk.page
    page.goto(link)
    for label, said in {
        "First name": "Zoe",
        "Last name": "Kern",
        "User name": "zoe",
        "Password": PASSWORD,
        "The password again": PASSWORD,
    }.items():
        page.get_by_label(label, exact=True).fill(said)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_label("Account of Zoe Kern")).to_be_visible()
    return page


def _app_added(page: Page, address: str) -> str:
    """Set the app up; says its secret."""
    page.goto(f"{address}/settings/security/app/")
    page.get_by_text("No camera?").click()
    secret = page.locator("code.fingerprint").inner_text()
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return secret


def test_a_mailbox_is_tested_before_it_is_added(desks: Desks, ada: User, imap_account: ImapAccount, smtp_server: SmtpServer) -> None:
    page = desks.open(ada)
    page.goto(f"{desks.address}/mailboxes/new/")
    said = {"name": "Orders", "address": "orders@company.example", "imap_host": "127.0.0.1", "imap_port": str(imap_account.port)}
    said |= {"imap_username": imap_account.user, "imap_password": "wrong", "smtp_host": "127.0.0.1", "smtp_port": str(smtp_server.port)}
    for name, value in said.items():
        page.fill(f"#id_{name}", value)
    for name in ("imap_security", "smtp_security"):
        page.select_option(f"#id_{name}", "none")
    page.get_by_role("button", name="Test the connection").click()
    expect(page.locator("#connection-test .tone-red").first).to_be_visible()
    page.fill("#id_imap_password", MAIL_PASSWORD)
    page.get_by_role("button", name="Test the connection").click()
    expect(page.locator("#connection-test")).not_to_contain_text("refused")
    expect(page.locator("#connection-test .tone-red")).to_have_count(0)
    assert not Mailbox.objects.exists()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".flash")).to_be_visible()
    assert Mailbox.objects.get().name == "Orders"


def test_a_setup_is_switched_after_it_was_said_what_is_lost(desks: Desks, ada: User) -> None:
    before, after = activate(), make_setup(parts=USABLE)
    make_attempt(category=make_category("returns"), setup=before, n=3)
    page = desks.open(ada)
    page.goto(f"{desks.address}/setup/all/")
    page.get_by_role("row", name=str(after)).get_by_role("link", name="Switch").click()
    expect(page.locator(".follows").first).to_contain_text("Returns: 3 clean reviews, collecting")
    page.get_by_role("button", name=f"Switch to {after}").click()
    expect(page.locator(".flash")).to_contain_text("drafts all other mails from now on")
    assert setups.active() == after


def test_a_search_with_filters_leads_on_and_back(desks: Desks, ana: User) -> None:
    mailbox = make_conversation(subject="The pump leaks").mailbox
    for number in range(60):
        make_message("The pump leaks.", subject=f"Pump {number}", conversation=make_conversation(subject=f"Pump {number}", mailbox=mailbox))
    attach(make_message("A pump with a paper.", conversation=make_conversation(subject="Paper", mailbox=mailbox)), paper__pdf=b"%PDF")
    page = desks.open(ana)
    page.keyboard.press("/")
    page.keyboard.type("pump")
    page.keyboard.press("Enter")
    expect(page.locator(".talks li")).to_have_count(50)
    expect(page.locator(".talks mark").first).to_have_text("pump")
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".talks li")).to_have_count(11)
    page.get_by_role("link", name="Newest").click()
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("With attachments").check()
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".talks li")).to_have_count(1)
    page.locator(".talks a").click()
    expect(page.get_by_role("heading", name="Paper")).to_be_visible()


def test_the_rest_of_a_mail_is_fetched_into_its_place(desks: Desks, ana: User) -> None:
    first = make_message(f"{'A long question. ' * 400}The end of it.")
    lines = "\n".join(f"> Question {number} {'about it ' * 30}\nAnswer {number:02}." for number in range(60))
    answers = "\n".join(f"Answer {number:02}." for number in range(60))
    draft = ready_draft(message=make_message(lines, reply_text=answers, conversation=first.conversation))
    page = desks.open(ana)
    page.keyboard.press("j")
    expect(page.locator(f"#message-{draft.message_id}")).to_contain_text("Answer 59.")
    page.locator(f"#message-{first.pk} > summary").click()
    expect(page.locator(f"#message-{first.pk}")).to_contain_text("The end of it.")
    expect(page.get_by_text("Show the whole text")).to_have_count(0)

"""What leads from the report to its PDF, to dossiers and to the weekly mail; asking for that mail, and ending it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from inbox.models import Mailbox
from review.models import LogEntry, Outcome, Profile, WeeklyReport
from review.reports import periods
from tests.drafting.factories import make_mailbox, make_message
from tests.review.exports.reading import words_of
from tests.review.factories import make_outgoing, make_person
from tests.review.reports.tallies import make_tally

pytestmark = pytest.mark.django_db
WEEK = {"period": "days", "first": "2026-03-09", "last": "2026-03-15"}


@pytest.fixture
def mara(db: None) -> User:
    """A manager."""
    return make_person("manager", "mara", first_name="Mara", last_name="Lind", email="mara@shop.example")


@pytest.fixture
def desk(mara: User) -> Client:
    """Mara's browser."""
    client = Client()
    client.force_login(mara)
    return client


@pytest.fixture
def mailbox(db: None) -> Mailbox:
    """One with mails in the week."""
    mailbox = make_mailbox(name="Service")
    make_tally(date(2026, 3, 10), mailbox=mailbox, inbound=10, needed=8, automated=6, audited=200, unsafe=1)
    return mailbox


def test_the_page_leads_to_the_pdf_and_to_dossiers(desk: Client, mailbox: Mailbox) -> None:
    page = desk.get("/reports/", WEEK).content.decode()
    assert 'formaction="/reports/report.pdf"' in page
    assert 'href="/reports/dossier/?first=2026-03-09&amp;last=2026-03-15' in page


def test_the_pdf_has_the_numbers_of_the_page_and_is_recorded(desk: Client, mailbox: Mailbox, mara: User) -> None:
    answer = desk.post("/reports/report.pdf", WEEK)
    assert answer["Content-Disposition"] == 'attachment; filename="report-2026-03-09-2026-03-15.pdf"'
    said = words_of(answer.content).replace("\u00a0", " ")
    assert "Automation rate" in said
    assert "6 of 8" in said
    assert "by Mara Lind" in said
    assert "6 of 8" in desk.get("/reports/", WEEK).content.decode().replace("\u00a0", " ")
    assert LogEntry.objects.get(act="report.downloaded", by=mara).words == "9 March 2026 to 15 March 2026. All mailboxes."


def test_the_pdf_counts_what_somebody_may_see(desk: Client, mailbox: Mailbox, mara: User) -> None:
    own = make_mailbox(name="Returns")
    make_tally(date(2026, 3, 10), mailbox=own, inbound=4, needed=4, automated=1)
    Profile.objects.create(user=mara, is_limited=True).mailboxes.add(own)
    said = words_of(desk.post("/reports/report.pdf", WEEK).content)
    assert "1 of 4" in said
    assert "6 of 8" not in said
    assert "Mailbox Returns" in said


def test_who_reviews_gets_no_error_rate(desk: Client, mailbox: Mailbox, mara: User) -> None:
    assert "Audited error" in words_of(desk.post("/reports/report.pdf", WEEK).content)
    mara.groups.add(make_person("reviewer").groups.get())
    assert "Audited error" not in words_of(desk.post("/reports/report.pdf", WEEK).content)


def test_what_makes_no_sense_is_said_instead_of_another_file(desk: Client) -> None:
    answer = desk.post("/reports/report.pdf", WEEK | {"mailbox": "999999"})
    assert answer.status_code == 400


def test_a_mail_behind_a_figure_leads_to_the_dossier_of_its_reply(desk: Client, mailbox: Mailbox, ana: User) -> None:
    answered, waiting = make_message(), make_message()
    mail = make_outgoing(by=ana, message=answered)
    make_outgoing(by=ana, message=waiting, state="cancelled")
    for message in (answered, waiting):
        assert message.conversation is not None
        about = {"conversation": message.conversation, "mailbox": mailbox, "received_at": message.received_at, "inbound": 1}
        Outcome.objects.create(message=message, day=periods.today() - timedelta(days=1), hour_of_week=0, **about)
    make_tally(periods.today() - timedelta(days=1), mailbox=mailbox, inbound=2)
    page = desk.get("/reports/mails/", {"figure": "inbound"}).content.decode()
    assert page.count("Decision dossier") == 1
    assert f'href="/outgoing/{mail.pk}/dossier/"' in page


@pytest.fixture
def mails_itself(settings: Any) -> None:
    """The product can send mail of its own."""
    settings.EMAIL_HOST = "mail.shop.example"


@pytest.mark.parametrize("page", ["/reports/", "/settings/"])
def test_a_manager_asks_for_the_weekly_mail_and_ends_it(desk: Client, mara: User, mails_itself: None, page: str) -> None:
    assert "Send it to me" in desk.get(page).content.decode()
    answer = desk.post("/reports/weekly/save/", {"weekday": "2", "from": page.strip("/")}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    said = answer.content.decode()
    assert "You get the report by mail each Wednesday." in said
    assert "mara@shop.example" in said
    row = WeeklyReport.objects.get(person=mara)
    assert (row.weekday, row.desk) == (2, "http://testserver")
    assert len(row.token) >= 43
    assert (
        "You get no weekly report any more." in desk.post("/reports/weekly/stop/", {"from": page.strip("/")}, follow=True).content.decode()
    )
    assert not WeeklyReport.objects.exists()
    assert set(LogEntry.objects.filter(by=mara).values_list("act", flat=True)) == {"report.subscribed", "report.unsubscribed"}


def test_a_problem_with_the_last_one_is_on_the_page(desk: Client, mara: User, mails_itself: None) -> None:
    WeeklyReport.objects.create(person=mara, token="t", sent_for=date(2026, 3, 15), problem="The report could not be sent: no room.")
    assert "could not be sent: no room." in desk.get("/reports/").content.decode()


def test_without_mail_of_its_own_the_product_says_what_to_do(desk: Client) -> None:
    page = desk.get("/reports/").content.decode()
    assert "an operator sets EMAIL_HOST first" in page
    assert "Send it to me" not in page
    desk.post("/reports/weekly/save/", {"weekday": "2"})
    assert not WeeklyReport.objects.exists()


def test_a_manager_without_an_address_is_told_whom_to_ask(desk: Client, mara: User, mails_itself: None) -> None:
    User.objects.filter(pk=mara.pk).update(email="")
    assert "Your account has no mail address" in desk.get("/reports/").content.decode()


@pytest.mark.parametrize("weekday", ["7", "-1", "x", ""])
def test_what_is_no_day_of_the_week_is_said(desk: Client, mails_itself: None, weekday: str) -> None:
    assert "Choose a day of the week." in desk.post("/reports/weekly/save/", {"weekday": weekday}, follow=True).content.decode()
    assert not WeeklyReport.objects.exists()


def test_who_may_not_report_has_nothing_of_it_in_their_settings(ana: User) -> None:
    client = Client()
    client.force_login(ana)
    assert "Weekly report" not in client.get("/settings/").content.decode()

"""The weekly report by mail, over a real mail server."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from inbox.models import Mailbox
from review import tasks
from review.models import LogEntry, Profile, Touched, WeeklyReport
from review.reports import weekly
from tests.drafting.factories import make_mailbox
from tests.mailservers import SmtpServer
from tests.review.exports.reading import words_of
from tests.review.factories import make_person
from tests.review.reports.tallies import make_tally

pytestmark = pytest.mark.django_db
MONDAY = "2026-03-16T07:00:00Z"
DESK = "https://desk.shop.example"


@pytest.fixture(autouse=True)
def mail_server(smtp_server: SmtpServer, settings: Any) -> SmtpServer:
    """What the product sends its own mail with."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = "127.0.0.1", smtp_server.port, False, 2
    return smtp_server


@pytest.fixture
def mailbox(db: None) -> Mailbox:
    """One with mails in the week before MONDAY, and one mail in the week before that."""
    mailbox = make_mailbox(name="Service")
    make_tally(date(2026, 3, 10), mailbox=mailbox, inbound=10, needed=8, automated=6, auto_sent=6, by_hand=2, audited=200, unsafe=1)
    make_tally(date(2026, 3, 3), mailbox=mailbox, inbound=9, needed=8, automated=2)
    return mailbox


@pytest.fixture
def mara(db: None) -> User:
    """A manager."""
    return make_person("manager", "mara", first_name="Mara", last_name="Lind", email="mara@shop.example")


@pytest.fixture
def subscribed(mara: User) -> WeeklyReport:
    """Since Friday before MONDAY."""
    with time_machine.travel("2026-03-13T12:00:00Z"):
        return weekly.subscribe(person=mara, weekday=0, desk=DESK)


def sweep(at: str = MONDAY) -> list[bool]:
    """What the hourly sweep comes to at this time."""
    with time_machine.travel(at, tick=False):
        return [weekly.send(report_id=one) for one in list(weekly.due())]


def only(server: SmtpServer) -> EmailMessage:
    [accepted] = server.accepted
    return message_from_bytes(accepted, policy=policy.default)


def body_of(found: EmailMessage) -> str:
    part = found.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_the_mail_has_the_key_figures_in_plain_text_and_the_report_as_pdf(
    subscribed: WeeklyReport, mailbox: Mailbox, mail_server: SmtpServer
) -> None:
    assert sweep() == [True]
    found = only(mail_server)
    assert (found["To"], found["Auto-Submitted"]) == ("mara@shop.example", "auto-generated")
    assert found["Subject"] == "Report, 9 March 2026 to 15 March 2026: automation rate so far 75 %"
    said = body_of(found).replace("\r\n", "\n")
    assert "Hello Mara Lind," in said
    rate = "Automation rate so far: 75 % (6 of 8; not comparable yet: the last 7 days are still open)"
    assert f"{rate}; settled, of the seven days before: 25 %, 2 of 8\n" in said
    assert "Audited error rate so far: 0.5 % (1 of 200; under 0.1 % to 2.8 %)\n" in said
    assert "Had a first reply: – (0 of 0)" in said
    assert "Sent automatically: 6" in said
    assert f"{DESK}/reports/?period=days&first=2026-03-09&last=2026-03-15" in said
    assert "<" not in said
    assert found.get_body(("html",)) is None
    [attached] = found.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("application/pdf", "report-2026-03-09-to-2026-03-15.pdf")
    assert "Report, 9 March 2026 to 15 March 2026" in words_of(attached.get_content())


def test_it_is_sent_once_on_its_day_and_again_a_week_later(subscribed: WeeklyReport, mail_server: SmtpServer) -> None:
    assert sweep("2026-03-15T23:00:00Z") == []
    assert sweep("2026-03-16T05:59:00Z") == []
    assert sweep("2026-03-16T06:01:00Z") == [True]
    for at in ("2026-03-16T07:01:00Z", "2026-03-17T07:01:00Z", "2026-03-22T23:00:00Z"):
        assert sweep(at) == []
    assert sweep("2026-03-23T06:01:00Z") == [True]
    assert len(mail_server.accepted) == 2


def test_it_waits_some_hours_for_what_is_not_counted_yet_and_then_says_so(subscribed: WeeklyReport, mail_server: SmtpServer) -> None:
    Touched.objects.create(conversation_id=7, at=datetime(2026, 3, 16, 5, tzinfo=UTC))
    for at in ("2026-03-16T06:01:00Z", "2026-03-16T11:59:00Z"):
        assert sweep(at) == []
    assert sweep("2026-03-16T12:01:00Z") == [True]
    assert "Not counted yet: 1 conversation in which something changed." in body_of(only(mail_server))


def test_the_day_is_that_of_the_installation(subscribed: WeeklyReport, settings: Any) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    assert sweep("2026-03-15T16:00:00Z") == []
    assert sweep("2026-03-15T18:00:00Z") == [True]


def test_after_days_without_power_it_is_sent_late_but_once(subscribed: WeeklyReport, mail_server: SmtpServer) -> None:
    assert sweep("2026-03-19T12:00:00Z") == [True]
    assert "9 March 2026 to 15 March 2026" in only(mail_server)["Subject"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_it_once(subscribed: WeeklyReport, mail_server: SmtpServer) -> None:
    with time_machine.travel(MONDAY, tick=False):
        workers = [Thread(target=_send, args=(subscribed.pk,)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert len(mail_server.accepted) == 1


def _send(report_id: int) -> None:
    try:
        weekly.send(report_id=report_id)
    finally:
        connection.close()


@pytest.mark.parametrize(
    "fault", [{"connect": "drop"}, {"mail": "550 not you"}, {"rcpt": "450 later"}, {"data": "451 later"}, {"dot": "554 no"}]
)
def test_what_the_server_refused_is_said_and_tried_again_the_next_hour(
    subscribed: WeeklyReport, mail_server: SmtpServer, fault: dict[str, str]
) -> None:
    mail_server.faults = fault
    assert sweep() == [False]
    subscribed.refresh_from_db()
    assert "The report up to 15 March 2026 could not be sent:" in subscribed.problem
    assert all(answer.split()[-1] in subscribed.problem for answer in fault.values() if answer != "drop")
    mail_server.faults = {}
    assert sweep("2026-03-16T08:00:00Z") == [True]
    subscribed.refresh_from_db()
    assert subscribed.problem == ""
    assert len(mail_server.accepted) == 1


def test_it_is_given_up_after_a_day_and_the_next_week_is_a_new_one(subscribed: WeeklyReport, mail_server: SmtpServer) -> None:
    mail_server.faults = {"connect": "drop"}
    assert [sweep(at) for at in ("2026-03-16T07:00:00Z", "2026-03-16T23:00:00Z", "2026-03-17T06:00:00Z")] == [[False]] * 3
    subscribed.refresh_from_db()
    assert "given up after a day" in subscribed.problem
    assert sweep("2026-03-17T07:00:00Z") == []
    mail_server.faults = {}
    assert sweep("2026-03-23T07:00:00Z") == [True]


@pytest.mark.parametrize("step", ["body", "dot", "answer"])
def test_where_nobody_knows_whether_it_left_it_is_not_sent_again(subscribed: WeeklyReport, mail_server: SmtpServer, step: str) -> None:
    mail_server.faults = {step: "drop"}
    assert sweep() == [False]
    mail_server.faults = {}
    assert sweep("2026-03-16T08:00:00Z") == []
    subscribed.refresh_from_db()
    assert "It may have left" in subscribed.problem


def test_a_worker_that_dies_while_sending_leaves_words_and_no_second_mail(
    subscribed: WeeklyReport, mail_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_mail: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("review.reports.weekly_mail.deliver", die)
        with pytest.raises(SystemExit):
            sweep()
    subscribed.refresh_from_db()
    assert "nothing tells whether it left" in subscribed.problem
    assert sweep("2026-03-16T08:00:00Z") == []


def test_who_may_not_report_any_more_gets_nothing(subscribed: WeeklyReport, mara: User, mail_server: SmtpServer) -> None:
    mara.groups.clear()
    assert sweep() == []
    with time_machine.travel(MONDAY, tick=False):
        assert not weekly.send(report_id=subscribed.pk)
    mara.groups.add(make_person("manager").groups.get())
    User.objects.filter(pk=mara.pk).update(is_active=False)
    assert sweep() == []
    assert not mail_server.accepted


def test_who_is_limited_to_mailboxes_gets_the_figures_of_those(
    subscribed: WeeklyReport, mara: User, mailbox: Mailbox, mail_server: SmtpServer
) -> None:
    own = make_mailbox(name="Returns")
    make_tally(date(2026, 3, 10), mailbox=own, inbound=3, needed=3)
    Profile.objects.create(user=mara, is_limited=True).mailboxes.add(own)
    sweep()
    assert "Inbound mails: 3" in body_of(only(mail_server))
    assert "Mailbox Returns" in body_of(only(mail_server))


def test_who_reviews_is_not_told_how_far_the_proof_is(
    subscribed: WeeklyReport, mara: User, mailbox: Mailbox, mail_server: SmtpServer
) -> None:
    mara.groups.add(make_person("reviewer").groups.get())
    sweep()
    found = only(mail_server)
    [attached] = found.iter_attachments()
    assert "error" not in body_of(found)
    assert "Audited error" not in words_of(attached.get_content())


def test_a_person_without_an_address_is_told_so(subscribed: WeeklyReport, mara: User) -> None:
    User.objects.filter(pk=mara.pk).update(email="")
    assert sweep() == [False]
    subscribed.refresh_from_db()
    assert "Your account has no mail address" in subscribed.problem


def test_without_a_mail_server_nothing_is_tried(subscribed: WeeklyReport, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    assert sweep() == []


def test_the_first_one_comes_on_the_next_such_day(mara: User) -> None:
    with time_machine.travel(MONDAY, tick=False):
        row = weekly.subscribe(person=mara, weekday=0, desk=DESK)
        assert weekly.next_on(row) == date(2026, 3, 23)
        assert list(weekly.due()) == []


def test_another_day_neither_repeats_a_week_nor_loses_one(subscribed: WeeklyReport, mara: User) -> None:
    assert sweep() == [True]
    with time_machine.travel("2026-03-17T12:00:00Z", tick=False):
        row = weekly.subscribe(person=mara, weekday=2, desk=DESK)
        assert weekly.next_on(row) == date(2026, 3, 18)
        assert list(weekly.due()) == []
    assert row.token == subscribed.token
    assert sweep("2026-03-18T07:00:00Z") == [True]


def link_in(server: SmtpServer) -> str:
    header = str(only(server)["List-Unsubscribe"]).strip()
    assert header.startswith(f"<{DESK}/")
    return header.strip("<>").removeprefix(DESK)


def test_the_link_ends_it_without_signing_in_but_never_by_being_looked_at(subscribed: WeeklyReport, mail_server: SmtpServer) -> None:
    sweep()
    link, stranger = link_in(mail_server), Client(enforce_csrf_checks=True)
    assert link in body_of(only(mail_server))
    assert "End the weekly report?" in stranger.get(link).content.decode()
    stranger.head(link)
    assert WeeklyReport.objects.exists()
    answer = stranger.post(link)
    assert "It is ended" in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not WeeklyReport.objects.exists()
    assert LogEntry.objects.filter(act="report.unsubscribed", about="mara").count() == 1
    assert stranger.post(link).status_code == 200


def test_a_mail_program_ends_it_with_one_click(subscribed: WeeklyReport, mail_server: SmtpServer) -> None:
    """RFC 8058: a POST with this body, without cookies, and no redirect."""
    sweep()
    assert only(mail_server)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = Client(enforce_csrf_checks=True).post(
        link_in(mail_server), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert not WeeklyReport.objects.exists()


def test_a_link_of_nobody_tells_nothing(subscribed: WeeklyReport) -> None:
    assert Client().post("/reports/weekly/stop/guessed/").status_code == 200
    assert WeeklyReport.objects.exists()


def test_the_sweep_rings_for_each(subscribed: WeeklyReport, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[tuple[int]] = []
    monkeypatch.setattr(tasks.send_weekly_report, "apply_async", lambda args, **_: rung.append(args))
    with time_machine.travel(MONDAY, tick=False):
        tasks.send_weekly_reports()
        tasks.send_weekly_report(*rung[0])
    subscribed.refresh_from_db()
    assert rung == [(subscribed.pk,)]
    assert subscribed.sent_for == date(2026, 3, 15)


def test_its_links_are_secure_where_people_come_by_https(mara: User, mail_server: SmtpServer, mailbox: Mailbox, settings: Any) -> None:
    """The proxy before us does not say so; nor did it when somebody asked for the report long ago."""
    settings.SECURE_COOKIES = True
    client = Client()
    client.force_login(mara)
    with time_machine.travel("2026-03-13T12:00:00Z"):
        client.post("/reports/weekly/save/", {"weekday": "0"})
    assert WeeklyReport.objects.get(person=mara).desk == "https://testserver"
    WeeklyReport.objects.update(desk="http://testserver")
    assert sweep() == [True]
    found = only(mail_server)
    assert "<https://testserver/" in found["List-Unsubscribe"]
    assert "http://" not in body_of(found)

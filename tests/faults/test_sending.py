"""An SMTP server fails at each point of the talk: what becomes of the mail, and how many the server took."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inbox import outbox, smtp
from inbox.models import Mailbox, OutgoingMail
from inbox.outbox import sending
from tests.inbox.factories import make_mailbox, queue_reply, receive
from tests.mailservers import PASSWORD, SmtpServer, free_port

State = OutgoingMail.State
pytestmark = pytest.mark.django_db

FAULTS = {
    "drops the line at once": ({"connect": "drop"}, State.RETRY, 0),
    "hangs before its banner": ({"banner": "hang"}, State.RETRY, 0),
    "is too busy to greet": ({"banner": "421 too busy"}, State.RETRY, 0),
    "does not serve us": ({"banner": "554 no service for you"}, State.RETRY, 0),
    "drops at EHLO": ({"ehlo": "drop"}, State.RETRY, 0),
    "hangs at EHLO": ({"ehlo": "hang"}, State.RETRY, 0),
    "4xx at EHLO": ({"ehlo": "421 not now"}, State.RETRY, 0),
    "5xx at EHLO": ({"ehlo": "550 no"}, State.RETRY, 0),
    "drops at AUTH": ({"auth": "drop"}, State.RETRY, 0),
    "4xx at AUTH": ({"auth": "454 later"}, State.RETRY, 0),
    "refuses the password": ({"auth": "535 wrong password"}, State.RETRY, 0),
    "drops at MAIL": ({"mail": "drop"}, State.RETRY, 0),
    "hangs at MAIL": ({"mail": "hang"}, State.RETRY, 0),
    "4xx at MAIL": ({"mail": "451 later"}, State.RETRY, 0),
    "5xx at MAIL": ({"mail": "552 too large"}, State.FAILED, 0),
    "drops at RCPT": ({"rcpt": "drop"}, State.RETRY, 0),
    "hangs at RCPT": ({"rcpt": "hang"}, State.RETRY, 0),
    "4xx at RCPT": ({"rcpt": "450 greylisted"}, State.RETRY, 0),
    "5xx at RCPT": ({"rcpt": "550 nobody here"}, State.FAILED, 0),
    "drops at DATA": ({"data": "drop"}, State.RETRY, 0),
    "hangs at DATA": ({"data": "hang"}, State.RETRY, 0),
    "4xx at DATA": ({"data": "451 later"}, State.RETRY, 0),
    "5xx at DATA": ({"data": "554 no"}, State.FAILED, 0),
    "nonsense at DATA": ({"data": "299 what?"}, State.RETRY, 0),
    "drops while the mail is written": ({"body": "drop"}, State.RETRY, 0),
    "4xx after the dot": ({"dot": "451 later"}, State.RETRY, 0),
    "closes after the dot with 421": ({"dot": "421 shutting down"}, State.RETRY, 0),
    "5xx after the dot": ({"dot": "554 looks like spam"}, State.FAILED, 0),
    "drops after the dot, having taken nothing": ({"dot": "drop"}, State.MAYBE_SENT, 0),
    "drops after the dot, having taken the mail": ({"answer": "drop"}, State.MAYBE_SENT, 1),
    "hangs after the dot, having taken the mail": ({"answer": "hang"}, State.MAYBE_SENT, 1),
    "nonsense after the dot": ({"answer": "yes thank you"}, State.MAYBE_SENT, 1),
    "a reply without a meaning after the dot": ({"answer": "354 go on"}, State.MAYBE_SENT, 1),
    "drops after its answer": ({"answered": "drop"}, State.SENT, 1),
    "takes the mail and hangs": ({"answered": "hang"}, State.SENT, 1),
}


@pytest.fixture
def mailbox(smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.5)
    monkeypatch.setattr(smtp, "DOT_TIMEOUT", 0.5)
    monkeypatch.setattr(smtp, "GOODBYE_TIMEOUT", 0.2)
    return make_mailbox(smtp=smtp_server, smtp_username="user", smtp_password=PASSWORD)


@pytest.fixture
def mail(mailbox: Mailbox) -> OutgoingMail:
    return queue_reply(receive(mailbox))


def outgrow_the_buffers(mail: OutgoingMail) -> None:
    """Make the mail so large that the server drops the line while we still write."""
    OutgoingMail.objects.update(mime=bytes(mail.mime) + b"padding, line after line\r\n" * 400_000)


def work_for_days() -> None:
    """Everything that the workers would do if all pauses and leases ended."""
    for _ in range(3):
        past = timezone.now() - timedelta(seconds=1)
        OutgoingMail.objects.update(due_at=past)
        OutgoingMail.objects.filter(lease_until__isnull=False).update(lease_until=past)
        for pk in outbox.release_due():
            outbox.send(mail_id=pk)


@pytest.mark.parametrize(("faults", "state", "accepted"), FAULTS.values(), ids=FAULTS)
def test_the_server(smtp_server: SmtpServer, mail: OutgoingMail, faults: dict[str, str], state: State, accepted: int) -> None:
    smtp_server.faults.update(faults)
    if "body" in faults:
        outgrow_the_buffers(mail)
    for pk in outbox.release_due():
        outbox.send(mail_id=pk)
    mail.refresh_from_db()
    assert (mail.state, len(smtp_server.accepted)) == (state, accepted)
    assert bool(mail.last_error) == (state != State.SENT)
    assert mail.lease_until is None

    smtp_server.faults.clear()
    work_for_days()
    mail.refresh_from_db()
    assert mail.state == (State.SENT if state == State.RETRY else state), mail.last_error
    assert len(smtp_server.accepted) == (1 if state == State.RETRY else accepted)


def test_the_server_refuses_the_connection(mailbox: Mailbox, mail: OutgoingMail) -> None:
    Mailbox.objects.update(smtp_port=free_port())
    for pk in outbox.release_due():
        outbox.send(mail_id=pk)
    mail.refresh_from_db()
    assert mail.state == State.RETRY
    assert mail.last_error.startswith("TCP: 127.0.0.1 accepts no connections")


def test_the_server_has_no_name(mailbox: Mailbox, mail: OutgoingMail) -> None:
    Mailbox.objects.update(smtp_host="no-such-host.invalid")
    for pk in outbox.release_due():
        outbox.send(mail_id=pk)
    mail.refresh_from_db()
    assert (mail.state, mail.last_error[:4]) == (State.RETRY, "DNS:")


class Killed(BaseException):
    """The process ends."""


@pytest.mark.parametrize(
    ("edge", "state"),
    [("_mark_dot_sent", State.SENT), ("mark_sent", State.MAYBE_SENT)],
    ids=["before dot_sent is written", "before sent is written"],
)
def test_the_sender_is_killed(
    smtp_server: SmtpServer, mail: OutgoingMail, monkeypatch: pytest.MonkeyPatch, edge: str, state: State
) -> None:
    def die(*_: object) -> None:
        raise Killed

    [pk] = outbox.release_due()
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sending, edge, die)
        outbox.send(mail_id=pk)
    work_for_days()
    mail.refresh_from_db()
    assert (mail.state, len(smtp_server.accepted)) == (state, 1)


def test_the_sender_is_killed_after_dot_sent_is_written(
    smtp_server: SmtpServer, mail: OutgoingMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = sending._mark_dot_sent

    def die(mail: OutgoingMail) -> None:
        genuine(mail)
        raise Killed

    [pk] = outbox.release_due()
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sending, "_mark_dot_sent", die)
        outbox.send(mail_id=pk)
    work_for_days()
    mail.refresh_from_db()
    assert (mail.state, smtp_server.accepted) == (State.MAYBE_SENT, [])

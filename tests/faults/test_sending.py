"""An SMTP server fails at each point of the talk: what becomes of the mail, and how many the server took."""

import pytest

from inbox.models import Mailbox, OutgoingMail
from inbox.smtp import client
from tests.faults.table import Row, State, ids, outgrow_the_buffers, see, send_due, work_for_days
from tests.mailservers import SmtpServer, free_port

pytestmark = pytest.mark.django_db

FAULTS = {
    "refuses the connection": Row({"port": "closed"}, State.RETRY, 0),
    "drops the line at once": Row({"connect": "drop"}, State.RETRY, 0),
    "hangs at its banner": Row({"banner": "hang"}, State.RETRY, 0),
    "4xx at its banner": Row({"banner": "421 too busy"}, State.RETRY, 0),
    "5xx at its banner": Row({"banner": "554 no service for you"}, State.RETRY, 0),
    "drops at EHLO": Row({"ehlo": "drop"}, State.RETRY, 0),
    "hangs at EHLO": Row({"ehlo": "hang"}, State.RETRY, 0),
    "4xx at EHLO": Row({"ehlo": "421 not now"}, State.RETRY, 0),
    "5xx at EHLO": Row({"ehlo": "550 no"}, State.RETRY, 0),
    "drops at AUTH": Row({"auth": "drop"}, State.RETRY, 0),
    "hangs at AUTH": Row({"auth": "hang"}, State.RETRY, 0),
    "4xx at AUTH": Row({"auth": "454 later"}, State.RETRY, 0),
    "5xx at AUTH": Row({"auth": "535 wrong password"}, State.RETRY, 0),
    "drops at MAIL": Row({"mail": "drop"}, State.RETRY, 0),
    "hangs at MAIL": Row({"mail": "hang"}, State.RETRY, 0),
    "4xx at MAIL": Row({"mail": "451 later"}, State.RETRY, 0),
    "5xx at MAIL": Row({"mail": "552 too large"}, State.FAILED, 0),
    "drops at RCPT": Row({"rcpt": "drop"}, State.RETRY, 0),
    "hangs at RCPT": Row({"rcpt": "hang"}, State.RETRY, 0),
    "4xx at RCPT": Row({"rcpt": "450 greylisted"}, State.RETRY, 0),
    "5xx at RCPT": Row({"rcpt": "550 nobody here"}, State.FAILED, 0),
    "drops at DATA": Row({"data": "drop"}, State.RETRY, 0),
    "hangs at DATA": Row({"data": "hang"}, State.RETRY, 0),
    "4xx at DATA": Row({"data": "451 later"}, State.RETRY, 0),
    "5xx at DATA": Row({"data": "554 no"}, State.FAILED, 0),
    "takes DATA for done": Row({"data": "250 thank you"}, State.RETRY, 0),
    "nonsense at DATA": Row({"data": "what?"}, State.RETRY, 0),
    "drops while a large mail is written": Row({"body": "drop", "size": "large"}, State.RETRY, 0),
    "hangs while a large mail is written": Row({"body": "hang", "size": "large"}, State.RETRY, 0),
    "4xx while a large mail is written": Row({"body": "452 no space", "size": "large"}, State.RETRY, 0),
    "dribbles its banner": Row({"banner": "dribble"}, State.RETRY, 0),
    "never ends its answer to EHLO": Row({"ehlo": "babble"}, State.RETRY, 0),
    "dribbles its answer to RCPT": Row({"rcpt": "dribble"}, State.RETRY, 0),
    "dribbles its answer after the dot": Row({"answer": "dribble"}, State.MAYBE_SENT, 1),
    "4xx after the dot": Row({"dot": "451 later"}, State.RETRY, 0),
    "closes after the dot with 421": Row({"dot": "421 shutting down"}, State.RETRY, 0),
    "5xx after the dot": Row({"dot": "554 looks like spam"}, State.FAILED, 0),
    "drops after the dot, having taken nothing": Row({"dot": "drop"}, State.MAYBE_SENT, 0),
    "hangs after the dot, having taken nothing": Row({"dot": "hang"}, State.MAYBE_SENT, 0),
    "drops after the dot, having taken the mail": Row({"answer": "drop"}, State.MAYBE_SENT, 1),
    "hangs after the dot, having taken the mail": Row({"answer": "hang"}, State.MAYBE_SENT, 1),
    "nonsense after the dot": Row({"answer": "yes thank you"}, State.MAYBE_SENT, 1),
    "a reply without a meaning after the dot": Row({"answer": "354 go on"}, State.MAYBE_SENT, 1),
    "drops after its answer": Row({"answered": "drop"}, State.SENT, 1),
    "takes the mail and hangs": Row({"answered": "hang"}, State.SENT, 1),
}


@pytest.mark.parametrize("row", FAULTS.values(), ids=ids(FAULTS))
def test_the_server(smtp_server: SmtpServer, mail: OutgoingMail, row: Row) -> None:
    smtp_server.faults.update(row.faults)
    if "size" in row.faults:
        outgrow_the_buffers(mail)
    if "port" in row.faults:
        Mailbox.objects.update(smtp_port=free_port())
    send_due()
    assert see(mail, smtp_server) == (row.state, row.accepted), mail.last_error
    assert bool(mail.last_error) == (row.state != State.SENT)
    assert mail.lease_until is None

    smtp_server.faults.clear()
    Mailbox.objects.update(smtp_port=smtp_server.port)
    work_for_days()
    assert see(mail, smtp_server) == row.end, mail.last_error


def test_the_server_has_no_name(mailbox: Mailbox, mail: OutgoingMail) -> None:
    Mailbox.objects.update(smtp_host="no-such-host.invalid")
    send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.last_error[:4]) == (State.RETRY, "DNS:")


def test_the_server_drops_while_a_small_mail_is_written(smtp_server: SmtpServer, mail: OutgoingMail) -> None:
    """The whole mail is on its way before the line is seen to be closed: at worst nobody can know."""
    smtp_server.faults["body"] = "drop"
    send_due()
    assert see(mail, smtp_server) in {(State.RETRY, 0), (State.MAYBE_SENT, 0)}
    state = mail.state
    smtp_server.faults.clear()
    work_for_days()
    assert see(mail, smtp_server) == ((State.SENT, 1) if state == State.RETRY else (State.MAYBE_SENT, 0))


def test_a_server_that_answers_each_step_slowly_is_left_before_the_dot(
    smtp_server: SmtpServer, mail: OutgoingMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MOST_SECONDS", 1.0)
    smtp_server.pace = 0.3
    send_due()
    assert see(mail, smtp_server) == (State.RETRY, 0)
    smtp_server.pace = 0
    work_for_days()
    assert see(mail, smtp_server) == (State.SENT, 1)

"""One line carries mail after mail: what a server does at a later one, and when a line is left."""

import threading
import time
from collections.abc import Callable

import pytest

from inbox import connection_tests
from inbox.models import Mailbox, OutgoingMail
from inbox.smtp import idle
from tests.faults.table import Row, State, ids, see, send_due, work_for_days
from tests.inbox.factories import queue_reply, receive
from tests.mailservers import PASSWORD, SmtpServer

pytestmark = pytest.mark.django_db

FAULTS = {
    "drops the line that waited": Row({"next": "drop"}, State.SENT, 1),
    "hangs on the line that waited": Row({"next": "hang"}, State.SENT, 1),
    "4xx on the line that waited": Row({"next": "421 idle for too long"}, State.SENT, 1),
    "5xx on the line that waited": Row({"next": "554 no more on this line"}, State.SENT, 1),
    "nonsense on the line that waited": Row({"next": "354 what?"}, State.SENT, 1),
    "dribbles on the line that waited": Row({"next": "dribble"}, State.SENT, 1),
    "drops the line that waited, and every fresh one": Row({"next": "drop", "connect": "drop"}, State.RETRY, 0),
    "4xx at MAIL of the second mail": Row({"next": "451 later", "mail": "451 later"}, State.RETRY, 0),
    "5xx at MAIL of the second mail": Row({"next": "550 no", "mail": "550 no"}, State.FAILED, 0),
    "drops at RCPT of the second mail": Row({"rcpt": "drop"}, State.RETRY, 0),
    "hangs at RCPT of the second mail": Row({"rcpt": "hang"}, State.RETRY, 0),
    "4xx at RCPT of the second mail": Row({"rcpt": "450 greylisted"}, State.RETRY, 0),
    "5xx at RCPT of the second mail": Row({"rcpt": "550 nobody here"}, State.FAILED, 0),
    "drops at DATA of the second mail": Row({"data": "drop"}, State.RETRY, 0),
    "5xx at DATA of the second mail": Row({"data": "554 no"}, State.FAILED, 0),
    "4xx after the dot of the second mail": Row({"dot": "451 later"}, State.RETRY, 0),
    "5xx after the dot of the second mail": Row({"dot": "554 looks like spam"}, State.FAILED, 0),
    "drops after the dot of the second mail": Row({"dot": "drop"}, State.MAYBE_SENT, 0),
    "takes the second mail and drops": Row({"answer": "drop"}, State.MAYBE_SENT, 1),
    "takes the second mail and hangs": Row({"answer": "hang"}, State.MAYBE_SENT, 1),
}


@pytest.fixture
def write(mailbox: Mailbox) -> Callable[[int], OutgoingMail]:
    """A reply to a customer of this number, due at once."""
    return lambda number: queue_reply(receive(mailbox, sender=f"customer{number}@customer.example"))


@pytest.mark.parametrize("row", FAULTS.values(), ids=ids(FAULTS))
def test_the_server_at_a_later_mail(smtp_server: SmtpServer, write: Callable[[int], OutgoingMail], row: Row) -> None:
    first = write(1)
    send_due()
    assert see(first, smtp_server) == (State.SENT, 1)
    mail = write(2)
    smtp_server.faults.update(row.faults)
    send_due()
    assert see(mail, smtp_server) == (row.state, row.accepted), mail.last_error
    smtp_server.faults.clear()
    work_for_days()
    assert see(mail, smtp_server) == row.end, mail.last_error
    assert see(first, smtp_server) == (State.SENT, 1)


def test_many_mails_leave_on_one_line(smtp_server: SmtpServer, write: Callable[[int], OutgoingMail]) -> None:
    for number in range(20):
        write(number)
    send_due()
    assert (smtp_server.talks, len(set(smtp_server.recipients))) == (1, 20)
    assert sum(isinstance(thread, threading.Timer) for thread in threading.enumerate()) == 1


def test_a_line_on_which_the_server_says_more_than_was_asked_is_left(smtp_server: SmtpServer, write: Callable[[int], OutgoingMail]) -> None:
    smtp_server.faults["answer"] = "250 taken\r\n250 really"
    for number in range(3):
        mail = write(number)
        send_due()
        assert see(mail, smtp_server) == (State.SENT, 1), mail.last_error
    assert smtp_server.talks == 3


def test_a_line_is_left_after_so_many_mails(
    smtp_server: SmtpServer, write: Callable[[int], OutgoingMail], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "MOST_MAILS", 3)
    for number in range(7):
        write(number)
    send_due()
    assert (smtp_server.talks, len(smtp_server.recipients)) == (3, 7)


def test_a_line_is_left_that_nobody_needs(
    smtp_server: SmtpServer, write: Callable[[int], OutgoingMail], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "SECONDS", 0.2)
    write(1)
    send_due()
    until = time.monotonic() + 10
    while smtp_server.open_lines and time.monotonic() < until:
        time.sleep(0.02)
    assert smtp_server.open_lines == 0
    write(2)
    send_due()
    assert (smtp_server.talks, len(smtp_server.recipients)) == (2, 2)


def test_a_line_is_not_used_for_a_mailbox_that_was_changed(smtp_server: SmtpServer, write: Callable[[int], OutgoingMail]) -> None:
    write(1)
    send_due()
    Mailbox.objects.update(smtp_username="", smtp_password="")
    write(2)
    send_due()
    assert (smtp_server.talks, len(smtp_server.recipients)) == (2, 2)


def test_one_line_is_given_to_one_sender(smtp_server: SmtpServer, mailbox: Mailbox, write: Callable[[int], OutgoingMail]) -> None:
    write(1)
    send_due()
    line = idle.take(mailbox)
    assert line is not None
    assert idle.take(mailbox) is None
    idle.keep(mailbox, line)


def test_a_connection_test_opens_a_line_of_its_own(smtp_server: SmtpServer, mailbox: Mailbox, write: Callable[[int], OutgoingMail]) -> None:
    write(1)
    send_due()
    mailbox.smtp_password = PASSWORD
    assert connection_tests.try_outgoing(mailbox).passed
    assert smtp_server.talks == 2

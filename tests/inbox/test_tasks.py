"""The doorways ring for what is due and call one function each."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from inbox import tasks
from inbox.ingest import together
from inbox.models import Message, OutgoingMail
from tests.inbox.factories import make_mail, make_mailbox, queue_reply, receive
from tests.mailservers import ImapAccount, SmtpServer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rung_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is rung for is done within the call."""
    for task in (tasks.fetch_mailbox, tasks.parse_message, tasks.send_mail, tasks.file_mail):
        monkeypatch.setattr(task, "delay", task.run)


def test_a_mail_comes_in_and_its_answer_leaves_by_sweeps_alone(
    imap_account: ImapAccount, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_mailbox(imap=imap_account, smtp=smtp_server)
    imap_account.deliver(make_mail())
    with monkeypatch.context() as patch:
        # A fetch has no time to read, so that a sweep finds the message.
        patch.setattr(together, "BUDGET", -1)
        tasks.fetch_due_mailboxes()
    Message.objects.update(read_due_at=timezone.now())
    tasks.parse_waiting_messages()
    message = Message.objects.get()
    assert message.state == Message.State.PARSED
    queue_reply(message)
    tasks.send_due_mail()
    tasks.file_sent_mail()
    mail = OutgoingMail.objects.get()
    assert mail.state == OutgoingMail.State.SENT
    assert mail.filed_at
    assert len(smtp_server.accepted) == len(imap_account.in_sent()) == 1


@pytest.mark.parametrize("sweep", [tasks.fetch_due_mailboxes, tasks.parse_waiting_messages, tasks.send_due_mail, tasks.file_sent_mail])
def test_a_sweep_with_nothing_to_do_does_nothing(sweep: Callable[[], None]) -> None:
    sweep()


def test_a_message_that_was_read_is_not_read_again() -> None:
    message = receive(make_mailbox())
    tasks.parse_message(message.pk)
    message.refresh_from_db()
    assert message.parse_attempts == 1

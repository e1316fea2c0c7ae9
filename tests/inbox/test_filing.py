"""A copy of each sent mail lies in the Sent folder, once, and filing never touches the mail's state."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inbox import filing, imap, outbox
from inbox.models import Mailbox, OutgoingMail
from tests.inbox.factories import make_mailbox, queue_reply, receive
from tests.mailservers import ImapAccount, SmtpServer, free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(imap_account: ImapAccount, smtp_server: SmtpServer) -> OutgoingMail:
    """A mail that was just sent."""
    mail = queue_reply(receive(make_mailbox(imap=imap_account, smtp=smtp_server)))
    for pk in outbox.release_due():
        outbox.send(mail_id=pk)
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.SENT
    return mail


def file_due() -> None:
    for pk in filing.due_mail():
        filing.file_mail(mail_id=pk)


def test_the_copy_lies_in_a_sent_folder_that_is_made_where_missing(mail: OutgoingMail, imap_account: ImapAccount) -> None:
    file_due()
    mail.refresh_from_db()
    assert mail.filed_at
    [copy] = imap_account.in_sent()
    assert mail.message_id.encode() in copy
    assert filing.due_mail() == []


def test_where_the_named_folder_is_missing_the_servers_own_is_taken(mail: OutgoingMail, imap_account: ImapAccount) -> None:
    imap_account.make_folder("Sent")
    Mailbox.objects.update(sent_folder="Gesendet")
    file_due()
    assert len(imap_account.in_sent()) == 1


def test_a_filer_that_died_after_its_append_leaves_no_double(mail: OutgoingMail, imap_account: ImapAccount) -> None:
    file_due()
    OutgoingMail.objects.update(filed_at=None, file_due_at=timezone.now())
    file_due()
    mail.refresh_from_db()
    assert mail.filed_at
    assert len(imap_account.in_sent()) == 1


def test_two_filers_at_once_file_once(mail: OutgoingMail, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def file_copy(*args: object, **kwargs: object) -> bool:
        calls.append(args)
        filing.file_mail(mail_id=mail.pk)
        return True

    monkeypatch.setattr(imap, "file_copy", file_copy)
    filing.file_mail(mail_id=mail.pk)
    assert len(calls) == 1


def test_a_server_that_cannot_be_reached_is_tried_later_and_the_mail_stays_sent(mail: OutgoingMail) -> None:
    Mailbox.objects.update(imap_port=free_port())
    file_due()
    mail.refresh_from_db()
    assert (mail.state, mail.filed_at, mail.file_attempts) == (OutgoingMail.State.SENT, None, 1)
    assert mail.file_due_at
    assert timedelta(seconds=50) < mail.file_due_at - timezone.now() < timedelta(seconds=61)


def test_nothing_is_filed_where_the_provider_does_it(imap_account: ImapAccount, smtp_server: SmtpServer) -> None:
    queue_reply(receive(make_mailbox(imap=imap_account, smtp=smtp_server, sent_folder="")))
    for pk in outbox.release_due():
        outbox.send(mail_id=pk)
    assert filing.due_mail() == []

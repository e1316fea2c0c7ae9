"""A mail that was maybe sent is looked for where the provider files what it took, and never sent again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inbox import filing, imap, outbox, tracing
from inbox.models import Mailbox, OutgoingMail
from tests.inbox.factories import make_mailbox, make_user, queue_reply, receive
from tests.mailservers import ImapAccount, SmtpServer, free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(imap_account: ImapAccount, smtp_server: SmtpServer) -> OutgoingMail:
    """A mail whose server took it and hung up before it said so."""
    smtp_server.faults = {"answer": "drop"}
    mail = queue_reply(receive(make_mailbox(imap=imap_account, smtp=smtp_server)))
    for pk in outbox.release_due():
        outbox.send(mail_id=pk)
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.MAYBE_SENT
    return mail


def provider_files(mail: OutgoingMail) -> None:
    """Lay the mail into the Sent folder, as providers do."""
    imap.file_copy(mail.mailbox, message_id=f"<{mail.message_id}>", mime=bytes(mail.mime), sent_at=timezone.now())


def look() -> None:
    for pk in tracing.due_mail():
        tracing.look_for(mail_id=pk)


@pytest.mark.parametrize("folder", ["Sent", ""], ids=["a folder that we name", "the one that the server marks"])
def test_a_mail_that_lies_in_the_sent_folder_was_sent(
    mail: OutgoingMail, imap_account: ImapAccount, smtp_server: SmtpServer, folder: str
) -> None:
    provider_files(mail)
    Mailbox.objects.update(sent_folder=folder)
    look()
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.SENT
    assert mail.last_error == "It lies in the Sent folder."
    for pk in filing.due_mail():
        filing.file_mail(mail_id=pk)
    assert len(imap_account.in_sent()) == len(smtp_server.accepted) == 1


def test_not_found_says_nothing_and_is_looked_for_less_and_less_often(mail: OutgoingMail, smtp_server: SmtpServer) -> None:
    pauses = []
    for _ in range(10):
        OutgoingMail.objects.update(file_due_at=timezone.now())
        look()
        mail.refresh_from_db()
        pauses.append(round(((mail.file_due_at or timezone.now()) - timezone.now()) / timedelta(minutes=1)))
    assert pauses == [1, 5, 15, 60, 240, 720, 1440, 0, 0, 0]
    assert (mail.state, len(smtp_server.accepted)) == (OutgoingMail.State.MAYBE_SENT, 1)
    assert outbox.release_due() == []


def test_one_that_is_sent_again_and_maybe_sent_again_is_looked_for_again(mail: OutgoingMail) -> None:
    for _ in tracing.DELAYS:
        OutgoingMail.objects.update(file_due_at=timezone.now())
        look()
    assert tracing.due_mail() == []
    outbox.resolve(mail=mail, was_sent=False, by=make_user())
    for pk in outbox.release_due():
        outbox.send(mail_id=pk)
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.MAYBE_SENT
    assert tracing.due_mail() == [mail.pk]


def test_two_who_look_at_once_look_once(mail: OutgoingMail, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def is_in_sent(*args: object, **kwargs: object) -> bool:
        looks.append(args)
        return tracing.look_for(mail_id=mail.pk)

    monkeypatch.setattr(imap, "is_in_sent", is_in_sent)
    tracing.look_for(mail_id=mail.pk)
    assert len(looks) == 1


def test_what_a_person_decided_meanwhile_stands(mail: OutgoingMail, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_in_sent(*args: object, **kwargs: object) -> bool:
        outbox.resolve(mail=mail, was_sent=False, by=make_user())
        return True

    monkeypatch.setattr(imap, "is_in_sent", is_in_sent)
    assert not tracing.look_for(mail_id=mail.pk)
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.READY


def test_a_server_that_is_away_is_asked_again(mail: OutgoingMail) -> None:
    provider_files(mail)
    port = mail.mailbox.imap_port
    Mailbox.objects.update(imap_port=free_port())
    look()
    assert tracing.due_mail() == []
    Mailbox.objects.update(imap_port=port)
    OutgoingMail.objects.update(file_due_at=timezone.now())
    look()
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.SENT

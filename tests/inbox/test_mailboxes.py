"""What admins do with mailboxes."""

import pytest
from django.utils import timezone

from inbox import ingest, mailboxes
from inbox.errors import Refused
from inbox.models import Mailbox, Message
from tests.inbox.factories import make_mail, make_mailbox, receive
from tests.mailservers import ImapAccount

pytestmark = pytest.mark.django_db


def test_another_folder_is_read_from_its_start_and_known_mail_recognised(imap_account: ImapAccount) -> None:
    imap_account.deliver(make_mail("One"))
    mailbox = make_mailbox(imap=imap_account)
    assert ingest.fetch_mailbox(mailbox=mailbox) == 1
    typed = Mailbox.objects.get(pk=mailbox.pk)
    typed.imap_host = "localhost"
    mailboxes.save(mailbox=typed)
    assert Mailbox.objects.get(pk=mailbox.pk).uid_watermark == 0
    imap_account.deliver(make_mail("Two"))
    assert ingest.fetch_mailbox(mailbox=Mailbox.objects.get(pk=mailbox.pk)) == 1
    assert Message.objects.count() == 2


def test_saving_what_is_not_the_account_keeps_the_place(imap_account: ImapAccount) -> None:
    imap_account.deliver(make_mail("One"))
    mailbox = make_mailbox(imap=imap_account)
    typed = Mailbox.objects.get(pk=mailbox.pk)
    ingest.fetch_mailbox(mailbox=mailbox)
    typed.signature = "Yours"
    mailboxes.save(mailbox=typed)
    saved = Mailbox.objects.get(pk=mailbox.pk)
    assert (saved.uid_watermark, saved.signature) == (1, "Yours")
    assert saved.fetched_at


def test_a_fetcher_at_work_loses_its_lease_to_a_change(imap_account: ImapAccount) -> None:
    mailbox = make_mailbox(imap=imap_account)
    Mailbox.objects.filter(pk=mailbox.pk).update(fetch_lease_until=timezone.now())
    mailboxes.save(mailbox=mailbox)
    assert Mailbox.objects.get(pk=mailbox.pk).fetch_lease_until is None


def test_a_paused_mailbox_is_not_fetched_until_it_is_resumed(imap_account: ImapAccount) -> None:
    mailbox = make_mailbox(imap=imap_account)
    mailboxes.pause(mailbox=mailbox)
    assert mailbox.pk not in ingest.due_mailboxes()
    mailboxes.resume(mailbox=mailbox)
    assert mailbox.pk in ingest.due_mailboxes()


def test_only_a_mailbox_without_mail_can_be_deleted() -> None:
    used, unused = make_mailbox(), make_mailbox()
    receive(used)
    with pytest.raises(Refused, match="Pause it instead"):
        mailboxes.delete(mailbox=used)
    mailboxes.delete(mailbox=unused)
    assert list(Mailbox.objects.all()) == [used]

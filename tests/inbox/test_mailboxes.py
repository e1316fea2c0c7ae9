"""What admins do with mailboxes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from inbox import ingest, mailboxes, outbox
from inbox.errors import Refused
from inbox.models import Mailbox, Message
from tests.inbox.factories import make_mail, make_mailbox, queue_reply, receive
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


def test_what_a_person_approved_leaves_though_its_mailbox_is_paused() -> None:
    mailbox = make_mailbox()
    mail = queue_reply(receive(mailbox))
    mailboxes.pause(mailbox=mailbox)
    assert outbox.release_due() == [mail.pk]


def test_only_a_mailbox_without_mail_can_be_deleted() -> None:
    used, unused = make_mailbox(), make_mailbox()
    receive(used)
    with pytest.raises(Refused, match="Pause it instead"):
        mailboxes.delete(mailbox=used)
    mailboxes.delete(mailbox=unused)
    assert list(Mailbox.objects.all()) == [used]


def test_what_is_wanted_for_stored_mails_holds_from_now_on_and_goes_on_where_it_was() -> None:
    long_ago = timezone.now() - timedelta(days=30)
    mailbox = make_mailbox(uidvalidity=7, uid_watermark=900, after_storing_since=long_ago, after_storing_error="It cannot be moved.")
    saved = save_wish(mailbox, "seen")
    assert timezone.now() - saved.after_storing_since < timedelta(minutes=1)
    assert saved.after_storing_error == ""
    Mailbox.objects.update(tidied_uidvalidity=7, tidied_uid=950, after_storing_since=long_ago)
    saved = save_wish(saved, "move")
    assert (saved.tidied_uidvalidity, saved.tidied_uid, saved.after_storing_since) == (7, 950, long_ago)


def test_in_another_folder_stored_mails_are_changed_from_now_on() -> None:
    long_ago = timezone.now() - timedelta(days=30)
    mailbox = make_mailbox(uidvalidity=7, tidied_uidvalidity=7, tidied_uid=9, after_storing="seen", after_storing_since=long_ago)
    mailbox.folder = "Orders"
    saved = save_wish(mailbox, "seen")
    assert (saved.tidied_uidvalidity, saved.tidied_uid) == (0, 0)
    assert timezone.now() - saved.after_storing_since < timedelta(minutes=1)


def test_after_a_change_nothing_is_tidied_while_the_server_may_be_at_the_command_before() -> None:
    mailbox = make_mailbox(after_storing="seen", tidy_due_at=timezone.now() + timedelta(minutes=10))
    wait = save_wish(mailbox, "move").tidy_due_at - timezone.now()
    assert timedelta(seconds=30) < wait <= mailboxes.STOPPING


def test_no_mail_is_moved_nowhere() -> None:
    with pytest.raises(IntegrityError, match="mailbox_moves_somewhere"):
        make_mailbox(after_storing="move")


def save_wish(mailbox: Mailbox, wish: str) -> Mailbox:
    mailbox.after_storing, mailbox.after_storing_folder = wish, "Done" if wish == "move" else ""
    mailboxes.save(mailbox=mailbox)
    return Mailbox.objects.get(pk=mailbox.pk)

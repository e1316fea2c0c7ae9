"""What somebody wants done to mails on their server is done once they are stored, never before, and to no others."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone
from imapclient import DELETED, SEEN, IMAPClient

from inbox import imap, ingest, mailboxes, tasks, tidying
from inbox.models import Mailbox, Message
from tests.inbox.factories import make_mail, make_mailbox
from tests.mailservers import PASSWORD, ImapAccount

pytestmark = pytest.mark.django_db


class KilledError(BaseException):
    """What nothing catches, as a kill."""


def tidied_mailbox(account: ImapAccount, after_storing: str = "move", **fields: Any) -> Mailbox:
    folder = "Done" if after_storing == "move" else ""
    since = timezone.now() - timedelta(minutes=1)
    wanted: dict[str, Any] = {"after_storing": after_storing, "after_storing_folder": folder, "after_storing_since": since}
    return make_mailbox(imap=account, **wanted | fields)


def fetch(mailbox: Mailbox) -> int:
    return ingest.fetch_mailbox(mailbox=Mailbox.objects.get(pk=mailbox.pk))


def tidy(mailbox: Mailbox) -> Mailbox:
    """As after a while, when whoever died has lost the lease and what failed is tried again."""
    Mailbox.objects.filter(pk=mailbox.pk).update(tidy_due_at=timezone.now())
    tidying.tidy_mailbox(mailbox_id=mailbox.pk)
    return Mailbox.objects.get(pk=mailbox.pk)


def on_server(account: ImapAccount, change: Callable[[IMAPClient], Any], folder: str = "INBOX") -> Any:
    """What another mail program does or sees in a folder."""
    with IMAPClient("127.0.0.1", account.port, ssl=False) as client:
        client.login(account.user, PASSWORD)
        if not client.folder_exists(folder):
            return []
        client.select_folder(folder)
        return change(client)


def uids(account: ImapAccount, folder: str = "INBOX", criterion: str = "ALL") -> list[int]:
    return list(on_server(account, lambda client: client.search(criterion), folder))


def bodies(account: ImapAccount, folder: str = "INBOX") -> list[bytes]:
    def read(client: IMAPClient) -> list[bytes]:
        found = client.search()
        return sorted(data[b"BODY[]"] for data in client.fetch(found, ["BODY.PEEK[]"]).values()) if found else []

    return list(on_server(account, read, folder))


def without(monkeypatch: pytest.MonkeyPatch, *missing: str) -> None:
    """Have the server lack what these capabilities name. For Dovecot: pymap's COPY makes an empty mail."""
    genuine = IMAPClient.has_capability
    monkeypatch.setattr(IMAPClient, "has_capability", lambda client, name: name not in missing and genuine(client, name))


def test_a_stored_mail_is_marked_as_seen(imap_account: ImapAccount) -> None:
    mailbox = tidied_mailbox(imap_account, "seen")
    imap_account.deliver(make_mail())
    fetch(mailbox)
    assert uids(imap_account, criterion="UNSEEN") == [1]
    assert tidy(mailbox).after_storing_error == ""
    assert uids(imap_account, criterion="SEEN") == [1]


def test_a_stored_mail_is_moved_to_a_folder_that_is_made_and_not_fetched_again(imap_account: ImapAccount) -> None:
    mailbox = tidied_mailbox(imap_account)
    imap_account.deliver(make_mail("One"))
    imap_account.deliver(make_mail("Two"))
    fetch(mailbox)
    there = bodies(imap_account)
    assert tidy(mailbox).after_storing_error == ""
    assert (uids(imap_account), bodies(imap_account, "Done")) == ([], there)
    assert fetch(mailbox) == 0
    assert Message.objects.count() == 2


def test_whoever_wants_nothing_has_nothing_changed(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = tidied_mailbox(imap_account, "nothing")
    imap_account.deliver(make_mail())
    fetch(mailbox)
    monkeypatch.setattr(imap, "open_to_change", pytest.fail)
    assert tidying.due_mailboxes() == []
    tidy(mailbox)


@pytest.mark.parametrize("wish", ["seen", "move"])
def test_a_mail_that_came_in_the_meantime_stays_as_it_is(wish: str, imap_account: ImapAccount) -> None:
    mailbox = tidied_mailbox(imap_account, wish)
    imap_account.deliver(make_mail("Stored"))
    fetch(mailbox)
    imap_account.deliver(make_mail("Not yet"))
    tidy(mailbox)
    assert uids(imap_account, criterion="UNSEEN") == [2]
    fetch(mailbox)
    tidy(mailbox)
    assert uids(imap_account, criterion="UNSEEN") == []


def test_mails_above_the_watermark_stay_though_they_have_rows(imap_account: ImapAccount) -> None:
    mailbox = tidied_mailbox(imap_account)
    imap_account.deliver(make_mail("One"))
    imap_account.deliver(make_mail("Two"))
    fetch(mailbox)
    Mailbox.objects.update(uid_watermark=1)
    tidy(mailbox)
    assert uids(imap_account) == [2]


def test_mail_from_before_somebody_wanted_it_stays_as_it_is(imap_account: ImapAccount) -> None:
    mailbox = tidied_mailbox(imap_account, after_storing_since=timezone.now() + timedelta(hours=1))
    imap_account.deliver(make_mail("History"))
    fetch(mailbox)
    assert tidy(mailbox).tidied_uid == 1
    assert uids(imap_account) == [1]
    assert tidying.due_mailboxes() == []


@pytest.mark.parametrize("flag", ["withheld", "truncated"])
def test_a_mail_that_is_whole_on_the_server_alone_stays_as_it_is(flag: str, imap_account: ImapAccount) -> None:
    mailbox = tidied_mailbox(imap_account)
    for text in ("Kept in part", "Whole"):
        imap_account.deliver(make_mail(text))
    fetch(mailbox)
    Message.objects.filter(uid=1).update(flags=[flag])
    tidy(mailbox)
    assert uids(imap_account) == [1]


def test_a_mail_that_somebody_removed_is_not_missed(imap_account: ImapAccount) -> None:
    mailbox = tidied_mailbox(imap_account)
    for text in ("Removed", "Still here"):
        imap_account.deliver(make_mail(text))
    fetch(mailbox)
    on_server(imap_account, lambda client: (client.add_flags([1], [DELETED]), client.expunge()))
    assert tidy(mailbox).after_storing_error == ""
    assert (uids(imap_account), len(bodies(imap_account, "Done"))) == ([], 1)


def test_a_mail_is_marked_once_so_that_people_can_mark_it_unread(imap_account: ImapAccount) -> None:
    mailbox = tidied_mailbox(imap_account, "seen")
    imap_account.deliver(make_mail("One"))
    fetch(mailbox)
    tidy(mailbox)
    on_server(imap_account, lambda client: client.remove_flags([1], [SEEN]))
    imap_account.deliver(make_mail("Two"))
    fetch(mailbox)
    tidy(mailbox)
    assert uids(imap_account, criterion="UNSEEN") == [1]


def test_a_server_without_move_copies_and_removes_no_other_mail(dovecot_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "MOVE")
    mailbox = tidied_mailbox(dovecot_account)
    dovecot_account.deliver(make_mail("Stored"))
    fetch(mailbox)
    dovecot_account.deliver(make_mail("Somebody is about to remove it, and may think again"))
    on_server(dovecot_account, lambda client: client.add_flags([2], [DELETED]))
    there = bodies(dovecot_account)
    assert tidy(mailbox).after_storing_error == ""
    assert uids(dovecot_account) == [2]
    assert sorted(bodies(dovecot_account) + bodies(dovecot_account, "Done")) == there


@pytest.mark.parametrize("step", ["copy", "add_flags", "uid_expunge"])
def test_whoever_is_killed_between_copying_and_removing_doubles_nothing(
    step: str, dovecot_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "MOVE")
    mailbox = tidied_mailbox(dovecot_account)
    for number in range(3):
        dovecot_account.deliver(make_mail(f"Mail {number}"))
    fetch(mailbox)
    there = bodies(dovecot_account)
    with monkeypatch.context() as patch:
        kill_after(step, patch)
        with pytest.raises(KilledError):
            tidy(mailbox)
    assert tidying.due_mailboxes() == []
    assert tidy(mailbox).after_storing_error == ""
    assert (uids(dovecot_account), bodies(dovecot_account, "Done")) == ([], there)


@pytest.mark.parametrize(("wish", "step"), [("move", "create_folder"), ("move", "move"), ("seen", "add_flags")])
def test_whoever_is_killed_before_it_is_noted_does_it_once(
    wish: str, step: str, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = tidied_mailbox(imap_account, wish)
    imap_account.deliver(make_mail())
    fetch(mailbox)
    there = bodies(imap_account)
    with monkeypatch.context() as patch:
        kill_after(step, patch)
        with pytest.raises(KilledError):
            tidy(mailbox)
    done = tidy(mailbox)
    assert (done.after_storing_error, done.tidied_uid) == ("", 1)
    assert sorted(bodies(imap_account) + bodies(imap_account, "Done")) == there
    assert uids(imap_account, criterion="UNSEEN") == []


def kill_after(step: str, patch: pytest.MonkeyPatch) -> None:
    genuine = getattr(IMAPClient, step)

    def die(*asked: Any, **how: Any) -> None:
        genuine(*asked, **how)
        raise KilledError

    patch.setattr(IMAPClient, step, die)


def test_a_mail_that_only_looks_like_a_copy_is_not_taken_for_one(dovecot_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "MOVE")
    mailbox = tidied_mailbox(dovecot_account)
    mail = make_mail("Order 4711")
    dovecot_account.deliver(mail)
    fetch(mailbox)
    tidy(mailbox)
    dovecot_account.deliver(mail.replace(b"4711", b"4712"))
    fetch(mailbox)
    tidy(mailbox)
    assert uids(dovecot_account) == []
    assert [b"4711" in body for body in bodies(dovecot_account, "Done")] == [True, False]


def test_a_server_that_cannot_move_mails_changes_nothing_and_it_is_said(
    dovecot_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "MOVE", "UIDPLUS")
    mailbox = tidied_mailbox(dovecot_account)
    dovecot_account.deliver(make_mail())
    fetch(mailbox)
    problem = tidy(mailbox).after_storing_error
    assert problem.startswith("moving: the server knows neither MOVE nor UIDPLUS")
    assert problem.endswith("mark them as seen.")
    assert (uids(dovecot_account), uids(dovecot_account, criterion="DELETED")) == ([1], [])


def test_a_folder_that_cannot_be_made_is_told_and_blocks_no_mail(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(client: IMAPClient, folder: str) -> None:
        raise IMAPClient.Error("[NOPERM] Permission denied")

    mailbox = tidied_mailbox(imap_account)
    imap_account.deliver(make_mail())
    fetch(mailbox)
    with monkeypatch.context() as patch:
        patch.setattr(IMAPClient, "create_folder", refuse)
        failed = tidy(mailbox)
    assert failed.after_storing_error == "moving: the mails cannot be moved to 'Done' ([NOPERM] Permission denied)."
    assert (failed.fetch_error, failed.tidied_uid, uids(imap_account)) == ("", 0, [1])
    assert timedelta(minutes=14) < failed.tidy_due_at - timezone.now() <= tidying.PAUSE
    imap_account.deliver(make_mail("Another"))
    assert fetch(mailbox) == 1
    assert tidy(mailbox).after_storing_error == ""
    assert (uids(imap_account), len(bodies(imap_account, "Done"))) == ([], 2)


def test_a_server_that_is_not_reached_is_told(imap_account: ImapAccount) -> None:
    mailbox = tidied_mailbox(imap_account)
    imap_account.deliver(make_mail())
    fetch(mailbox)
    Mailbox.objects.update(imap_password="changed at the provider")
    failed = tidy(mailbox)
    assert failed.after_storing_error.startswith("login: 127.0.0.1 refused the login")
    assert failed.fetch_error == ""


def test_what_takes_longer_than_a_task_may_take_is_told(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    def take_too_long(folder: imap.ChangeableFolder, uids: Sequence[int]) -> None:
        raise SoftTimeLimitExceeded

    mailbox = tidied_mailbox(imap_account, "seen")
    imap_account.deliver(make_mail())
    fetch(mailbox)
    monkeypatch.setattr(imap.ChangeableFolder, "mark_seen", take_too_long)
    assert tidy(mailbox).after_storing_error == "it took longer than a task may take."


def test_in_a_folder_numbered_anew_nothing_is_changed_by_the_old_numbers(imap_account: ImapAccount) -> None:
    mailbox = tidied_mailbox(imap_account)
    imap_account.deliver(make_mail("Stored"))
    fetch(mailbox)
    on_server(imap_account, lambda client: (client.add_flags([1], [DELETED]), client.expunge()))
    imap_account.deliver(make_mail("Comes to have the number of that one"))
    imap_account.forget_numbers()
    failed = tidy(mailbox)
    assert failed.after_storing_error == "folder: the server numbered the mails in 'INBOX' anew; they are listed again first."
    assert uids(imap_account) == [1]
    assert fetch(mailbox) == 1
    assert tidy(mailbox).after_storing_error == ""
    assert (uids(imap_account), len(bodies(imap_account, "Done"))) == ([], 1)


def test_a_folder_numbered_anew_while_copies_are_looked_for_is_left_alone(
    dovecot_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "MOVE")
    mailbox = tidied_mailbox(dovecot_account)
    dovecot_account.deliver(make_mail())
    fetch(mailbox)
    genuine = imap.ChangeableFolder._select

    def select(folder: imap.ChangeableFolder, name: str, *, readonly: bool = False) -> int:
        number = genuine(folder, name, readonly=readonly)
        return number + 1 if hasattr(folder, "uidvalidity") else number

    with monkeypatch.context() as patch:
        patch.setattr(imap.ChangeableFolder, "_select", select)
        failed = tidy(mailbox)
    assert failed.after_storing_error == "folder: the server numbered 'INBOX' anew meanwhile."
    assert (uids(dovecot_account), uids(dovecot_account, "Done")) == ([1], [])


def test_many_mails_are_tidied_in_turns_with_other_mailboxes(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "BATCH", 2)
    monkeypatch.setattr(tidying, "MOST_BATCHES", 2)
    mailbox = tidied_mailbox(imap_account, "seen")
    for number in range(5):
        imap_account.deliver(make_mail(f"Mail {number}"))
    fetch(mailbox)
    assert tidy(mailbox).tidied_uid == 4
    assert tidying.due_mailboxes() == [mailbox.pk]
    assert tidy(mailbox).tidied_uid == 5
    assert (tidying.due_mailboxes(), uids(imap_account, criterion="UNSEEN")) == ([], [])


def test_one_at_a_time_tidies_a_mailbox(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = tidied_mailbox(imap_account)
    imap_account.deliver(make_mail())
    fetch(mailbox)
    assert tidying._claim(mailbox.pk)
    monkeypatch.setattr(imap, "open_to_change", pytest.fail)
    assert tidying.due_mailboxes() == []
    tidying.tidy_mailbox(mailbox_id=mailbox.pk)


def test_whoever_tidies_a_mailbox_that_an_admin_changes_stops(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "BATCH", 1)
    mailbox = tidied_mailbox(imap_account)
    for text in ("One", "Two"):
        imap_account.deliver(make_mail(text))
    fetch(mailbox)
    genuine = imap.ChangeableFolder.move

    def move(folder: imap.ChangeableFolder, uids: Sequence[int], target: str) -> None:
        genuine(folder, uids, target)
        typed = Mailbox.objects.get(pk=mailbox.pk)
        typed.after_storing, typed.after_storing_folder = "nothing", ""
        mailboxes.save(mailbox=typed)

    monkeypatch.setattr(imap.ChangeableFolder, "move", move)
    changed = tidy(mailbox)
    assert uids(imap_account) == [2]
    assert (changed.after_storing, changed.after_storing_error, changed.tidied_uid) == ("nothing", "", 0)


def test_sweeps_alone_tidy_what_they_fetched(imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.fetch_mailbox, "delay", tasks.fetch_mailbox.run)
    monkeypatch.setattr(tasks.tidy_mailbox, "apply_async", lambda asked, **how: tasks.tidy_mailbox.run(*asked))
    tidied_mailbox(imap_account)
    imap_account.deliver(make_mail())
    tasks.tidy_due_mailboxes()
    assert uids(imap_account) == [1]
    tasks.fetch_due_mailboxes()
    tasks.tidy_due_mailboxes()
    assert uids(imap_account) == []

"""A mail is stored before it is read, once, and always ends in a conversation."""

import os
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from imaplib import IMAP4
from types import SimpleNamespace
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from inbox import imap, ingest, parsing, raw, tasks
from inbox.errors import Unavailable, Withheld
from inbox.ingest import bodies, fetching, reading, shifts, storing, withheld
from inbox.models import Conversation, Mailbox, Message
from tests.inbox.factories import conversation_of, make_mail, make_mailbox, queue_reply, receive
from tests.mailservers import ImapAccount, free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(imap_account: ImapAccount) -> Mailbox:
    return make_mailbox(imap=imap_account)


def fetch(mailbox: Mailbox) -> int:
    Mailbox.objects.filter(pk=mailbox.pk).update(next_fetch_at=timezone.now())
    mailbox.refresh_from_db()
    return ingest.fetch_mailbox(mailbox=mailbox)


def read_all() -> None:
    for message in Message.objects.filter(state="received").order_by("pk"):
        ingest.read_message(message=message)


def test_new_mail_is_fetched_once(mailbox: Mailbox, imap_account: ImapAccount) -> None:
    imap_account.deliver(make_mail("First"))
    imap_account.deliver(make_mail("Second"))
    assert fetch(mailbox) == 2
    assert fetch(mailbox) == 0
    imap_account.deliver(make_mail("Third"))
    assert fetch(mailbox) == 1
    assert list(Message.objects.order_by("uid").values_list("uid", flat=True)) == [1, 2, 3]
    mailbox.refresh_from_db()
    assert (mailbox.uid_watermark, mailbox.fetch_lease_until, mailbox.fetch_error) == (3, None, "")
    assert mailbox.fetched_at


def test_mail_that_arrived_before_a_mailbox_was_taken_on_is_history(mailbox: Mailbox, imap_account: ImapAccount) -> None:
    imap_account.deliver(make_mail("Long answered"))
    Mailbox.objects.filter(pk=mailbox.pk).update(answer_since=timezone.now() + timedelta(hours=1))
    fetch(mailbox)
    Mailbox.objects.filter(pk=mailbox.pk).update(answer_since=timezone.now() - timedelta(hours=1))
    imap_account.deliver(make_mail("New", subject="Another order"))
    fetch(mailbox)
    read_all()
    past, new = Message.objects.order_by("uid")
    assert (past.is_past, new.is_past) == (True, False)
    assert (past.weighed_at is None, new.weighed_at is None) == (False, True)
    assert past.conversation and past.conversation.state == Conversation.State.CLOSED
    assert new.conversation and new.conversation.state == Conversation.State.OPEN


def test_the_stored_bytes_are_those_of_the_mail(mailbox: Mailbox, imap_account: ImapAccount) -> None:
    imap_account.deliver(make_mail("Where is it?"))
    fetch(mailbox)
    message = Message.objects.get()
    content = raw.read(message.raw_sha256)
    assert len(content) == message.raw_size
    assert str(message_from_bytes(content).get_payload()).strip() == "Where is it?"


def fail_to_parse(content: bytes) -> parsing.ParsedMail:
    raise RecursionError


def test_what_a_fetch_could_not_read_is_rung_for(
    mailbox: Mailbox, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(tasks.parse_message, "delay", rung.append)
    monkeypatch.setattr(parsing, "parse", fail_to_parse)
    imap_account.deliver(make_mail())
    with django_capture_on_commit_callbacks(execute=True):
        fetch(mailbox)
    assert rung == [Message.objects.get().pk]


def test_a_folder_numbered_anew_doubles_nothing(mailbox: Mailbox, imap_account: ImapAccount) -> None:
    imap_account.deliver(make_mail("First"))
    imap_account.deliver(make_mail("Second"))
    fetch(mailbox)
    old = Mailbox.objects.get().uidvalidity
    imap_account.forget_numbers()
    imap_account.deliver(make_mail("Third"))
    assert fetch(mailbox) == 1
    new = Mailbox.objects.get().uidvalidity
    assert new != old
    assert set(Message.objects.values_list("uidvalidity", "uid")) == {(new, 1), (new, 2), (new, 3)}


def test_a_mail_that_the_server_rewrote_while_numbering_anew_is_the_same(mailbox: Mailbox) -> None:
    content = make_mail()
    first = ingest.store_message(mailbox=mailbox, raw=content, received_at=timezone.now(), uid=7, uidvalidity=1)
    ingest.read_message(message=first)
    again = ingest.store_message(mailbox=mailbox, raw=b"X-Moved: yes\n" + content, received_at=timezone.now(), uid=1, uidvalidity=2)
    assert again.pk == first.pk
    assert Message.objects.values_list("uidvalidity", "uid").get() == (2, 1)


def test_an_older_mail_whose_bytes_are_gone_blocks_no_folder_that_is_numbered_anew(mailbox: Mailbox) -> None:
    content = make_mail()
    first = ingest.store_message(mailbox=mailbox, raw=content, received_at=timezone.now(), uid=7, uidvalidity=1)
    ingest.read_message(message=first)
    raw.delete(first.raw_sha256)
    again = ingest.store_message(mailbox=mailbox, raw=b"X-Moved: yes\n" + content, received_at=timezone.now(), uid=1, uidvalidity=2)
    assert again.pk != first.pk


def test_mails_with_the_same_id_in_one_numbering_are_two(mailbox: Mailbox) -> None:
    for uid, text in ((1, "one"), (2, "another")):
        content = make_mail(text, message_id="<same@customer.example>")
        ingest.store_message(mailbox=mailbox, raw=content, received_at=timezone.now(), uid=uid, uidvalidity=1)
        read_all()
    assert Message.objects.count() == 2


def test_a_uid_given_to_another_mail_blocks_nothing(mailbox: Mailbox) -> None:
    for text in ("one", "another"):
        ingest.store_message(mailbox=mailbox, raw=make_mail(text), received_at=timezone.now(), uid=1, uidvalidity=1)
    assert list(Message.objects.order_by("pk").values_list("uid", flat=True)) == [None, 1]


def test_two_fetchers_never_have_one_mailbox(mailbox: Mailbox, imap_account: ImapAccount) -> None:
    imap_account.deliver(make_mail())
    lease = fetching._take_lease(mailbox)
    assert lease is not None
    assert fetch(mailbox) == 0
    lease.release()
    assert fetch(mailbox) == 1


def test_a_fetcher_that_lost_its_lease_writes_nothing(mailbox: Mailbox, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    imap_account.deliver(make_mail())
    genuine = imap.Folder.fetch

    def fetch_slowly(self: imap.Folder, uids: Any) -> Any:
        Mailbox.objects.update(fetch_lease_until=timezone.now() + timedelta(minutes=1))
        return genuine(self, uids)

    monkeypatch.setattr(imap.Folder, "fetch", fetch_slowly)
    assert fetch(mailbox) == 0
    assert Message.objects.count() == 0
    assert Mailbox.objects.get().uid_watermark == 0


def test_a_lease_whose_owner_died_is_taken_over_when_it_ends(mailbox: Mailbox, imap_account: ImapAccount) -> None:
    imap_account.deliver(make_mail())
    Mailbox.objects.update(fetch_lease_until=timezone.now() - timedelta(seconds=1))
    assert fetch(mailbox) == 1


def test_a_due_mailbox_is_named_once(mailbox: Mailbox) -> None:
    assert ingest.due_mailboxes() == [mailbox.pk]
    assert ingest.due_mailboxes() == []
    Mailbox.objects.update(next_fetch_at=timezone.now(), is_active=False)
    assert ingest.due_mailboxes() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"imap_host": "no-such-host.invalid"}, "DNS: the name 'no-such-host.invalid' is not known"),
        ({"imap_port": free_port()}, "TCP: 127.0.0.1 accepts no connections"),
        ({"imap_security": "tls"}, "TLS: 127.0.0.1 does not speak TLS"),
        ({"imap_security": "starttls"}, "TLS: "),
        ({"imap_password": "wrong"}, "login: 127.0.0.1 refused the login"),
        ({"folder": "Nowhere"}, "folder: the folder 'Nowhere' cannot be opened"),
    ],
    ids=lambda value: value.split(":")[0] if isinstance(value, str) else "",
)
def test_a_failure_names_its_step_and_puts_the_next_try_off(mailbox: Mailbox, change: dict[str, Any], words: str) -> None:
    Mailbox.objects.update(**{key: value for key, value in change.items() if key != "imap_password"})
    mailbox.refresh_from_db()
    if "imap_password" in change:
        mailbox.imap_password = change["imap_password"]
        mailbox.save()
    assert fetch(mailbox) == 0
    mailbox.refresh_from_db()
    assert mailbox.fetch_error.startswith(words)
    assert mailbox.next_fetch_at > timezone.now() + timedelta(seconds=10)
    assert mailbox.fetch_lease_until is None


def test_tries_thin_out_while_a_mailbox_cannot_be_reached(mailbox: Mailbox) -> None:
    pauses = []
    for minutes in (0, 4, 60):
        Mailbox.objects.update(fetched_at=timezone.now() - timedelta(minutes=minutes), imap_port=free_port())
        fetch(mailbox)
        mailbox.refresh_from_db()
        pauses.append(round((mailbox.next_fetch_at - timezone.now()).total_seconds()))
    assert pauses == [60, 120, 300]


def test_success_clears_the_error(mailbox: Mailbox) -> None:
    Mailbox.objects.update(fetch_error="login: no")
    fetch(mailbox)
    assert Mailbox.objects.get().fetch_error == ""


def test_a_line_that_breaks_half_way_loses_and_doubles_nothing(
    mailbox: Mailbox, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "CHUNK", 1)
    for number in range(4):
        imap_account.deliver(make_mail(f"Mail {number}"))
    genuine = imap.Folder.fetch

    def break_off(self: imap.Folder, uids: Any) -> Any:
        if 3 in uids:
            raise Unavailable("fetching", "the connection broke")
        return genuine(self, uids)

    monkeypatch.setattr(imap.Folder, "fetch", break_off)
    fetch(mailbox)
    assert (Message.objects.count(), Mailbox.objects.get().uid_watermark) == (2, 2)
    monkeypatch.setattr(imap.Folder, "fetch", genuine)
    assert fetch(mailbox) == 2
    assert Message.objects.count() == 4


def test_a_mail_beyond_the_limit_is_kept_in_part_and_says_so(
    mailbox: Mailbox, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (storing, bodies):
        monkeypatch.setattr(module, "LIMIT", 20_000)
        monkeypatch.setattr(module, "KEPT", 5_000)
    imap_account.deliver(make_mail("Please read this.\n" + "padding\n" * 5_000))
    imap_account.deliver(make_mail("The next one"))
    assert fetch(mailbox) == 2
    read_all()
    big = Message.objects.order_by("-raw_size")[0]
    assert big.raw_size > 40_000
    assert len(raw.read(big.raw_sha256)) == 5_000
    assert "truncated" in big.flags
    assert "only its start is kept" in big.problem
    assert big.text.startswith("Please read this.")
    assert big.conversation_id


def test_of_a_large_mail_on_a_slow_line_the_start_is_kept_and_those_behind_it_come(
    mailbox: Mailbox, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "LARGE", 20_000)
    monkeypatch.setattr("inbox.imap.folder.PIECE", 5_000)
    genuine = imap.Folder._bodies

    def hand_out(self: imap.Folder, uids: Any, item: str) -> dict[int, bytes]:
        if "<5000." in item:
            monkeypatch.setattr("inbox.imap.folder.time", SimpleNamespace(monotonic=lambda: float("inf")))
        return genuine(self, uids, item)

    monkeypatch.setattr(imap.Folder, "_bodies", hand_out)
    imap_account.deliver(make_mail("Please read this.\n" + "padding\n" * 5_000))
    imap_account.deliver(make_mail("The next one"))
    assert fetch(mailbox) == 2
    read_all()
    big = Message.objects.order_by("-raw_size")[0]
    assert (len(raw.read(big.raw_sha256)), big.flags) == (10_000, ["truncated"])
    assert big.raw_size > 40_000
    assert big.text.startswith("Please read this.")


def test_a_large_mail_is_begun_only_while_there_is_time_for_it(
    mailbox: Mailbox, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "LARGE", 20_000)
    monkeypatch.setattr(fetching, "SHIFT", timedelta(seconds=100))
    imap_account.deliver(make_mail("padding\n" * 5_000))
    assert fetch(mailbox) == 0
    mailbox.refresh_from_db()
    assert (mailbox.uid_watermark, mailbox.fetch_error) == (0, "")
    assert mailbox.next_fetch_at <= timezone.now()
    monkeypatch.setattr(fetching, "SHIFT", timedelta(seconds=200))
    assert fetch(mailbox) == 1
    assert Message.objects.get().flags == []


def test_a_large_mail_that_is_refused_is_set_aside_in_the_same_shift(
    mailbox: Mailbox, damaged: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withheld, "PATIENCE", timedelta(0))
    monkeypatch.setattr(fetching, "CHUNK", 1)
    monkeypatch.setattr(bodies, "LARGE", 1)
    worked: list[Any] = []
    genuine = shifts.Shift.doubt

    def doubt(self: shifts.Shift, error: Withheld) -> None:
        worked.append(self)
        genuine(self, error)
        self.until = timezone.now() + timedelta(seconds=100)

    monkeypatch.setattr(shifts.Shift, "doubt", doubt)
    fetch(mailbox)
    assert Message.objects.get(uid=damaged).flags == ["withheld"]
    assert len(worked) == 2
    assert worked[0] is worked[1]


def test_a_fetch_that_takes_longer_than_a_task_may_says_so_and_makes_room(
    mailbox: Mailbox, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_too_long(self: imap.Folder, uids: Any) -> Any:
        raise SoftTimeLimitExceeded

    imap_account.deliver(make_mail())
    monkeypatch.setattr(imap.Folder, "fetch", take_too_long)
    assert fetch(mailbox) == 0
    mailbox.refresh_from_db()
    assert mailbox.fetch_error == "fetching: it took longer than a task may take."
    assert mailbox.fetch_lease_until is None


def test_a_mail_that_is_removed_while_it_is_fetched_is_passed_over(
    mailbox: Mailbox, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap_account.deliver(make_mail("First"))
    imap_account.deliver(make_mail("Second"))
    genuine = imap.Folder.fetch
    removed = [1]

    def fetch_after_a_removal(self: imap.Folder, uids: Any) -> Any:
        describe = self.describe
        monkeypatch.setattr(self, "describe", lambda asked: [one for one in describe(asked) if one.uid not in removed], raising=False)
        return {uid: body for uid, body in genuine(self, uids).items() if uid not in removed}

    monkeypatch.setattr(imap.Folder, "fetch", fetch_after_a_removal)
    assert fetch(mailbox) == 1
    assert Mailbox.objects.get().uid_watermark == 2


def test_a_mail_that_the_server_withholds_is_not_passed_over(
    mailbox: Mailbox, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap_account.deliver(make_mail())
    with monkeypatch.context() as patch:
        patch.setattr(imap.Folder, "fetch", lambda self, uids: {})
        fetch(mailbox)
    mailbox.refresh_from_db()
    assert mailbox.fetch_error == "fetching: the server lists the mail with UID 1 and does not hand it out."
    assert mailbox.uid_watermark == 0
    assert fetch(mailbox) == 1


def refuse(folder: imap.Folder, uids: Any, item: str) -> None:
    raise Withheld("fetching", "NO internal error", uids=uids)


def break_the_line(folder: imap.Folder, uids: Any, item: str) -> None:
    folder._client.shutdown()


@pytest.fixture(params=[refuse, break_the_line], ids=["refused", "line broken"])
def damaged(request: pytest.FixtureRequest, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> int:
    """The UID of the second of three mails, which the server does not hand out, though it lists it."""
    genuine = imap.Folder._bodies

    def bodies(self: imap.Folder, uids: Any, item: str) -> dict[int, bytes]:
        if 2 in uids and "HEADER" not in item:
            request.param(self, uids, item)
        return genuine(self, uids, item)

    monkeypatch.setattr(imap.Folder, "_bodies", bodies)
    for text in ("First", "Second", "Third"):
        imap_account.deliver(make_mail(text))
    return 2


def test_a_mail_that_the_server_never_hands_out_is_shown_and_blocks_nobody(
    mailbox: Mailbox, damaged: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withheld, "PATIENCE", timedelta(0))
    assert fetch(mailbox) == 3
    read_all()
    stand_in = Message.objects.get(uid=damaged)
    assert (stand_in.state, stand_in.subject, stand_in.flags[0]) == ("unreadable", "My order", "withheld")
    assert "does not hand it out" in stand_in.problem
    assert stand_in.conversation_id
    assert list(Message.objects.filter(state="parsed").order_by("uid").values_list("uid", flat=True)) == [1, 3]
    mailbox.refresh_from_db()
    assert (mailbox.uid_watermark, mailbox.fetch_error) == (3, "")


@pytest.fixture(params=[refuse, break_the_line], ids=["refused", "line broken"])
def damage(request: pytest.FixtureRequest, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Deliver so many mails, and have the server not hand out those with these UIDs."""
    monkeypatch.setattr(withheld, "PATIENCE", timedelta(0))
    genuine = imap.Folder._bodies

    def deliver(*broken: int, of: int) -> None:
        def bodies(self: imap.Folder, uids: Any, item: str) -> dict[int, bytes]:
            if set(broken) & set(uids) and "HEADER" not in item:
                request.param(self, uids, item)
            return genuine(self, uids, item)

        monkeypatch.setattr(imap.Folder, "_bodies", bodies)
        for number in range(of):
            imap_account.deliver(make_mail(f"Mail {number}"))

    return deliver


def test_the_lowest_mail_and_another_may_both_be_damaged(mailbox: Mailbox, damage: Callable[..., None]) -> None:
    damage(1, 3, of=4)
    assert fetch(mailbox) == 4
    read_all()
    shown = Message.objects.order_by("uid").values_list("uid", "state", "flags")
    assert [(uid, state) for uid, state, flags in shown if "withheld" in flags] == [(1, "unreadable"), (3, "unreadable")]
    assert [(uid, state) for uid, state, flags in shown if "withheld" not in flags] == [(2, "parsed"), (4, "parsed")]
    mailbox.refresh_from_db()
    assert (mailbox.uid_watermark, mailbox.fetch_error) == (4, "")


def test_many_damaged_mails_in_a_row_block_nobody(mailbox: Mailbox, damage: Callable[..., None]) -> None:
    damage(1, 2, 3, 4, of=6)
    assert fetch(mailbox) == 6
    assert list(Message.objects.filter(flags=["withheld"]).order_by("uid").values_list("uid", flat=True)) == [1, 2, 3, 4]
    assert Mailbox.objects.get().uid_watermark == 6


def test_where_nothing_is_handed_out_any_more_what_was_stored_before_proves_nothing(
    mailbox: Mailbox, imap_account: ImapAccount, damage: Callable[..., None]
) -> None:
    imap_account.deliver(make_mail("Before"))
    fetch(mailbox)
    damage(1, 2, 3, of=2)
    assert fetch(mailbox) == 0
    mailbox.refresh_from_db()
    assert (Message.objects.count(), mailbox.uid_watermark) == (1, 1)
    assert "UID 2 and does not hand it out" in mailbox.fetch_error


@pytest.fixture(params=["refused", "line broken"])
def unmeasured(request: pytest.FixtureRequest, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """The UIDs of the second and fourth of five mails, whose sizes the server cannot say."""
    genuine = imap.Folder.describe

    def answer_no(uids: Any, items: Any) -> None:
        raise IMAP4.error("NO internal error")

    def describe(self: imap.Folder, uids: Any) -> list[imap.Listed]:
        if {2, 4} & set(uids) and request.param == "refused":
            monkeypatch.setattr(self._client, "fetch", answer_no)
        elif {2, 4} & set(uids):
            self._client.shutdown()
        return genuine(self, uids)

    monkeypatch.setattr(imap.Folder, "describe", describe)
    for number in range(1, 6):
        imap_account.deliver(make_mail(f"Mail {number}"))
    return 2, 4


def test_a_mail_whose_size_the_server_cannot_say_is_shown_and_blocks_nobody(mailbox: Mailbox, unmeasured: tuple[int, int]) -> None:
    assert fetch(mailbox) == 5
    read_all()
    for stand_in in Message.objects.filter(uid__in=unmeasured):
        assert (stand_in.state, stand_in.subject, stand_in.flags[0]) == ("unreadable", "My order", "withheld")
    assert list(Message.objects.filter(state="parsed").order_by("uid").values_list("uid", flat=True)) == [1, 3, 5]
    mailbox.refresh_from_db()
    assert (mailbox.uid_watermark, mailbox.fetch_error) == (5, "")


def test_a_mail_that_a_slow_line_does_not_bring_at_once_comes_in_pieces(
    mailbox: Mailbox, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (imap, imap.folder):
        monkeypatch.setattr(module, "PIECE", 5_000)
    monkeypatch.setattr(withheld, "PATIENCE", timedelta(0))
    genuine = imap.Folder._bodies

    def hand_out(self: imap.Folder, uids: Any, item: str) -> dict[int, bytes]:
        found = genuine(self, uids, item)
        if sum(map(len, found.values())) > 10_000:
            raise Withheld("fetching", "it took too long", uids=uids)
        return found

    monkeypatch.setattr(imap.Folder, "_bodies", hand_out)
    imap_account.deliver(make_mail("padding\n" * 5_000))
    imap_account.deliver(make_mail("The next one"))
    assert fetch(mailbox) == 2
    read_all()
    big = Message.objects.order_by("-raw_size")[0]
    assert (big.state, big.flags, len(raw.read(big.raw_sha256))) == ("parsed", [], big.raw_size)
    assert big.raw_size > 40_000


def test_a_fresh_mail_that_is_refused_is_waited_for(mailbox: Mailbox, damaged: int) -> None:
    fetch(mailbox)
    mailbox.refresh_from_db()
    assert "UID 2 and does not hand it out" in mailbox.fetch_error
    assert (Message.objects.count(), mailbox.uid_watermark) == (1, 1)


def test_where_no_mail_is_handed_out_none_is_set_aside(
    mailbox: Mailbox, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withheld, "PATIENCE", timedelta(0))
    monkeypatch.setattr(imap.Folder, "_bodies", refuse)
    for text in ("First", "Second"):
        imap_account.deliver(make_mail(text))
    assert fetch(mailbox) == 0
    assert Message.objects.count() == 0
    assert "does not hand it out" in Mailbox.objects.get().fetch_error


def test_a_mail_that_was_set_aside_does_not_stand_for_the_one_that_is_handed_out_later(mailbox: Mailbox) -> None:
    content = make_mail()
    head = content.split(b"\n\n")[0]
    first = storing.arrive(head, received_at=timezone.now(), uid=1, uidvalidity=1, is_withheld=True)
    storing.record_all(mailbox=mailbox, arrivals=[first])
    read_all()
    ingest.store_message(mailbox=mailbox, raw=content, received_at=timezone.now(), uid=1, uidvalidity=2)
    read_all()
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["unreadable", "parsed"]


def test_a_full_disk_is_named_and_loses_nothing(mailbox: Mailbox, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(contents: list[bytes]) -> list[str]:
        raise OSError(28, "No space left on device")

    imap_account.deliver(make_mail())
    with monkeypatch.context() as patch:
        patch.setattr(raw, "store_all", fail)
        assert fetch(mailbox) == 0
    assert Mailbox.objects.get().fetch_error.startswith("storage: a mail cannot be written to the storage (No space left on device)")
    assert fetch(mailbox) == 1


def test_a_folder_that_gets_its_old_numbers_back_blocks_nothing(mailbox: Mailbox) -> None:
    """Two copies of one mail, told apart by their Received lines, in a folder that was restored from a backup."""
    content, now = make_mail(), timezone.now()
    copies = [b"Received: by " + host + b"\n" + content for host in (b"a", b"b")]
    for uid, copy in enumerate(copies, 1):
        ingest.store_message(mailbox=mailbox, raw=copy, received_at=now, uid=uid, uidvalidity=1)
    read_all()
    ingest.store_message(mailbox=mailbox, raw=copies[1], received_at=now, uid=1, uidvalidity=2)
    ingest.store_message(mailbox=mailbox, raw=copies[0], received_at=now, uid=1, uidvalidity=1)
    assert set(Message.objects.values_list("uidvalidity", "uid")) == {(1, 1), (2, 1)}


def test_the_same_mail_twice_in_a_folder_is_one_message(mailbox: Mailbox, imap_account: ImapAccount) -> None:
    content = make_mail()
    imap_account.deliver(content)
    imap_account.deliver(content)
    assert fetch(mailbox) == 1
    assert Mailbox.objects.get().uid_watermark == 2


def test_a_broken_doorbell_stops_no_mail(
    mailbox: Mailbox, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def fail(pk: int) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.parse_message, "delay", fail)
    monkeypatch.setattr(parsing, "parse", fail_to_parse)
    imap_account.deliver(make_mail())
    with django_capture_on_commit_callbacks(execute=True):
        assert fetch(mailbox) == 1


HOSTILE = {
    "random bytes": os.urandom(20_000),
    "nothing": b"",
    "only line ends": b"\r\n" * 50,
    "NUL bytes": b"From: ana@customer.example\r\nSubject: a\0b\r\nMessage-ID: <x\0y@z>\r\n\r\nbody\0text",
    "30 MB": b"From: ana@customer.example\r\nSubject: big\r\n\r\n" + b"x" * 75 + (b"y" * 76 + b"\r\n") * 400_000,
    "2,000 parts": b'From: ana@customer.example\r\nSubject: parts\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    + b"--b\r\nContent-Type: text/plain\r\n\r\npart\r\n" * 2_000
    + b"--b--\r\n",
    "an id of 10,000 characters": b"From: ana@customer.example\r\nMessage-ID: <" + b"i" * 10_000 + b"@x>\r\nReferences: "
    + b"<" + b"r" * 10_000 + b"@x>\r\n\r\nhello",
    "an address of 5,000 characters": b"From: " + b"a" * 5_000 + b"@customer.example\r\nSubject: long\r\n\r\nhello",
    "10,000 references": b"From: ana@customer.example\r\nReferences: " + b" ".join(b"<%d@x>" % n for n in range(10_000)) + b"\r\n\r\nhello",
}  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_whatever_comes_is_stored_and_visible(mailbox: Mailbox, content: bytes) -> None:
    message = receive(mailbox, content)
    assert message.state in {"parsed", "unreadable"}
    assert message.conversation_id
    assert receive(mailbox, make_mail("The next one")).state == "parsed"


class Killed(BaseException):
    """The process ends."""


def test_a_mail_that_kills_its_reader_becomes_unreadable_and_blocks_nobody(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    poison = ingest.store_message(mailbox=mailbox, raw=make_mail("poison"), received_at=timezone.now())
    genuine = parsing.parse

    def parse(content: bytes) -> parsing.ParsedMail:
        if b"poison" in content:
            raise Killed
        return genuine(content)

    monkeypatch.setattr(parsing, "parse", parse)
    for _ in range(3):
        with pytest.raises(Killed):
            ingest.read_message(message=poison)
        ingest.read_message(message=poison)
        Message.objects.update(read_due_at=timezone.now())
    assert receive(mailbox, make_mail("harmless")).state == "parsed"
    ingest.read_message(message=poison)
    poison.refresh_from_db()
    assert (poison.state, poison.parse_attempts) == ("unreadable", 3)
    assert "failed 3 times" in poison.problem
    assert Conversation.objects.get(messages=poison).messages.get() == poison


def test_a_mail_that_the_parser_stumbles_over_is_shown_with_the_reason(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "parse", fail_to_parse)
    message = receive(mailbox)
    assert message.state == "unreadable"
    assert "cannot be read (RecursionError)" in message.problem


def test_what_the_database_refuses_is_shown_as_unreadable(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        parsing, "parse", lambda content: parsing.ParsedMail(from_addr="ana@customer.example", text="a\0b", problems=("c\0d",))
    )
    message = receive(mailbox)
    assert (message.state, message.text) == ("unreadable", "")
    assert "cannot be read" in message.problem
    assert Conversation.objects.get().messages.get() == message


def test_many_rings_for_a_message_that_is_being_read_do_not_give_it_up(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    message = ingest.store_message(mailbox=mailbox, raw=make_mail(), received_at=timezone.now())
    genuine = raw.read

    def read(sha256: str) -> bytes:
        for _ in range(5):
            reading._claim(message.pk)
        return genuine(sha256)

    monkeypatch.setattr(raw, "read", read)
    ingest.read_message(message=message)
    message.refresh_from_db()
    assert (message.state, message.parse_attempts) == ("parsed", 1)


def test_a_message_whose_bytes_are_gone_says_so(mailbox: Mailbox) -> None:
    message = ingest.store_message(mailbox=mailbox, raw=make_mail(), received_at=timezone.now())
    Message.objects.update(raw_sha256="0" * 64)
    message.refresh_from_db()
    ingest.read_message(message=message)
    message.refresh_from_db()
    assert (message.state, "are gone from the storage" in message.problem) == ("unreadable", True)
    assert message.conversation_id


def test_a_storage_that_is_away_costs_no_attempt(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(sha256: str) -> bytes:
        raise TimeoutError

    message = ingest.store_message(mailbox=mailbox, raw=make_mail(), received_at=timezone.now())
    with monkeypatch.context() as patch, pytest.raises(TimeoutError):
        patch.setattr(raw, "read", fail)
        ingest.read_message(message=message)
    message.refresh_from_db()
    assert (message.state, message.parse_attempts) == ("received", 0)


def test_reading_twice_changes_nothing(mailbox: Mailbox) -> None:
    message = receive(mailbox)
    ingest.read_message(message=message)
    again = Message.objects.get()
    assert (again.parse_attempts, again.conversation_id) == (1, message.conversation_id)
    assert Conversation.objects.count() == 1


def test_the_sweep_names_messages_that_were_overlooked(mailbox: Mailbox) -> None:
    message = ingest.store_message(mailbox=mailbox, raw=make_mail(), received_at=timezone.now())
    assert ingest.waiting_messages() == []
    Message.objects.update(read_due_at=timezone.now())
    assert ingest.waiting_messages() == [message.pk]
    assert ingest.waiting_messages() == []
    read_all()
    assert ingest.waiting_messages() == []


def test_attachments_are_listed_and_can_be_read(mailbox: Mailbox) -> None:
    from inbox import attachments

    content = b"""From: ana@customer.example
Subject: photo
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain

See the list.
--b
Content-Type: text/csv; name="list.csv"
Content-Disposition: attachment; filename="list.csv"

a,b
--b--
"""
    attachment = receive(mailbox, content).attachments.get()
    assert attachment.name == "list.csv"
    assert attachments.read(attachment).strip() == b"a,b"


def test_a_mail_from_one_of_our_mailboxes_is_our_own(mailbox: Mailbox) -> None:
    other = make_mailbox()
    assert receive(mailbox, sender=other.address.upper()).kind == Message.Kind.OWN


def test_a_mail_forged_in_our_name_is_shown_to_people(mailbox: Mailbox) -> None:
    Mailbox.objects.update(authserv_id="mx.company.example")
    mailbox.refresh_from_db()
    domain = mailbox.address.partition("@")[2]
    content = make_mail("pay me", sender=mailbox.address, authentication_results=f"mx.company.example; dmarc=fail header.from={domain}")
    assert receive(mailbox, content).kind == Message.Kind.PERSON


def in_our_name(mailbox: Mailbox, *, to: str = "", reply_to: str = "", message_id: str = "1@company.example") -> Message:
    """A mail from our own address, on which no server has a word."""
    lines = [f"From: {mailbox.address}", f"To: {to or mailbox.address}", f"Message-ID: <{message_id}>", "Subject: From the contact form"]
    lines += [f"Reply-To: {reply_to}"] if reply_to else []
    return receive(mailbox, "\n".join([*lines, "", "Where is my order?"]).encode())


def test_a_contact_form_that_writes_in_our_name_is_shown_to_people(mailbox: Mailbox) -> None:
    form = in_our_name(mailbox, reply_to="ana@customer.example")
    assert (form.kind, conversation_of(form).state) == (Message.Kind.PERSON, Conversation.State.OPEN)
    assert in_our_name(mailbox, reply_to="ana@customer.example", to="else@customer.example").kind == Message.Kind.PERSON


def test_a_mail_in_our_name_that_nobody_but_us_gets_is_shown_to_people(mailbox: Mailbox) -> None:
    assert in_our_name(mailbox).kind == Message.Kind.PERSON
    assert in_our_name(mailbox, to=make_mailbox().address.upper()).kind == Message.Kind.PERSON


def test_a_mail_in_our_name_to_a_customer_is_our_own_though_nothing_proves_it(mailbox: Mailbox) -> None:
    copy = in_our_name(mailbox, to="ana@customer.example", reply_to=mailbox.address)
    assert (copy.kind, "own_unproven" in copy.flags) == (Message.Kind.OWN, True)


def test_a_copy_of_what_left_from_here_is_our_own(mailbox: Mailbox) -> None:
    mail = queue_reply(receive(mailbox))
    copy = in_our_name(mailbox, message_id=mail.message_id)
    assert (copy.kind, "own_unproven" in copy.flags) == (Message.Kind.OWN, False)


def test_the_sender_is_judged_by_the_mailbox_own_server(mailbox: Mailbox) -> None:
    Mailbox.objects.update(authserv_id="mx.company.example")
    mailbox.refresh_from_db()
    good = make_mail("one", authentication_results="mx.company.example; dmarc=pass header.from=customer.example")
    forged = make_mail("two", authentication_results="mx.evil.example; dmarc=pass header.from=customer.example")
    assert [receive(mailbox, content).authenticity for content in (good, forged)] == ["pass", "none"]

"""What a fetch brings is read at once, many mails together, and what is not ordinary never holds the others up."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from inbox import ingest, outbox, parsing, raw, tasks
from inbox.ingest import joining, storing, together
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from tests.inbox.factories import conversation_of, make_mail, make_mailbox, queue_reply, receive
from tests.inbox.test_ingest import HOSTILE, Killed, fetch, read_all
from tests.mailservers import ImapAccount

pytestmark = pytest.mark.django_db
FIVE = ("one", "two", "poison", "four", "five")


@pytest.fixture
def mailbox(imap_account: ImapAccount) -> Mailbox:
    return make_mailbox(imap=imap_account)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The messages that a task was rung for."""
    pks: list[int] = []
    monkeypatch.setattr(tasks.parse_message, "delay", pks.append)
    return pks


@pytest.fixture
def five(imap_account: ImapAccount) -> None:
    """Five mails in the folder, the third of which is the poison."""
    for text in FIVE:
        imap_account.deliver(make_mail(text, subject=text))


def poisoned(monkeypatch: pytest.MonkeyPatch, *, by: Any) -> None:
    """Have the parser do something else with the mail that is poison."""
    genuine = parsing.parse
    monkeypatch.setattr(parsing, "parse", lambda content: by() if b"poison" in content else genuine(content))


def states() -> list[str]:
    """Of all messages, sorted, as servers do not number mails in the order of their delivery."""
    return sorted(Message.objects.values_list("state", flat=True))


def poison() -> Message:
    """The message whose mail is poison."""
    return next(one for one in Message.objects.all() if b"poison" in raw.read(one.raw_sha256))


def expect_all_visible() -> None:
    """Each of the five in a conversation of its own, the poison as what cannot be read."""
    read_all()
    assert (states(), poison().state) == (["parsed"] * 4 + ["unreadable"], "unreadable")
    assert Conversation.objects.filter(messages__isnull=False).distinct().count() == 5
    assert Mailbox.objects.get().uid_watermark == 5


def test_ordinary_mail_is_read_when_the_fetch_is_over(
    mailbox: Mailbox, five: None, rung: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert fetch(mailbox) == 5
    assert (states(), rung) == (["parsed"] * 5, [])
    assert set(Message.objects.values_list("parse_attempts", flat=True)) == {0}
    assert Conversation.objects.filter(state="open").count() == 5


def test_all_bytes_of_a_chunk_are_in_storage_before_the_first_is_parsed(
    mailbox: Mailbox, five: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored: list[str] = []
    genuine = raw.store_all

    def store_all(contents: list[bytes]) -> list[str]:
        found = genuine(contents)
        stored.extend(found)
        return found

    monkeypatch.setattr(raw, "store_all", store_all)

    def parse(content: bytes) -> parsing.ParsedMail:
        assert len(set(stored)) == 5
        assert all(raw.read(one) for one in stored)
        return parsing.ParsedMail()

    monkeypatch.setattr(parsing, "parse", parse)
    fetch(mailbox)
    assert states() == ["parsed"] * 5


def test_a_mail_that_cannot_be_parsed_is_left_to_be_read_by_itself(
    mailbox: Mailbox, five: None, rung: list[int], monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def stumble() -> None:
        raise RecursionError

    poisoned(monkeypatch, by=stumble)
    with django_capture_on_commit_callbacks(execute=True):
        assert fetch(mailbox) == 5
    assert (states(), rung) == (["parsed"] * 4 + ["received"], [poison().pk])
    expect_all_visible()


def test_what_the_database_refuses_of_one_mail_holds_no_other_up(mailbox: Mailbox, five: None, monkeypatch: pytest.MonkeyPatch) -> None:
    poisoned(monkeypatch, by=lambda: parsing.ParsedMail(from_addr="ana@customer.example", text="a\0b"))
    assert fetch(mailbox) == 5
    assert states() == ["received"] * 5
    expect_all_visible()


def test_a_chunk_whose_rows_cannot_be_written_is_recorded_once_and_read_later(
    mailbox: Mailbox, five: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(changes: Any) -> None:
        raise DatabaseError("deadlock detected")

    with monkeypatch.context() as patch:
        patch.setattr(joining, "_move_on", fail)
        assert fetch(mailbox) == 5
    assert (states(), Conversation.objects.count()) == (["received"] * 5, 0)
    mailbox.refresh_from_db()
    assert (mailbox.uid_watermark, mailbox.fetch_lease_until, mailbox.fetch_error) == (5, None, "")
    read_all()
    assert states() == ["parsed"] * 5


def test_a_mail_that_kills_whoever_reads_it_is_read_by_itself_next_time(
    mailbox: Mailbox, five: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> None:
        raise Killed

    poisoned(monkeypatch, by=die)
    with pytest.raises(Killed):
        fetch(mailbox)
    assert states() == []
    Mailbox.objects.update(fetch_lease_until=timezone.now() - timedelta(seconds=1))
    assert fetch(mailbox) == 5
    assert states() == ["received"] * 5
    for _ in range(3):
        with pytest.raises(Killed):
            ingest.read_message(message=poison())
        Message.objects.update(read_due_at=timezone.now())
    expect_all_visible()


def test_after_a_death_only_the_first_mails_are_read_by_themselves(
    mailbox: Mailbox, five: None, imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.ingest.fetching.BATCH", 3)
    Mailbox.objects.update(fetch_lease_until=timezone.now() - timedelta(seconds=1))
    assert fetch(mailbox) == 5
    assert states() == ["parsed"] * 2 + ["received"] * 3


def test_mails_that_are_slow_to_parse_do_not_use_the_lease_up(mailbox: Mailbox, five: None, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, genuine = [0.0], parsing.parse

    def parse(content: bytes) -> parsing.ParsedMail:
        clock[0] += 6
        return genuine(content)

    with monkeypatch.context() as patch:
        patch.setattr(together, "time", SimpleNamespace(monotonic=lambda: clock[0]))
        patch.setattr(parsing, "parse", parse)
        assert fetch(mailbox) == 5
    assert states() == ["parsed"] * 2 + ["received"] * 3
    read_all()
    assert states() == ["parsed"] * 5


def test_whatever_is_fetched_is_visible(mailbox: Mailbox, imap_account: ImapAccount) -> None:
    """Small ones only, as a server needs long for a mail of 30 MB."""
    contents = [one for one in HOSTILE.values() if 0 < len(one) < 1_000_000]
    for one in contents:
        imap_account.deliver(one)
    imap_account.deliver(make_mail(subject="The last one"))
    assert fetch(mailbox) == len(contents) + 1
    read_all()
    assert set(states()) <= {"parsed", "unreadable"}
    assert not Message.objects.filter(conversation=None).exists()
    assert Message.objects.get(subject="The last one").state == "parsed"


def test_a_mail_in_part_and_a_bounce_are_left_to_be_read_by_themselves(mailbox: Mailbox) -> None:
    now = timezone.now()
    head = storing.arrive(make_mail("head"), received_at=now, uid=1, uidvalidity=1, is_withheld=True)
    start = storing.arrive(make_mail("start"), size=90_000_000, received_at=now, uid=2, uidvalidity=1)
    bounce = storing.arrive(
        make_mail("Delivery to the following recipient failed permanently: <bo@customer.example>", sender="MAILER-DAEMON@x.example",
                  subject="Undelivered Mail Returned to Sender"), received_at=now, uid=3, uidvalidity=1)  # fmt: skip
    plain = storing.arrive(make_mail("plain"), received_at=now, uid=4, uidvalidity=1)
    arrived = [head, start, bounce, plain]
    assert list(together.parse_all(arrived)) == [plain.sha256]
    recorded = together.record(mailbox=mailbox, arrivals=arrived, understood=together.parse_all(arrived))
    assert (len(recorded.new), len(recorded.unread)) == (4, 3)
    assert list(Message.objects.filter(state="parsed").values_list("uid", flat=True)) == [4]


def test_what_is_known_already_goes_the_careful_way(mailbox: Mailbox, five: None, imap_account: ImapAccount) -> None:
    fetch(mailbox)
    before = set(Message.objects.values_list("pk", "conversation"))
    imap_account.forget_numbers()
    imap_account.deliver(make_mail("six"))
    assert fetch(mailbox) == 1
    read_all()
    assert before < set(Message.objects.values_list("pk", "conversation"))
    assert states() == ["parsed"] * 6


def test_a_customer_who_writes_again_voids_what_was_going_to_be_answered(mailbox: Mailbox, imap_account: ImapAccount) -> None:
    first = receive(mailbox)
    mail = queue_reply(first, hold_seconds=600)
    other = queue_reply(receive(mailbox, sender="bo@customer.example"), hold_seconds=600)
    for subject in ("Re: My order", ""):
        imap_account.deliver(make_mail("Please hurry", subject=subject, in_reply_to=f"<{first.message_id}>"))
    fetch(mailbox)
    mail.refresh_from_db()
    other.refresh_from_db()
    assert (mail.state, mail.last_error) == (OutgoingMail.State.CANCELLED, outbox.OVERTAKEN)
    assert other.state == OutgoingMail.State.HELD
    assert conversation_of(first).messages.count() == 3


def test_who_names_a_mail_that_was_maybe_sent_has_got_it(mailbox: Mailbox, imap_account: ImapAccount) -> None:
    mails = [queue_reply(receive(mailbox, sender=f"{name}@customer.example")) for name in ("ana", "bo")]
    OutgoingMail.objects.update(state=OutgoingMail.State.MAYBE_SENT, dot_sent_at=timezone.now())
    for mail in mails:
        imap_account.deliver(make_mail("Thanks", sender=mail.recipient, subject="Re: My order", in_reply_to=f"<{mail.message_id}>"))
    fetch(mailbox)
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {OutgoingMail.State.SENT}
    assert Conversation.objects.filter(state="open").count() == 2


def test_our_signed_token_leads_home_among_others(mailbox: Mailbox, imap_account: ImapAccount) -> None:
    mail = queue_reply(receive(mailbox))
    imap_account.deliver(make_mail("Hello", sender="bo@customer.example", subject="Something else"))
    imap_account.deliver(make_mail("Thanks", subject="Re: My order", in_reply_to=f"<AAMk={mail.message_id.upper()}=x>"))
    fetch(mailbox)
    assert list(mail.conversation.messages.values_list("subject", flat=True)) == ["My order", "Re: My order"]

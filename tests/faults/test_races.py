"""Two workers at the same work at the same moment: one of them does it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from inbox import ingest, outbox, raw, tasks
from inbox.errors import TooLate
from inbox.ingest import joining, together
from inbox.ingest.arrivals import Arrival
from inbox.ingest.storing import arrive
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from inbox.placing import Letter
from tests.inbox.factories import make_mail, make_mailbox, make_user, queue_reply, receive
from tests.mailservers import ImapAccount, SmtpServer

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4


@pytest.fixture(autouse=True)
def _no_doorbell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.parse_message, "delay", lambda pk: None)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each of these returns or raises, all started at the same moment on connections of their own."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait()
            return work()
        except TooLate as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.parametrize("round_", range(3))
def test_senders_racing_for_a_mail_send_it_once(smtp_server: SmtpServer, round_: int) -> None:
    mail = queue_reply(receive(make_mailbox(smtp=smtp_server)))
    [pk] = outbox.release_due()
    at_once(*[lambda: outbox.send(mail_id=pk)] * WORKERS)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, len(smtp_server.accepted)) == (OutgoingMail.State.SENT, 1, 1)


def test_sweeps_at_once_name_each_mail_once(smtp_server: SmtpServer) -> None:
    mailbox = make_mailbox(smtp=smtp_server)
    pks = {queue_reply(receive(mailbox)).pk for _ in range(20)}
    named = [pk for ids in at_once(*[outbox.release_due] * WORKERS) for pk in ids]
    assert sorted(named) == sorted(pks)


@pytest.mark.parametrize("round_", range(5))
def test_taking_back_and_sending_at_once_agree(smtp_server: SmtpServer, round_: int) -> None:
    user = make_user()
    mail = queue_reply(receive(make_mailbox(smtp=smtp_server)), by=user)
    [pk] = outbox.release_due()
    late, _ = at_once(lambda: outbox.cancel(mail=OutgoingMail.objects.get(pk=pk), by=user), lambda: outbox.send(mail_id=pk))
    mail.refresh_from_db()
    expected = (OutgoingMail.State.SENT, 1) if late else (OutgoingMail.State.CANCELLED, 0)
    assert (mail.state, len(smtp_server.accepted)) == expected


def test_fetchers_racing_for_a_mailbox_store_each_mail_once(imap_account: ImapAccount) -> None:
    mailbox = make_mailbox(imap=imap_account)
    for number in range(5):
        imap_account.deliver(make_mail(f"Mail {number}"))
    counts = at_once(*[lambda: ingest.fetch_mailbox(mailbox=type(mailbox).objects.get(pk=mailbox.pk))] * WORKERS)
    assert sum(counts) == Message.objects.count() == 5


def test_readers_racing_for_a_message_read_it_once() -> None:
    message = ingest.store_message(mailbox=make_mailbox(), raw=make_mail(), received_at=timezone.now())
    at_once(*[lambda: ingest.read_message(message=Message.objects.get(pk=message.pk))] * WORKERS)
    message.refresh_from_db()
    assert message.state == Message.State.PARSED
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_mails_of_one_thread_read_at_once_make_one_conversation(round_: int) -> None:
    mailbox = make_mailbox()
    ids = [f"<{number}@customer.example>" for number in range(4)]
    mails = [make_mail(subject="Re: My order", message_id=one, references=" ".join(ids[:n])) for n, one in enumerate(ids)]
    messages = [ingest.store_message(mailbox=mailbox, raw=raw, received_at=timezone.now()) for raw in mails]
    at_once(*[lambda message=message: ingest.read_message(message=message) for message in messages])
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("round_", range(5))
def test_a_message_and_a_reply_at_once_leave_both_in_one_conversation(smtp_server: SmtpServer, round_: int) -> None:
    user, first = make_user(), receive(make_mailbox(smtp=smtp_server))
    again = make_mail(subject="Re: My order", in_reply_to=f"<{first.message_id}>")
    message = ingest.store_message(mailbox=first.mailbox, raw=again, received_at=timezone.now())
    at_once(lambda: queue_reply(first, by=user), lambda: ingest.read_message(message=message))
    mail = OutgoingMail.objects.get()
    message.refresh_from_db()
    assert message.conversation == mail.conversation
    assert mail.state in {OutgoingMail.State.CANCELLED, OutgoingMail.State.HELD}


@pytest.mark.parametrize("round_", range(5))
def test_chunks_with_the_same_customers_in_opposite_order_do_not_wait_for_each_other_in_a_circle(round_: int) -> None:
    first = receive(mailbox := make_mailbox())
    second = receive(mailbox, sender="bo@customer.example")
    chunks = [[_answer(mailbox, to, part) for to in order] for part, order in enumerate(((first, second), (second, first)))]
    at_once(*[lambda chunk=chunk: _record(mailbox, chunk) for chunk in chunks])
    assert [one.messages.count() for one in Conversation.objects.all()] == [3, 3]
    assert set(Message.objects.values_list("state", flat=True)) == {"parsed"}


def _answer(mailbox: Mailbox, to: Message, part: int) -> Arrival:
    """An answer of the same customer, in storage."""
    named = f"<{to.message_id}>"
    content = make_mail(f"Part {part}", sender=to.from_address, subject="Re: My order", in_reply_to=named, references=named)
    return arrive(content, received_at=timezone.now())


def _record(mailbox: Mailbox, chunk: list[Arrival]) -> None:
    with transaction.atomic():
        together.record(mailbox=mailbox, arrivals=chunk, understood=together.parse_all(chunk))


def test_a_mail_that_is_stored_while_its_chunk_is_written_is_one_message(
    imap_account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = make_mailbox(imap=imap_account)
    for number in range(3):
        imap_account.deliver(make_mail(f"Mail {number}"))
    genuine = joining.join

    def join_late(*, letters: list[Letter], **rest: Any) -> None:
        content = raw.read(letters[1].message.raw_sha256)
        at_once(lambda: ingest.store_message(mailbox=mailbox, raw=content, received_at=timezone.now()))
        genuine(letters=letters, **rest)

    monkeypatch.setattr("inbox.ingest.together.join", join_late)
    ingest.fetch_mailbox(mailbox=mailbox)
    assert Message.objects.count() == 3
    for message in Message.objects.all():
        ingest.read_message(message=message)
    assert Conversation.objects.count() == 3


def test_the_same_mail_stored_by_two_at_once_is_one_row() -> None:
    mailbox, content = make_mailbox(), make_mail()
    stored = at_once(*[lambda: ingest.store_message(mailbox=mailbox, raw=content, received_at=timezone.now()).pk] * WORKERS)
    assert len(set(stored)) == Message.objects.count() == 1

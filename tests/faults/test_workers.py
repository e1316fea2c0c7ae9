"""A real worker: Redis is emptied, or the worker killed, at each state of a mail. What becomes of it, and how many the server took."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.utils import timezone
from redis import Redis

from inbox import ingest, outbox, tasks
from inbox.models import Mailbox, Message, OutgoingMail
from tests.faults.table import State, line, see
from tests.faults.workers import Worker, redis, wait_until, worker
from tests.inbox.factories import make_mail, make_mailbox, queue_reply, receive
from tests.mailservers import PASSWORD, ImapAccount, SmtpServer

__all__ = ["redis", "worker"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]
Write = Callable[[str], OutgoingMail]


@pytest.fixture(autouse=True)
def _nothing_rings(redis: Redis) -> None:
    redis.flushall()


@pytest.fixture
def write(smtp_server: SmtpServer) -> Write:
    """A reply to a customer of this name, due at once."""
    mailbox = make_mailbox(smtp=smtp_server, smtp_username="user", smtp_password=PASSWORD, is_active=False)
    return lambda name: queue_reply(receive(mailbox, sender=f"{name}@customer.example"))


def sweep(*, is_later: bool = False) -> None:
    """What beat does for mail that leaves; later, all pauses and leases are over."""
    if is_later:
        now = timezone.now()
        OutgoingMail.objects.filter(lease_until__isnull=False).update(lease_until=now)
        OutgoingMail.objects.update(due_at=now)
    tasks.send_due_mail()


def stop_at(server: SmtpServer, step: str) -> None:
    """Let the worker send, and let the server hold it there."""
    server.faults[step] = "stop"
    sweep()
    assert server.stopped.wait(40)


def go_on(server: SmtpServer) -> None:
    server.faults.clear()
    server.go_on.set()


def is_at(mail: OutgoingMail, *states: State) -> Callable[[], bool]:
    return lambda: OutgoingMail.objects.filter(pk=mail.pk, state__in=states).exists()


def pass_days(last: OutgoingMail, server: SmtpServer) -> None:
    """Everything that is due is rung for; the mail that is due last tells when that was done."""
    sweep(is_later=True)
    wait_until(is_at(last, State.SENT), what="the last mail is sent")


class Point(NamedTuple):
    """Where the server holds the worker, what is known of the mail then, and what becomes of it."""

    step: str
    first: tuple[State, int]
    end: tuple[State, int]


EMPTIED = {
    "a mail is claimed": Point("mail", (State.CLAIMED, 0), (State.SENT, 1)),
    "a mail is at the dot": Point("dot", (State.DOT_SENT, 0), (State.SENT, 1)),
    "a mail waits for its answer": Point("answer", (State.DOT_SENT, 1), (State.SENT, 1)),
}


@pytest.mark.parametrize("at", EMPTIED.values(), ids=[line(f"FLUSHALL while {name}", at.first, at.end) for name, at in EMPTIED.items()])
def test_redis_is_emptied(smtp_server: SmtpServer, write: Write, redis: Redis, at: Point) -> None:
    mail = write("ana")
    stop_at(smtp_server, at.step)
    redis.flushall()
    assert see(mail, smtp_server) == at.first
    go_on(smtp_server)
    wait_until(is_at(mail, at.end[0]), what=f"the mail is {at.end[0]}")
    pass_days(write("bob"), smtp_server)
    assert see(mail, smtp_server) == at.end


def test_redis_is_emptied_while_a_mail_will_be_tried_again(smtp_server: SmtpServer, write: Write, redis: Redis) -> None:
    mail = write("ana")
    smtp_server.faults["rcpt"] = "450 greylisted"
    sweep()
    wait_until(is_at(mail, State.RETRY), what="the mail is put off")
    redis.flushall()
    smtp_server.faults.clear()
    sweep(is_later=True)
    wait_until(is_at(mail, State.SENT), what="the mail is sent")
    assert see(mail, smtp_server) == (State.SENT, 1)


def test_redis_is_emptied_with_bells_of_every_kind_in_it(
    smtp_server: SmtpServer, imap_account: ImapAccount, write: Write, redis: Redis
) -> None:
    """The worker is held by one mail; behind it wait a mail to send, one to file, a mailbox to fetch and a message to read."""
    sent = write("sent")
    outbox.send(mail_id=outbox.release_due()[0])
    imap_account.make_folder("Sent")
    Mailbox.objects.update(imap_port=imap_account.port, imap_username=imap_account.user, is_active=True)
    busy = write("busy")
    stop_at(smtp_server, "mail")
    waiting = write("waiting")
    imap_account.deliver(make_mail("A new mail"))
    stored = ingest.store_message(mailbox=waiting.mailbox, raw=make_mail("A stored mail"), received_at=timezone.now())

    def ring_for_all() -> None:
        now = timezone.now()
        Mailbox.objects.update(next_fetch_at=now)
        Message.objects.filter(pk=stored.pk).update(read_due_at=now)
        OutgoingMail.objects.filter(pk=sent.pk, filed_at=None).update(file_due_at=now)
        OutgoingMail.objects.filter(pk=waiting.pk).update(due_at=now)
        for ring in (tasks.send_due_mail, tasks.file_sent_mail, tasks.fetch_due_mailboxes, tasks.parse_waiting_messages):
            ring()

    ring_for_all()
    assert sum(redis.llen(queue) for queue in ("send", "fetch", "parse")) == 4
    redis.flushall()
    go_on(smtp_server)
    wait_until(is_at(busy, State.SENT), what="the mail that held the worker is sent")
    assert is_at(waiting, State.READY)()
    ring_for_all()
    wait_until(is_at(waiting, State.SENT), what="the mail that waited is sent")
    wait_until(lambda: OutgoingMail.objects.filter(pk=sent.pk, filed_at__isnull=False).exists(), what="the copy is filed")
    wait_until(lambda: Message.objects.filter(state=Message.State.PARSED).count() == 5, what="all messages are read")
    assert Message.objects.count() == 5
    assert sum(sent.message_id.encode() in copy for copy in imap_account.in_sent()) == 1
    assert sorted(smtp_server.recipients) == [f"{name}@customer.example" for name in ("busy", "sent", "waiting")]


CLAIMED = Point("mail", (State.CLAIMED, 0), (State.SENT, 1))
KILLED = {
    "its process, while a mail is claimed": CLAIMED,
    "its process, while a mail is at the dot": Point("dot", (State.DOT_SENT, 0), (State.MAYBE_SENT, 1)),
    "its process, while a mail waits for its answer": Point("answer", (State.DOT_SENT, 1), (State.MAYBE_SENT, 1)),
    "all of it, while a mail is claimed": CLAIMED,
}


@pytest.mark.parametrize(("who", "at"), KILLED.items(), ids=[line(f"kill -9: {who}", at.first, at.end) for who, at in KILLED.items()])
def test_the_worker_is_killed(smtp_server: SmtpServer, write: Write, worker: Worker, who: str, at: Point) -> None:
    """Celery delivers the task again, at once or later, while the sweep rings for it too."""
    mail = write("ana")
    stop_at(smtp_server, at.step)
    if who.startswith("all"):
        worker.kill()
        worker.start()
    else:
        worker.kill_at_work()
    assert see(mail, smtp_server) == at.first
    go_on(smtp_server)
    for name in ("bob", "eve"):
        tasks.send_mail.delay(mail.pk)
        pass_days(write(name), smtp_server)
    assert see(mail, smtp_server) == at.end

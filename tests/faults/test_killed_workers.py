"""Whatever fetches, reads, files or looks for mail is killed with SIGKILL at each edge: nothing is lost, and nothing is there twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inbox import filing, ingest, tasks, tracing
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from tests.faults.mortals import Edge, Mortals, mortals
from tests.faults.table import State, send_due
from tests.inbox.factories import make_mail, make_mailbox, queue_reply, receive
from tests.mailservers import ImapAccount, SmtpServer

__all__ = ["mortals"]
pytestmark = pytest.mark.django_db(transaction=True)
FETCHING, READING = "inbox.ingest.fetching", "inbox.ingest.reading"

FETCH = {
    "after the mails came over the line": (Edge("inbox.imap", "Folder.fetch", True), 0),
    "after the bytes are stored, before their rows": (Edge("django.db.models.query", "QuerySet.bulk_create"), 0),
    "after the rows are written, before they are committed": (Edge("django.db.models.query", "QuerySet.bulk_create", True), 0),
    "after rows and cursor are committed, before the lease is given up": (Edge(FETCHING, "Lease.release"), 3),
}
READ = {
    "after its attempt is counted": Edge(READING, "_claim", True),
    "before it is parsed": Edge("inbox.parsing", "parse"),
    "after it is parsed": Edge("inbox.parsing", "parse", True),
    "after its conversation is made, before it is in it": Edge("inbox.models", "Message.save"),
    "after all is written, before it is committed": Edge(READING, "_understand", True),
    "after it is read": Edge("inbox.ingest", "read_message", True),
}
FILE = {
    "before the copy is filed": (Edge("inbox.imap", "file_copy"), 0),
    "after the copy is filed, before that is noted": (Edge("inbox.imap", "file_copy", True), 1),
}


@pytest.fixture(autouse=True)
def _no_doorbell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.parse_message, "delay", lambda pk: None)


def words(point: str, left: int, of: int) -> str:
    return f"kill -9 {point} -> {left} of {of}; in the end {of}, none twice"


@pytest.mark.parametrize(("edge", "left"), FETCH.values(), ids=[words(point, left, 3) for point, (_, left) in FETCH.items()])
def test_the_fetcher_is_killed(imap_account: ImapAccount, mortals: Mortals, edge: Edge, left: int) -> None:
    mailbox = make_mailbox(imap=imap_account)
    for number in range(3):
        imap_account.deliver(make_mail(f"Mail {number}", subject=f"Number {number}"))
    mortals.die("fetch", edge, mailbox.pk)
    assert Message.objects.count() == left
    for _ in range(2):
        Mailbox.objects.update(fetch_lease_until=None, next_fetch_at=timezone.now())
        ingest.fetch_mailbox(mailbox=Mailbox.objects.get())
    read_all()
    assert Message.objects.filter(state=Message.State.PARSED).count() == Message.objects.count() == Conversation.objects.count() == 3


def read_all() -> None:
    Message.objects.filter(state=Message.State.RECEIVED).update(read_due_at=timezone.now())
    for pk in ingest.waiting_messages():
        ingest.read_message(message=Message.objects.get(pk=pk))


@pytest.mark.parametrize("edge", READ.values(), ids=[f"kill -9 {point} -> one message in one conversation" for point in READ])
def test_the_reader_is_killed(mortals: Mortals, edge: Edge) -> None:
    message = ingest.store_message(mailbox=make_mailbox(), raw=make_mail(), received_at=timezone.now())
    mortals.die("read", edge, message.pk)
    read_all()
    message.refresh_from_db()
    assert (message.state, Message.objects.count(), Conversation.objects.count()) == (Message.State.PARSED, 1, 1)
    assert message.parse_attempts <= 2


@pytest.mark.parametrize(("edge", "left"), FILE.values(), ids=[words(point, left, 1) for point, (_, left) in FILE.items()])
def test_the_filer_is_killed(smtp_server: SmtpServer, imap_account: ImapAccount, mortals: Mortals, edge: Edge, left: int) -> None:
    mail = queue_reply(receive(make_mailbox(imap=imap_account, smtp=smtp_server)))
    send_due()
    mortals.die("file", edge, mail.pk)
    assert len(imap_account.in_sent()) == left
    OutgoingMail.objects.update(file_due_at=timezone.now())
    for pk in filing.due_mail():
        filing.file_mail(mail_id=pk)
    mail.refresh_from_db()
    assert mail.filed_at
    assert len(imap_account.in_sent()) == 1


def test_who_looks_for_a_doubtful_mail_is_killed_after_it_was_found(imap_account: ImapAccount, mortals: Mortals) -> None:
    mail = queue_reply(receive(make_mailbox(imap=imap_account)))
    imap_account.make_folder("Sent")
    name = imap_account.folder / ".Sent" / "cur" / "1.copy.test:2,S"
    name.write_bytes(bytes(mail.mime))
    OutgoingMail.objects.update(state=State.MAYBE_SENT, dot_sent_at=timezone.now() - timedelta(minutes=1))
    mortals.die("look", Edge("inbox.imap", "is_in_sent", True), mail.pk)
    mail.refresh_from_db()
    assert mail.state == State.MAYBE_SENT
    OutgoingMail.objects.update(file_due_at=timezone.now())
    for pk in tracing.due_mail():
        tracing.look_for(mail_id=pk)
    mail.refresh_from_db()
    assert mail.state == State.SENT

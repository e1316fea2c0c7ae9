"""The line is cut after any number of bytes, either way: nothing is lost, and nothing is there twice.

`pytest tests/faults/test_any_byte.py --every-byte` cuts it after each single one, which takes many minutes.
"""

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from inbox import filing, ingest, tasks
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from inbox.smtp import idle
from tests.faults.relay import Relay
from tests.faults.table import State, work_for_days
from tests.inbox.factories import make_mail, make_mailbox, queue_reply, receive
from tests.mailservers import PASSWORD, ImapAccount, SmtpServer

pytestmark = pytest.mark.django_db
WAYS = ["to_server", "to_client"]
CUTS = 6
"""Places that the short run tries, spread over all that is said one way."""


@pytest.fixture
def cuts(request: pytest.FixtureRequest) -> Callable[[int], Iterator[int]]:
    """Where to cut something of so many bytes; the last is no cut any more."""
    is_long = bool(request.config.getoption("--every-byte", default=False))

    def spread(size: int) -> Iterator[int]:
        yield from range(0, size, 1 if is_long else max(size // CUTS, 1))
        yield from (size - 1, size)

    return spread


@pytest.fixture(autouse=True)
def _no_doorbell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.parse_message, "delay", lambda pk: None)


def measure(port: int, way: str, work: Callable[[int], object]) -> int:
    """How many bytes the work needs this way."""
    with Relay(port) as relay:
        work(relay.port)
    return relay.passed[way]


def was_cut(relay: Relay, way: str, cut: int, size: int) -> bool:
    """Whether the line was cut there. Ids differ in length, so that the last places may lie behind the end."""
    return relay.passed[way] == cut or cut > size * 0.9


@pytest.mark.parametrize("way", WAYS)
def test_a_mail_is_sent_once_or_maybe_and_never_lost(
    smtp_server: SmtpServer, hurry: None, way: str, cuts: Callable[[int], Iterator[int]]
) -> None:
    mailbox = make_mailbox(smtp=smtp_server, smtp_username="user", smtp_password=PASSWORD)
    message = receive(mailbox)

    def send(port: int) -> OutgoingMail:
        idle.close_all()
        OutgoingMail.objects.all().delete()
        smtp_server.accepted.clear()
        Mailbox.objects.update(smtp_port=port)
        mail = queue_reply(message)
        work_for_days()
        mail.refresh_from_db()
        return mail

    size = measure(smtp_server.port, way, send)
    for cut in cuts(size):
        with Relay(smtp_server.port, **{way: cut}) as relay:
            mail = send(relay.port)
            idle.close_all()
        assert was_cut(relay, way, cut, size)
        accepted = len(smtp_server.accepted)
        assert (mail.state, accepted) in {(State.SENT, 1), (State.MAYBE_SENT, 0), (State.MAYBE_SENT, 1)}, (way, cut, mail.last_error)
        assert mail.attempts <= 2


@pytest.mark.parametrize("way", WAYS)
def test_three_mails_are_fetched_once_each(imap_account: ImapAccount, way: str, cuts: Callable[[int], Iterator[int]]) -> None:
    for number in range(3):
        imap_account.deliver(make_mail(f"Mail {number}", subject=f"Number {number}"))
    mailbox = make_mailbox(imap=imap_account)

    def fetch(port: int) -> None:
        Message.objects.all().delete()
        Conversation.objects.all().delete()
        Mailbox.objects.update(imap_port=port, uid_watermark=0, uidvalidity=None)
        for _ in range(2):
            Mailbox.objects.update(next_fetch_at=timezone.now(), fetch_lease_until=None)
            ingest.fetch_mailbox(mailbox=Mailbox.objects.get(pk=mailbox.pk))

    size = measure(imap_account.port, way, fetch)
    for cut in cuts(size):
        with Relay(imap_account.port, **{way: cut}) as relay:
            fetch(relay.port)
        assert was_cut(relay, way, cut, size)
        hashes = list(Message.objects.values_list("raw_sha256", flat=True))
        assert (len(hashes), len(set(hashes))) == (3, 3), (way, cut, Mailbox.objects.get(pk=mailbox.pk).fetch_error)


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_is_filed_once(smtp_server: SmtpServer, imap_account: ImapAccount, way: str, cuts: Callable[[int], Iterator[int]]) -> None:
    message = receive(make_mailbox(imap=imap_account, smtp=smtp_server))
    imap_account.make_folder("Sent")

    def file(port: int) -> OutgoingMail:
        OutgoingMail.objects.all().delete()
        mail = queue_reply(message)
        now = timezone.now()
        OutgoingMail.objects.update(state=State.SENT, sent_at=now, file_due_at=now)
        Mailbox.objects.update(imap_port=port)
        for _ in range(2):
            filing.file_mail(mail_id=mail.pk)
            OutgoingMail.objects.filter(filed_at=None).update(file_due_at=timezone.now())
        mail.refresh_from_db()
        return mail

    size = measure(imap_account.port, way, file)
    for cut in cuts(size):
        with Relay(imap_account.port, **{way: cut}) as relay:
            mail = file(relay.port)
        assert was_cut(relay, way, cut, size)
        copies = sum(mail.message_id.encode() in copy for copy in imap_account.in_sent())
        assert (copies, bool(mail.filed_at)) == (1, True), (way, cut)

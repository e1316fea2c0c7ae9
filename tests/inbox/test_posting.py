"""Mail that a program brings."""

from typing import Any

import pytest

from inbox import ingest, tasks
from inbox.models import Message
from tests.inbox.factories import make_mail, make_mailbox

pytestmark = pytest.mark.django_db


def test_it_is_read_like_fetched_mail() -> None:
    posted = ingest.post_message(mailbox=make_mailbox(), raw=make_mail("Where is it?"))
    assert posted.is_new
    ingest.read_message(message=posted.message)
    message = Message.objects.get()
    assert (message.state, message.text.strip()) == ("parsed", "Where is it?")
    assert message.conversation
    assert message.taken_up_at is None


def test_the_same_bytes_are_one_message() -> None:
    mailbox, mail = make_mailbox(), make_mail("Where is it?")
    first, second = (ingest.post_message(mailbox=mailbox, raw=mail) for _ in range(2))
    assert (first.is_new, second.is_new) == (True, False)
    assert first.message == second.message
    assert ingest.post_message(mailbox=make_mailbox(name="Other", address="other@shop.example"), raw=mail).is_new


def test_its_reader_is_rung_for_once(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> None:
    rung: list[int] = []
    monkeypatch.setattr(tasks.parse_message, "delay", rung.append)
    mailbox, mail = make_mailbox(), make_mail("Where is it?")
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            ingest.post_message(mailbox=mailbox, raw=mail)
    assert rung == [Message.objects.get().pk]


def test_it_cannot_vouch_for_its_own_sender() -> None:
    mailbox = make_mailbox(authserv_id="mx.shop.example")
    vouched = b"Authentication-Results: mx.shop.example; dmarc=pass header.from=customer.example\r\n" + make_mail("Where is it?")
    fetched = ingest.store_message(mailbox=mailbox, raw=b"X-Fetched: yes\r\n" + vouched, received_at=Message().read_due_at)
    posted = ingest.post_message(mailbox=mailbox, raw=vouched).message
    for message in (fetched, posted):
        ingest.read_message(message=message)
        message.refresh_from_db()
    assert (fetched.authenticity, posted.authenticity) == ("pass", "none")
    assert posted.authenticity_reason.startswith("The mail came in through the API")

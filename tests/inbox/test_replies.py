"""What we wrote to a customer, from here or before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inbox import ingest, outbox, replies
from inbox.models import Mailbox, Message, OutgoingMail
from tests.inbox.factories import CUSTOMER, make_mail, make_mailbox, make_user, queue_reply, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox() -> Mailbox:
    return make_mailbox(address="service@company.example")


def sent_mail(mailbox: Mailbox, text: str, *, answers: Message | None, days_ago: int = 0, is_sent: bool = True) -> Message:
    """A mail out of our Sent folder."""
    headers = {"in_reply_to": f"<{answers.message_id}>"} if answers else {}
    raw = make_mail(text, sender=mailbox.address, **headers).replace(b"To: service@company.example", b"To: " + CUSTOMER.encode())
    at = timezone.now() - timedelta(days=days_ago)
    message = ingest.store_message(mailbox=mailbox, raw=raw, received_at=at, is_past=True, is_sent=is_sent)
    ingest.read_message(message=message)
    return Message.objects.get(pk=message.pk)


def test_a_mail_that_nobody_answered_has_no_reply(mailbox: Mailbox) -> None:
    asked = receive(mailbox)
    queue_reply(asked)
    assert replies.sent_for(asked) is None


def test_the_reply_of_a_mail_is_the_first_that_was_sent(mailbox: Mailbox) -> None:
    asked = receive(mailbox)
    for body, minutes in (("Second.", 1), ("First.", 2)):
        mail = queue_reply(asked, body)
        OutgoingMail.objects.filter(pk=mail.pk).update(state="sent", sent_at=timezone.now() - timedelta(minutes=minutes))
    found = replies.sent_for(asked)
    assert found is not None
    assert found.text == "First."


def test_an_imported_reply_counts_for_the_mail_that_it_names_and_for_no_other(mailbox: Mailbox) -> None:
    first, second = receive(mailbox, text="Where is it?"), receive(mailbox, text="And the invoice?")
    own = sent_mail(mailbox, "It is on its way.", answers=first)
    sent_mail(mailbox, "By the way.", answers=None)
    found = replies.sent_for(first)
    assert own.kind == "own"
    assert found is not None
    assert (found.text, found.answered) == ("It is on its way.", first.received_at)
    assert replies.sent_for(second) is None


def test_what_we_wrote_before_a_mail_leaves_out_what_answers_it_or_a_later_one(mailbox: Mailbox) -> None:
    long_ago = receive(mailbox, text="Do you open on Saturday?")
    Message.objects.filter(pk=long_ago.pk).update(received_at=timezone.now() - timedelta(days=3))
    sent_mail(mailbox, "We do.", answers=long_ago, days_ago=2)
    asked = receive(mailbox, text="Where is it?", in_reply_to=f"<{long_ago.message_id}>")
    later = receive(mailbox, text="And now?", in_reply_to=f"<{asked.message_id}>")
    queue_reply(asked, "It left today.")
    queue_reply(later, "It has arrived.")
    assert asked.conversation_id == long_ago.conversation_id == later.conversation_id
    assert [one.text for one in replies.sent_before(asked, most=9)] == ["We do."]
    assert [one.text for one in replies.sent_before(later, most=9)] == ["We do.", "It left today."]


def test_a_reply_that_was_taken_back_was_never_written(mailbox: Mailbox) -> None:
    asked = receive(mailbox)
    by = make_user()
    outbox.cancel(mail=queue_reply(asked, by=by, hold_seconds=60), by=by)
    later = receive(mailbox, text="And now?", in_reply_to=f"<{asked.message_id}>")
    assert replies.sent_before(later, most=9) == []


def test_a_mail_in_our_name_that_nobody_vouches_for_is_no_reply_of_ours(mailbox: Mailbox) -> None:
    asked = receive(mailbox)
    forged = sent_mail(mailbox, "We refund everything.", answers=asked, is_sent=False)
    later = receive(mailbox, text="And now?", in_reply_to=f"<{asked.message_id}>")
    assert forged.kind == "own"
    assert replies.sent_for(asked) is None
    assert replies.sent_before(later, most=9) == []

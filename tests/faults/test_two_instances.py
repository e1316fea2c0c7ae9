"""Two companies that both use the product write to each other: it ends after one reply."""

import pytest
from django.utils import timezone

from drafting import drafts
from drafting.models import Draft
from inbox.composing import compose
from inbox.models import Mailbox, Message
from inbox.threads import new_message_id
from tests.inbox.factories import conversation_of, make_mail, make_mailbox, receive

pytestmark = pytest.mark.django_db


def receive_at(mailbox: Mailbox, raw: bytes) -> Message:
    """What the instance makes of a mail that has this mailbox alone: it knows nothing of the other one's."""
    addresses = dict(Mailbox.objects.exclude(pk=mailbox.pk).values_list("pk", "address"))
    for pk in addresses:
        Mailbox.objects.filter(pk=pk).update(address=f"elsewhere{pk}@nowhere.example")
    message = receive(mailbox, raw)
    for pk, address in addresses.items():
        Mailbox.objects.filter(pk=pk).update(address=address)
    return message


def answer(message: Message, *, is_automatic: bool) -> bytes:
    """The bytes of the instance's reply."""
    message_id = new_message_id(conversation_of(message))
    body = "Your order has left our warehouse."
    composed = compose(
        mailbox=message.mailbox, message=message, body=body, message_id=message_id, date=timezone.now(), is_automatic=is_automatic
    )
    return composed.mime


@pytest.mark.parametrize("is_automatic", [True, False], ids=["the first reply leaves by itself", "the first reply is a person's"])
def test_two_instances_that_write_to_each_other_stop_after_one_reply(is_automatic: bool) -> None:
    ours, theirs = make_mailbox(address="service@ours.example"), make_mailbox(address="service@theirs.example")
    first = receive_at(ours, make_mail(sender="service@theirs.example"))
    assert drafts.take_up(message=first)

    second = receive_at(theirs, answer(first, is_automatic=is_automatic))
    assert second.kind == (Message.Kind.AUTOMATIC if is_automatic else Message.Kind.PERSON)
    assert bool(drafts.take_up(message=second)) is not is_automatic
    if not is_automatic:
        third = receive_at(ours, answer(second, is_automatic=True))
        assert (third.kind, third.suppress_auto_reply) == (Message.Kind.AUTOMATIC, True)
        assert drafts.take_up(message=third) is None
    assert Draft.objects.count() == (1 if is_automatic else 2)

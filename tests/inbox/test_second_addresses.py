"""Who answers a mail of ours from another address than it went to may be the same customer: a person says."""

import pytest

from inbox import conversations
from inbox.errors import Refused
from inbox.models import Mailbox, Message
from tests.inbox.factories import CUSTOMER, conversation_of, make_mailbox, queue_reply, receive

pytestmark = pytest.mark.django_db
SECOND = "ana@home.example"


@pytest.fixture
def mailbox() -> Mailbox:
    return make_mailbox()


def answer(mailbox: Mailbox, message_id: str, *, sender: str = SECOND, **headers: str) -> Message:
    return receive(mailbox, None, sender=sender, subject="Re: My order", in_reply_to=f"<{message_id}>", **headers)


@pytest.mark.parametrize("mangled", [False, True])
def test_who_answers_our_mail_from_a_second_address_is_offered_and_not_joined(mailbox: Mailbox, mangled: bool) -> None:
    mail = queue_reply(receive(mailbox))
    message_id = mail.message_id.partition("@")[0].upper() + "@relay.example" if mangled else mail.message_id
    found = conversation_of(answer(mailbox, message_id))
    assert found != mail.conversation
    assert (found.customer_address, found.split_from, found.may_continue) == (SECOND, None, mail.conversation)


def test_who_writes_again_from_there_stays_where_they_were_and_is_offered_once(mailbox: Mailbox) -> None:
    mail = queue_reply(receive(mailbox))
    first = answer(mailbox, mail.message_id)
    conversations.keep_apart(conversation=conversation_of(first))
    again = answer(mailbox, mail.message_id, references=f"<{mail.message_id}> <{first.message_id}>")
    assert again.conversation == first.conversation
    assert conversation_of(again).may_continue is None


def test_the_id_of_a_customers_mail_which_others_may_know_offers_nothing(mailbox: Mailbox) -> None:
    assert conversation_of(answer(mailbox, receive(mailbox).message_id)).may_continue is None


def test_a_made_up_token_offers_nothing(mailbox: Mailbox) -> None:
    mail = queue_reply(receive(mailbox))
    forged = f"{mail.conversation_id:x}.{'0' * 16}.{'0' * 24}@company.example"
    assert conversation_of(answer(mailbox, forged)).may_continue is None


def test_a_machine_that_answers_from_elsewhere_offers_nothing(mailbox: Mailbox) -> None:
    mail = queue_reply(receive(mailbox))
    assert conversation_of(answer(mailbox, mail.message_id, auto_submitted="auto-replied")).may_continue is None


def test_the_customer_themselves_are_offered_nothing(mailbox: Mailbox) -> None:
    mail = queue_reply(receive(mailbox))
    changed = receive(mailbox, subject="Another thing", in_reply_to=f"<{mail.message_id}>")
    assert (conversation_of(changed).split_from, conversation_of(changed).may_continue) == (mail.conversation, None)


def test_joined_each_address_keeps_its_mail(mailbox: Mailbox) -> None:
    mail = queue_reply(receive(mailbox))
    second = answer(mailbox, mail.message_id)
    conversations.join(conversation=conversation_of(second))
    assert answer(mailbox, mail.message_id, sender=CUSTOMER).conversation == mail.conversation
    assert answer(mailbox, second.message_id).conversation == second.conversation
    with pytest.raises(Refused, match="settled meanwhile"):
        conversations.join(conversation=conversation_of(second))

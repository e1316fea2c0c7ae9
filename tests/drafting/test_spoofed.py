"""Mails that claim to be from a customer are drafted for people; none of them could be answered without one."""

from random import Random

import pytest

from drafting import drafts
from drafting.models import Draft
from inbox.models import Message
from tests.drafting.factories import make_customer, make_order
from tests.drafting.model_answers import CHOICE, REPLY
from tests.drafting.model_server import says
from tests.drafting.test_writing import setup_with, write
from tests.inbox.factories import CUSTOMER, make_mailbox, receive
from tests.inbox.test_forged import SERVER, spoofed

pytestmark = pytest.mark.django_db
NUMBER = 12


def test_no_spoofed_mail_is_eligible_or_shown_what_is_the_customers() -> None:
    make_order(make_customer(CUSTOMER), "SO-4711")
    chance, mailbox = Random(9), make_mailbox(authserv_id=SERVER)
    messages = [receive(mailbox, spoofed(chance) + b"Where is my order SO-4711?") for _ in range(NUMBER)]
    with setup_with(*[says(CHOICE), says(REPLY)] * NUMBER):
        done = [write(draft) for draft in map(taken_up, messages)]
    assert not any(draft.is_eligible for draft in done)
    assert not any(draft.customer for draft in done)
    written = [draft for draft in done if draft.body]
    assert written
    assert all(draft.checks.filter(code="sender_authenticated", passed=False).exists() for draft in written)
    assert Draft.objects.filter(state__in=["ready", "handed_over"]).count() == NUMBER


def taken_up(message: Message) -> Draft:
    draft = drafts.take_up(message=message)
    assert draft is not None
    return draft

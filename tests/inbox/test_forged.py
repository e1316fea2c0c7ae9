"""Mails that claim to be from somebody else, as they come in."""

from collections import Counter
from random import Random

import pytest

from inbox import authenticity
from inbox.models import Conversation, Mailbox, Message
from inbox.parsing import parse
from tests.inbox.factories import CUSTOMER, conversation_of, make_mailbox, queue_reply, receive

pytestmark = pytest.mark.django_db
SERVER = "mx.company.example"
OUR_LINE = f"Received: from bot.evil.example by {SERVER} with ESMTPS; Mon, 2 Mar 2026 10:00:00 +0000"
THEIR_LINE = "Received: from home by bot.evil.example with SMTP; Mon, 2 Mar 2026 09:59:00 +0000"
FORGED = f"Authentication-Results: {SERVER}; dmarc=pass header.from=customer.example"


@pytest.fixture
def mailbox() -> Mailbox:
    return make_mailbox(authserv_id=SERVER)


def receive_lines(mailbox: Mailbox, *lines: str, sender: str = f"Ana <{CUSTOMER}>") -> Message:
    """A mail with these header lines above those that its sender wrote."""
    head = "\n".join([*lines, f"From: {sender}", f"To: {mailbox.address}", "Subject: My order", "Message-ID: <1@customer.example>"])
    return receive(mailbox, f"{head}\n\nWhere is it?".encode())


@pytest.mark.parametrize("own", ["dmarc=none header.from=customer.example", "dmarc=temperror", "spf=none", "dmarc=fail"])
def test_a_forged_pass_below_our_servers_own_field_authenticates_nobody(mailbox: Mailbox, own: str) -> None:
    above = f"Authentication-Results: {SERVER}; {own}"
    for lines in ([above, OUR_LINE, FORGED], [OUR_LINE, above, THEIR_LINE, FORGED], [OUR_LINE, above, FORGED]):
        assert receive_lines(make_mailbox(authserv_id=SERVER), *lines).authenticity != Message.Authenticity.PASS


def test_what_our_server_vouches_for_is_authenticated_wherever_its_received_line_stands(mailbox: Mailbox) -> None:
    for lines in ([FORGED, OUR_LINE], [OUR_LINE, FORGED, THEIR_LINE]):
        assert receive_lines(make_mailbox(authserv_id=SERVER), *lines).authenticity == Message.Authenticity.PASS


SWEEP = 10_000
OWN = (
    "dmarc=none header.from=customer.example",
    "dmarc=temperror",
    "dmarc=permerror",
    "dmarc=fail header.from=customer.example",
    "spf=none",
    "spf=pass smtp.mailfrom=bot@evil.example",
    "spf=softfail; dkim=none",
    "dkim=pass header.d=evil.example",
    "arc=pass",
    "none",
)
CLAIMS = (
    "dmarc=pass header.from=customer.example",
    "DMARC=PASS header.from=CUSTOMER.EXAMPLE",
    "dkim=pass header.d=customer.example; spf=pass smtp.mailfrom=customer.example; dmarc=pass header.from=customer.example",
    "dmarc = pass (p=reject) header.from=customer.example",
    "dmarc=pass",
    'spf=pass smtp.mailfrom="a;dmarc=pass header.from=customer.example"@evil.example',
)
SENDERS = (
    f"Ana <{CUSTOMER}>",
    CUSTOMER.upper(),
    f'"{CUSTOMER}" <{CUSTOMER}>',
    f"{CUSTOMER}, boss@bank.example",
    f"Ana <{CUSTOMER}>\nFrom: bot@evil.example",
)


def spoofed(chance: Random) -> bytes:
    """A mail that claims to be from a customer, which our own server did not vouch for."""
    own = f"Authentication-Results: {chance.choice([SERVER, SERVER.upper(), SERVER + ' 1'])}; {chance.choice(OWN)}"
    claims = [
        f"Authentication-Results: {chance.choice([SERVER, SERVER.title()])};\n {chance.choice(CLAIMS)}" for _ in range(chance.randint(1, 3))
    ]
    ours = [own, OUR_LINE] if chance.random() < 0.5 else [OUR_LINE, own]
    between = [THEIR_LINE] if chance.random() < 0.5 else []
    lines = [*ours, *between, *claims, f"From: {chance.choice(SENDERS)}", "Subject: My order", f"Message-ID: <{chance.random()}@x.example>"]
    return ("\n".join(lines) + "\n\n").encode()


def test_ten_thousand_spoofed_mails_authenticate_nobody() -> None:
    chance = Random(7)
    results: Counter[str] = Counter()
    for _ in range(SWEEP):
        mail = parse(spoofed(chance))
        found = authenticity.judge(
            mail.authentication_results, authserv_id=SERVER, from_addr=mail.from_addr, sender_addrs=mail.sender_addrs
        )
        results[found.result] += 1
    assert set(results) == {"none", "fail"}
    assert sum(results.values()) == SWEEP


def test_spoofed_mails_are_shown_to_people_and_none_is_authenticated(mailbox: Mailbox) -> None:
    chance = Random(8)
    messages = [receive(mailbox, spoofed(chance)) for _ in range(40)]
    assert {message.kind for message in messages} == {"person"}
    assert not any(message.authenticity == Message.Authenticity.PASS for message in messages)
    assert all(conversation_of(message).state == Conversation.State.OPEN for message in messages)


@pytest.mark.parametrize("second", ["From: boss@bank.example", "From: Ana <ana@customer.example.evil.example>", "from : eve@evil.example"])
def test_two_from_headers_fail_whichever_our_server_checked(mailbox: Mailbox, second: str) -> None:
    message = receive_lines(mailbox, FORGED, OUR_LINE, second)
    assert message.authenticity == Message.Authenticity.FAIL
    assert "several senders" in message.authenticity_reason


LOOKALIKES = (
    "ana@customer.example.evil.example",
    "ana@customer-example.example",
    "ana@custorner.example",
    "ana@cust\u043emer.example",
    "ana@sub.customer.example",
    "\u0430na@customer.example",
    "ana@customer.examp1e",
    "ana+x@customer.example",
)


@pytest.mark.parametrize("address", LOOKALIKES)
def test_a_look_alike_is_another_customer_whatever_it_answers(mailbox: Mailbox, address: str) -> None:
    first = receive(mailbox)
    mail = queue_reply(first)
    domain = address.rpartition("@")[2]
    vouched = f"Authentication-Results: {SERVER}; dmarc=pass header.from={domain}"
    answer = receive_lines(mailbox, vouched, OUR_LINE, f"In-Reply-To: <{mail.message_id}>", sender=f"Ana <{address}>")
    found = conversation_of(answer)
    assert found != mail.conversation
    assert found.customer_address == address.lower()
    assert (found.split_from, found.may_continue) == (None, mail.conversation)


def test_a_stranger_in_cc_who_answers_all_joins_nobodys_conversation(mailbox: Mailbox) -> None:
    first = receive(mailbox, cc="Eve <eve@evil.example>", message_id="<first@customer.example>")
    reply = receive(
        mailbox,
        sender="Eve <eve@evil.example>",
        cc=CUSTOMER,
        subject="Re: My order",
        in_reply_to="<first@customer.example>",
        references="<first@customer.example>",
    )
    assert reply.conversation != first.conversation
    assert (conversation_of(reply).customer_address, conversation_of(reply).may_continue) == ("eve@evil.example", None)


@pytest.mark.parametrize("cc", ["eve@evil.example", f"{CUSTOMER}, eve@evil.example"])
def test_answers_go_to_the_sender_alone_whoever_is_in_cc_or_reply_to(mailbox: Mailbox, cc: str) -> None:
    message = receive(mailbox, cc=cc, reply_to="collector@evil.example")
    mail = queue_reply(message)
    assert mail.recipient == CUSTOMER
    assert b"evil.example" not in bytes(mail.mime).split(b"\r\n\r\n")[0]


def test_guessed_references_into_a_strangers_thread_join_nothing(mailbox: Mailbox) -> None:
    theirs = receive(mailbox, message_id="<1@customer.example>")
    guess = receive(mailbox, sender="eve@evil.example", subject="Re: My order", references="<1@customer.example> <2@customer.example>")
    again = receive(mailbox, sender="eve@evil.example", subject="Re: My order", message_id="<1@customer.example>")
    assert theirs.conversation not in (guess.conversation, again.conversation)

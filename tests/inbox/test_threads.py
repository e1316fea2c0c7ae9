"""A mail finds its conversation by ids and by its writer, never by its subject alone."""

import pytest

from inbox.models import Conversation, Mailbox, OutgoingMail
from tests.inbox.factories import CUSTOMER, conversation_of, make_mailbox, queue_reply, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox() -> Mailbox:
    return make_mailbox()


def test_an_answer_joins_by_in_reply_to(mailbox: Mailbox) -> None:
    first = receive(mailbox)
    answer = receive(mailbox, subject="AW: My order", in_reply_to=f"<{first.message_id}>")
    assert answer.conversation == first.conversation


def test_an_answer_joins_by_any_of_its_references(mailbox: Mailbox) -> None:
    first = receive(mailbox)
    answer = receive(
        mailbox, subject="Re: My order", references=f"<{first.message_id}> <never@seen.example>", in_reply_to="<never@seen.example>"
    )
    assert answer.conversation == first.conversation


def test_an_answer_to_our_reply_joins(mailbox: Mailbox) -> None:
    mail = queue_reply(receive(mailbox))
    assert receive(mailbox, subject="Re: My order", in_reply_to=f"<{mail.message_id}>").conversation == mail.conversation


@pytest.mark.parametrize("mangle", [str.upper, lambda one: one.split("@")[0] + "@relay.example", lambda one: f"AAMk={one}=x"])
def test_our_signed_token_survives_mangled_headers(mailbox: Mailbox, mangle: object) -> None:
    mail = queue_reply(receive(mailbox))
    mangled = mangle(mail.message_id)  # type: ignore[operator]
    assert receive(mailbox, subject="Re: My order", in_reply_to=f"<{mangled}>").conversation == mail.conversation


def test_a_made_up_token_finds_nothing(mailbox: Mailbox) -> None:
    conversation = conversation_of(receive(mailbox))
    forged = f"<{conversation.pk:x}.{'0' * 16}.{'0' * 24}@company.example>"
    assert receive(mailbox, subject="Re: My order", in_reply_to=forged).conversation != conversation


def test_a_token_of_another_mailbox_finds_nothing_here(mailbox: Mailbox) -> None:
    mail = queue_reply(receive(make_mailbox()))
    assert receive(mailbox, subject="Re: My order", in_reply_to=f"<{mail.message_id}>").conversation != mail.conversation


def test_the_same_subject_joins_nothing(mailbox: Mailbox) -> None:
    assert receive(mailbox).conversation != receive(mailbox).conversation


def test_another_customer_never_joins_whatever_ids_the_mail_names(mailbox: Mailbox) -> None:
    mail = queue_reply(receive(mailbox))
    intruder = receive(mailbox, sender="eve@evil.example", subject="Re: My order", in_reply_to=f"<{mail.message_id}>")
    assert conversation_of(intruder).customer_address == "eve@evil.example"
    assert conversation_of(intruder).split_from is None


def test_the_case_of_an_address_makes_no_other_customer(mailbox: Mailbox) -> None:
    first = receive(mailbox)
    answer = receive(mailbox, sender=CUSTOMER.upper(), subject="Re: My order", in_reply_to=f"<{first.message_id}>")
    assert answer.conversation == first.conversation


def test_a_new_subject_in_an_old_thread_splits_off(mailbox: Mailbox) -> None:
    first = receive(mailbox)
    other = receive(mailbox, subject="A damaged parcel", in_reply_to=f"<{first.message_id}>")
    assert other.conversation != first.conversation
    assert conversation_of(other).split_from == first.conversation
    again = receive(mailbox, subject="RE: A damaged parcel", in_reply_to=f"<{first.message_id}>")
    assert again.conversation == other.conversation


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: My order",
        "Abwesenheitsnotiz: My order",
        "Out of office until Monday",
        "Réponse automatique : My order",
        "Risposta automatica: My order",
    ],
)
def test_an_automatic_answer_joins_what_it_answers_whatever_its_subject(mailbox: Mailbox, subject: str) -> None:
    mail = queue_reply(receive(mailbox))
    note = receive(mailbox, subject=subject, in_reply_to=f"<{mail.message_id}>", auto_submitted="auto-replied")
    assert (note.kind, note.conversation) == ("automatic", mail.conversation)


def test_a_read_receipt_joins_the_mail_that_was_read(mailbox: Mailbox) -> None:
    mail = queue_reply(receive(mailbox))
    raw = f"""From: {CUSTOMER}\nTo: {mailbox.address}\nSubject: Read: My order\nMessage-ID: <r@customer.example>
In-Reply-To: <{mail.message_id}>\nMIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n
--b\nContent-Type: text/plain\n\nYour message was read on Monday.
--b\nContent-Type: message/disposition-notification\n\nOriginal-Message-ID: <{mail.message_id}>
Disposition: manual-action/MDN-sent-manually; displayed\n--b--""".encode()
    receipt = receive(mailbox, raw)
    assert (receipt.kind, receipt.conversation) == ("automatic", mail.conversation)


def test_an_automatic_answer_of_somebody_else_joins_nothing(mailbox: Mailbox) -> None:
    mail = queue_reply(receive(mailbox))
    note = receive(mailbox, sender="eve@evil.example", in_reply_to=f"<{mail.message_id}>", auto_submitted="auto-replied")
    assert note.conversation != mail.conversation


def test_an_answer_without_a_subject_stays(mailbox: Mailbox) -> None:
    first = receive(mailbox)
    assert receive(mailbox, subject="Re:", in_reply_to=f"<{first.message_id}>").conversation == first.conversation


def test_an_answer_that_is_read_before_its_question_makes_one_conversation(mailbox: Mailbox) -> None:
    answer = receive(mailbox, subject="Re: My order", in_reply_to="<question@customer.example>")
    question = receive(mailbox, message_id="<question@customer.example>")
    assert question.conversation == answer.conversation


def test_two_answers_to_a_mail_that_we_never_saw_are_one_conversation(mailbox: Mailbox) -> None:
    one = receive(mailbox, subject="Re: My order", in_reply_to="<phone-call@company.example>")
    two = receive(mailbox, subject="Re: My order", references="<phone-call@company.example> <more@company.example>")
    assert one.conversation == two.conversation


def test_our_own_mail_to_a_customer_joins_their_conversation(mailbox: Mailbox) -> None:
    first = receive(mailbox)
    raw = f"""From: {mailbox.address}\nTo: Ana <{CUSTOMER}>\nSubject: Re: My order
Message-ID: <by-hand@company.example>\nIn-Reply-To: <{first.message_id}>\n\nOn its way.""".encode()
    own = receive(mailbox, raw)
    assert (own.kind, own.conversation) == ("own", first.conversation)


def test_a_mail_without_a_sender_is_visible_by_itself(mailbox: Mailbox) -> None:
    first = receive(mailbox, b"Subject: hello\nMessage-ID: <a@x>\n\nhello")
    second = receive(mailbox, b"Subject: Re: hello\nIn-Reply-To: <a@x>\n\nhello again")
    assert first.conversation != second.conversation


def test_a_conversation_carries_its_customer_and_reopens(mailbox: Mailbox) -> None:
    first = receive(mailbox, sender="Ana Silva <Ana@Customer.example>", subject="Re: My order")
    conversation = conversation_of(first)
    assert (conversation.subject, conversation.customer_address, conversation.customer_name) == ("My order", CUSTOMER, "Ana Silva")
    Conversation.objects.update(state=Conversation.State.CLOSED)
    receive(mailbox, subject="Re: My order", in_reply_to=f"<{first.message_id}>")
    conversation.refresh_from_db()
    assert conversation.state == Conversation.State.OPEN


def test_a_bounce_whose_mail_is_only_named_in_references_joins_too(mailbox: Mailbox) -> None:
    mail = queue_reply(receive(mailbox))
    raw = f"""From: MAILER-DAEMON@mail.example\nTo: {mailbox.address}\nSubject: Undelivered Mail Returned to Sender
Message-ID: <b@mail.example>\nReferences: <{mail.message_id}>\nReturn-Path: <>\n
<{CUSTOMER}>: host mail.example said: 550 5.1.1 user unknown""".encode()
    bounce = receive(mailbox, raw)
    assert (bounce.kind, bounce.conversation) == ("bounce", mail.conversation)


def test_every_reply_has_an_id_of_its_own(mailbox: Mailbox) -> None:
    message = receive(mailbox)
    queue_reply(message)
    queue_reply(message)
    assert OutgoingMail.objects.values("message_id").distinct().count() == 2

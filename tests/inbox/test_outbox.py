"""A reply is frozen, held, sent once, and never left in doubt without saying so."""

from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from inbox import outbox
from inbox.composing import File
from inbox.errors import LeaseLost, Refused, TooLate
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from inbox.outbox import rows, sending
from inbox.parsing import parse
from tests.inbox.factories import CUSTOMER, conversation_of, make_mailbox, make_user, queue_reply, receive
from tests.mailservers import SmtpServer

State = OutgoingMail.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(smtp_server: SmtpServer) -> Mailbox:
    return make_mailbox(smtp=smtp_server)


@pytest.fixture
def message(mailbox: Mailbox) -> Message:
    return receive(mailbox)


@pytest.fixture
def user() -> AbstractBaseUser:
    return make_user("dana")


def send_due() -> None:
    for pk in outbox.release_due():
        outbox.send(mail_id=pk)


def test_a_reply_is_sent_once_and_the_conversation_waits(message: Message, smtp_server: SmtpServer) -> None:
    mail = queue_reply(message)
    send_due()
    send_due()
    mail.refresh_from_db()
    assert mail.state == State.SENT
    assert mail.sent_at
    assert mail.file_due_at
    assert smtp_server.recipients == [CUSTOMER]
    assert Conversation.objects.get(pk=mail.conversation_id).state == Conversation.State.WAITING


def test_what_arrives_is_what_was_frozen(message: Message, smtp_server: SmtpServer) -> None:
    mail = queue_reply(message, "First line\n.\n..two dots\nGrüße")
    send_due()
    arrived = message_from_bytes(smtp_server.accepted[0].replace(b"\r\n..", b"\r\n."), policy=policy.default)
    assert smtp_server.accepted[0].replace(b"\r\n..", b"\r\n.") == bytes(mail.mime)
    part = arrived.get_body(("plain",))
    assert part is not None
    assert part.get_content().replace("\r\n", "\n").startswith("First line\n.\n..two dots\nGrüße\n")


def test_nothing_leaves_within_the_undo_window(message: Message, smtp_server: SmtpServer) -> None:
    mail = queue_reply(message, hold_seconds=60)
    send_due()
    outbox.send(mail_id=mail.pk)
    mail.refresh_from_db()
    assert (mail.state, smtp_server.talks) == (State.HELD, 0)


def test_a_held_mail_can_be_taken_back(message: Message, smtp_server: SmtpServer, user: AbstractBaseUser) -> None:
    mail = queue_reply(message)
    outbox.cancel(mail=mail, by=user)
    send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (State.CANCELLED, "Taken back by dana.")
    assert smtp_server.accepted == []


@pytest.mark.parametrize("state", [State.CLAIMED, State.SENT])
def test_taking_back_loses_against_a_mail_on_its_way(message: Message, user: AbstractBaseUser, state: State) -> None:
    mail = queue_reply(message)
    now = timezone.now()
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state, lease_until=now, sent_at=now)
    with pytest.raises(TooLate, match="not possible any more"):
        outbox.cancel(mail=mail, by=user)
    mail.refresh_from_db()
    assert mail.state == state


def test_two_senders_racing_for_a_mail_send_it_once(message: Message, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = queue_reply(message)
    [pk] = outbox.release_due()
    first = sending._claim(pk)
    assert first is not None
    assert sending._claim(pk) is None
    outbox.send(mail_id=pk)
    assert smtp_server.talks == 0
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (State.CLAIMED, 1)


def test_a_due_mail_is_named_once_in_half_a_minute(message: Message) -> None:
    mail = queue_reply(message)
    assert outbox.release_due() == [mail.pk]
    assert outbox.release_due() == []
    OutgoingMail.objects.update(due_at=timezone.now())
    assert outbox.release_due() == [mail.pk]


def test_a_lease_lost_before_the_dot_is_sent_by_the_next_one(message: Message, smtp_server: SmtpServer) -> None:
    mail = queue_reply(message)
    [pk] = outbox.release_due()
    sending._claim(pk)
    OutgoingMail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, len(smtp_server.accepted)) == (State.SENT, 2, 1)


def test_a_mail_that_ends_its_sender_each_time_becomes_a_persons(message: Message) -> None:
    mail = queue_reply(message)
    for _ in range(10):
        for pk in outbox.release_due():
            sending._claim(pk)
        OutgoingMail.objects.filter(state=State.CLAIMED).update(lease_until=timezone.now())
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (State.FAILED, 8)
    assert "stopped 8 times" in mail.last_error


def test_a_sender_that_lost_its_lease_writes_no_dot(message: Message) -> None:
    queue_reply(message)
    [pk] = outbox.release_due()
    slow = sending._claim(pk)
    assert slow is not None
    OutgoingMail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    outbox.release_due()
    assert sending._claim(pk) is not None
    with pytest.raises(LeaseLost):
        sending._mark_dot_sent(slow)


def test_a_sender_that_dies_at_the_dot_leaves_a_mail_that_was_maybe_sent(message: Message, smtp_server: SmtpServer) -> None:
    mail = queue_reply(message)
    [pk] = outbox.release_due()
    dying = sending._claim(pk)
    assert dying is not None
    sending._mark_dot_sent(dying)
    OutgoingMail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    for _ in range(3):
        send_due()
    mail.refresh_from_db()
    assert (mail.state, smtp_server.accepted) == (State.MAYBE_SENT, [])
    assert "stopped before" in mail.last_error


@pytest.fixture
def doubtful(message: Message) -> OutgoingMail:
    mail = queue_reply(message)
    OutgoingMail.objects.filter(pk=mail.pk).update(state=State.MAYBE_SENT, dot_sent_at=timezone.now(), attempts=1)
    mail.refresh_from_db()
    return mail


def test_a_person_may_say_that_a_doubtful_mail_was_sent(doubtful: OutgoingMail, user: AbstractBaseUser, smtp_server: SmtpServer) -> None:
    outbox.resolve(mail=doubtful, was_sent=True, by=user)
    send_due()
    assert (doubtful.state, smtp_server.accepted) == (State.SENT, [])
    with pytest.raises(TooLate):
        outbox.resolve(mail=doubtful, was_sent=False, by=user)


def test_a_person_may_have_a_doubtful_mail_sent_again(doubtful: OutgoingMail, user: AbstractBaseUser, smtp_server: SmtpServer) -> None:
    outbox.resolve(mail=doubtful, was_sent=False, by=user)
    send_due()
    doubtful.refresh_from_db()
    assert (doubtful.state, len(smtp_server.accepted)) == (State.SENT, 1)


def test_an_answer_proves_that_a_doubtful_mail_was_sent(doubtful: OutgoingMail) -> None:
    receive(doubtful.mailbox, subject="Re: My order", in_reply_to=f"<{doubtful.message_id}>")
    doubtful.refresh_from_db()
    assert doubtful.state == State.SENT


def test_a_failed_mail_is_tried_again_when_a_person_says_so(message: Message, user: AbstractBaseUser, smtp_server: SmtpServer) -> None:
    smtp_server.faults["rcpt"] = "550 nobody here"
    mail = queue_reply(message)
    send_due()
    mail.refresh_from_db()
    assert (mail.state, "550 nobody here" in mail.last_error) == (State.FAILED, True)
    smtp_server.faults.clear()
    outbox.retry(mail=mail, by=user)
    send_due()
    mail.refresh_from_db()
    assert mail.state == State.SENT
    with pytest.raises(TooLate):
        outbox.retry(mail=mail, by=user)


def test_tries_thin_out_and_end_with_a_person(message: Message, smtp_server: SmtpServer) -> None:
    smtp_server.faults["mail"] = "451 busy"
    mail = queue_reply(message)
    pauses = []
    for _ in range(8):
        send_due()
        mail.refresh_from_db()
        if mail.state == State.RETRY:
            pauses.append(round((mail.due_at - timezone.now()).total_seconds() / 60))
        OutgoingMail.objects.update(due_at=timezone.now())
    assert pauses == [1, 5, 15, 60, 240, 720, 1440]
    assert mail.state == State.FAILED
    assert mail.last_error.startswith("Given up after 8 tries.")


def test_a_customer_who_writes_again_voids_the_held_reply(message: Message, smtp_server: SmtpServer) -> None:
    mail = queue_reply(message)
    receive(message.mailbox, subject="Re: My order", in_reply_to=f"<{message.message_id}>")
    send_due()
    mail.refresh_from_db()
    assert (mail.state, smtp_server.talks) == (State.CANCELLED, 0)
    assert mail.last_error == "Not sent: the customer wrote again meanwhile."
    assert conversation_of(message).state == Conversation.State.OPEN


def test_an_out_of_office_note_does_not_void_the_reply(message: Message, smtp_server: SmtpServer) -> None:
    mail = queue_reply(message)
    receive(message.mailbox, subject="Re: My order", in_reply_to=f"<{message.message_id}>", auto_submitted="auto-replied")
    send_due()
    mail.refresh_from_db()
    assert mail.state == State.SENT


def test_a_customer_who_writes_while_the_mail_is_written_stops_it_before_the_dot(message: Message) -> None:
    queue_reply(message)
    [pk] = outbox.release_due()
    claimed = sending._claim(pk)
    assert claimed is not None
    receive(message.mailbox, subject="Re: My order", in_reply_to=f"<{message.message_id}>")
    with pytest.raises(LeaseLost):
        sending._mark_dot_sent(claimed)
    rows.cancel_overtaken(rows.claimed(claimed, State.CLAIMED))
    claimed.refresh_from_db()
    assert claimed.state == State.CANCELLED


def test_a_bounce_is_noted_on_the_mail_that_came_back(message: Message) -> None:
    mail = queue_reply(message)
    send_due()
    bounce = receive(message.mailbox, raw=make_bounce(mail))
    mail.refresh_from_db()
    assert (bounce.kind, bounce.conversation_id) == (Message.Kind.BOUNCE, mail.conversation_id)
    assert mail.last_error == f"It came back: {CUSTOMER} cannot be reached for good."
    assert (mail.bounced_at, mail.bounce_is_hard) == (bounce.stored_at, True)
    assert conversation_of(bounce).state == Conversation.State.OPEN


def test_a_bounce_is_never_answered(message: Message, user: AbstractBaseUser) -> None:
    mail = queue_reply(message)
    bounce = receive(message.mailbox, raw=make_bounce(mail))
    with pytest.raises(Refused, match="bounce"):
        outbox.queue(conversation=mail.conversation, in_reply_to=bounce, body="Hello", by=user)


def test_a_message_of_another_conversation_cannot_be_answered_here(message: Message, user: AbstractBaseUser) -> None:
    other = receive(message.mailbox, sender="bob@customer.example")
    with pytest.raises(Refused, match="not part"):
        outbox.queue(conversation=conversation_of(message), in_reply_to=other, body="Hello", by=user)


def check_later(message: Message) -> OutgoingMail:
    """A mail whose undo window is over, and that somebody above may look at for ten minutes."""
    conversation = conversation_of(message)
    return outbox.queue(
        conversation=conversation, in_reply_to=message, body="It is on its way.", by=make_user(), hold_seconds=0, check_seconds=600
    )


def test_a_mail_that_is_to_be_checked_stays_held_until_it_is_let_go(message: Message, smtp_server: SmtpServer) -> None:
    mail = check_later(message)
    send_due()
    assert smtp_server.accepted == []
    assert outbox.due_checks() == [mail.pk]
    outbox.let_go(mail=mail, words="Nothing had changed.")
    send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.check_at, mail.check_words) == (State.SENT, None, "Nothing had changed.")


def test_a_mail_is_named_for_its_check_once_and_again_when_nobody_settled_it(message: Message) -> None:
    queue_reply(message)
    mail = check_later(message)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert outbox.due_checks() == [mail.pk]
        assert outbox.due_checks() == []
        clock.shift(31)
        assert outbox.due_checks() == [mail.pk]


def test_a_mail_to_be_checked_can_still_be_undone(message: Message, user: AbstractBaseUser) -> None:
    mail = check_later(message)
    outbox.cancel(mail=mail, by=user)
    assert outbox.due_checks() == []
    outbox.let_go(mail=mail, words="Nothing had changed.")
    assert mail.state == State.CANCELLED


def test_a_mail_that_is_voided_never_leaves(message: Message, smtp_server: SmtpServer) -> None:
    mail = check_later(message)
    outbox.void(mail=mail, words="The order was cancelled.")
    send_due()
    assert (mail.state, mail.last_error) == (State.CANCELLED, "Not sent. The order was cancelled.")
    assert smtp_server.accepted == []


def test_a_mail_that_is_on_its_way_cannot_be_voided(message: Message) -> None:
    mail = check_later(message)
    outbox.let_go(mail=mail, words="")
    [pk] = outbox.release_due()
    assert sending._claim(pk)
    with pytest.raises(TooLate):
        outbox.void(mail=mail, words="The order was cancelled.")


def test_what_a_person_approved_leaves_unchecked_where_no_check_comes_in_time(message: Message, smtp_server: SmtpServer) -> None:
    mail = check_later(message)
    outbox.put_check_off(mail=mail, words="The warehouse does not answer.")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        send_due()
    mail.refresh_from_db()
    assert mail.state == State.SENT
    assert mail.check_at
    assert mail.check_words == "The warehouse does not answer."


def fail_often(server: SmtpServer, times: int) -> None:
    """The server does not take the mail so often; the pauses between are over at once."""
    server.faults["mail"] = "451 busy"
    for number in range(times):
        send_due()
        if number < times - 1:
            OutgoingMail.objects.update(due_at=timezone.now())
    server.faults.clear()


def test_what_was_looked_at_before_it_left_is_looked_at_again_before_a_late_try(message: Message, smtp_server: SmtpServer) -> None:
    mail = check_later(message)
    outbox.let_go(mail=mail, words="Nothing had changed.")
    fail_often(smtp_server, 2)
    mail.refresh_from_db()
    assert (mail.state, mail.check_at) == (State.RETRY, None)
    OutgoingMail.objects.update(due_at=timezone.now())
    fail_often(smtp_server, 1)
    mail.refresh_from_db()
    assert (mail.state, outbox.due_checks()) == (State.HELD, [])
    assert "looked up again" in mail.last_error
    assert mail.check_at
    with time_machine.travel(mail.check_at + timedelta(seconds=1)):
        send_due()
        assert (smtp_server.accepted, outbox.due_checks()) == ([], [mail.pk])
        outbox.let_go(mail=mail, words="Nothing had changed.")
        send_due()
    mail.refresh_from_db()
    assert (mail.state, len(smtp_server.accepted)) == (State.SENT, 1)


@pytest.mark.parametrize("state", [State.FAILED, State.RETRY, State.MAYBE_SENT])
def test_what_was_looked_at_before_it_left_is_looked_at_again_when_a_person_has_it_sent_again(
    message: Message, user: AbstractBaseUser, smtp_server: SmtpServer, state: State
) -> None:
    mail = check_later(message)
    outbox.let_go(mail=mail, words="Nothing had changed.")
    OutgoingMail.objects.update(state=state, dot_sent_at=timezone.now())
    mail.refresh_from_db()
    have_sent_again(mail, user)
    send_due()
    mail.refresh_from_db()
    assert (mail.state, mail.check_words, smtp_server.accepted) == (State.HELD, "", [])
    assert "It is held until what it rests on was looked up again" in mail.last_error
    assert outbox.due_checks() == [mail.pk]
    outbox.let_go(mail=mail, words="Nothing had changed.")
    send_due()
    mail.refresh_from_db()
    assert (mail.state, len(smtp_server.accepted)) == (State.SENT, 1)


def test_what_left_unchecked_is_looked_at_when_a_person_has_it_sent_again(message: Message, user: AbstractBaseUser) -> None:
    mail = check_later(message)
    OutgoingMail.objects.update(state=State.FAILED, check_at=timezone.now() - timedelta(days=1))
    mail.refresh_from_db()
    outbox.retry(mail=mail, by=user)
    assert outbox.due_checks() == [mail.pk]
    assert mail.due_at > timezone.now()


def have_sent_again(mail: OutgoingMail, by: AbstractBaseUser) -> None:
    if mail.state == State.MAYBE_SENT:
        outbox.resolve(mail=mail, was_sent=False, by=by)
    else:
        outbox.retry(mail=mail, by=by)


def make_bounce(mail: OutgoingMail) -> bytes:
    return f"""From: Mail Delivery System <MAILER-DAEMON@mail.example>
To: {mail.mailbox.address}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <bounce@mail.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {mail.recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 nobody here

--b
Content-Type: text/rfc822-headers

From: {mail.mailbox.address}
To: {mail.recipient}
Subject: {mail.subject}
Message-ID: <{mail.message_id}>

--b--
""".encode()


def begin(mailbox: Mailbox, **about: Any) -> OutgoingMail:
    """A conversation that we begin, its first mail due at once."""
    values: dict[str, Any] = {"recipient": "Ben@customer.example", "subject": "Your offer", "body": "Here it is.", "hold_seconds": 0}
    return outbox.begin(mailbox=mailbox, by=make_user(), **values | about)


def test_a_conversation_that_we_begin_waits_for_the_customer_and_its_answer_joins_it(mailbox: Mailbox, smtp_server: SmtpServer) -> None:
    mail = begin(mailbox, files=[File("offer.pdf", "application/pdf", b"%PDF-1.7")])
    send_due()
    assert smtp_server.recipients == ["Ben@customer.example"]
    assert [one.name for one in parse(smtp_server.accepted[0]).attachments] == ["offer.pdf"]
    talk = mail.conversation
    assert (talk.state, talk.led_by, talk.customer_address, talk.subject) == ("waiting", "assistant", "ben@customer.example", "Your offer")
    answer = receive(mailbox, sender="ben@customer.example", subject="AW: Your offer", in_reply_to=f"<{mail.message_id}>")
    assert conversation_of(answer).pk == talk.pk
    assert conversation_of(answer).state == Conversation.State.OPEN


def test_nothing_is_left_of_a_conversation_that_could_not_begin(mailbox: Mailbox) -> None:
    with pytest.raises(Refused):
        begin(mailbox, recipient="nobody")
    assert not Conversation.objects.exists()


def test_something_is_added_to_a_mail_that_was_sent(message: Message, smtp_server: SmtpServer, user: AbstractBaseUser) -> None:
    first = queue_reply(message)
    with pytest.raises(Refused, match="has not been sent"):
        outbox.queue_follow_up(mail=first, body="One more thing.", by=user)
    send_due()
    first.refresh_from_db()
    second = outbox.queue_follow_up(mail=first, body="One more thing.", by=user, hold_seconds=0)
    send_due()
    assert smtp_server.recipients == [CUSTOMER, CUSTOMER]
    assert message_from_bytes(bytes(second.mime))["In-Reply-To"] == f"<{first.message_id}>"

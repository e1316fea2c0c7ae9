"""A bounce finds the mail of ours that it is about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inbox import outbox
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from tests.inbox.factories import CUSTOMER, conversation_of, make_mailbox, make_user, queue_reply, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox() -> Mailbox:
    return make_mailbox()


def sent(message: Message, *, state: str = "sent", ago: timedelta = timedelta(hours=1)) -> OutgoingMail:
    """A reply that left a while ago, or that may have."""
    mail, at = queue_reply(message), timezone.now() - ago
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state, dot_sent_at=at, sent_at=at if state == "sent" else None)
    mail.refresh_from_db()
    return mail


def notice(mailbox: Mailbox, *, returned: str = "", recipient: str = CUSTOMER) -> bytes:
    """What a server writes that knows no delivery reports; `returned` are lines of the mail that it gives back."""
    return f"""From: MAILER-DAEMON@mail.example\nTo: {mailbox.address}\nSubject: failure notice\nReturn-Path: <>
Message-ID: <n@mail.example>\n\nHi. This is the mail program at mail.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.\n\n<{recipient}>:\nuser unknown\n{returned}""".encode()


def test_a_notice_that_names_no_mail_is_taken_for_the_only_one_to_that_recipient(mailbox: Mailbox) -> None:
    mail = sent(receive(mailbox))
    bounce = receive(mailbox, notice(mailbox, recipient=CUSTOMER.upper()))
    mail.refresh_from_db()
    assert (bounce.kind, bounce.conversation) == ("bounce", mail.conversation)
    assert mail.last_error.startswith("It probably came back")
    assert (mail.bounced_at, mail.bounce_is_hard) == (bounce.stored_at, None)


def test_of_two_mails_to_the_recipient_none_is_guessed(mailbox: Mailbox) -> None:
    one, two = sent(receive(mailbox)), sent(receive(mailbox))
    bounce = receive(mailbox, notice(mailbox))
    assert bounce.conversation not in (one.conversation, two.conversation)
    assert not OutgoingMail.objects.filter(bounced_at__isnull=False).exists()


@pytest.mark.parametrize("days", [-1, 6])
def test_a_mail_that_left_long_ago_or_later_is_not_guessed(mailbox: Mailbox, days: int) -> None:
    mail = sent(receive(mailbox), ago=timedelta(days=days))
    assert receive(mailbox, notice(mailbox)).conversation != mail.conversation


def test_a_mail_of_another_mailbox_or_to_somebody_else_is_not_guessed(mailbox: Mailbox) -> None:
    other = sent(receive(make_mailbox()))
    else_to = sent(receive(mailbox, sender="bob@customer.example"))
    assert receive(mailbox, notice(mailbox)).conversation not in (other.conversation, else_to.conversation)


def test_a_guess_never_says_that_a_doubtful_mail_was_sent(mailbox: Mailbox) -> None:
    mail = sent(receive(mailbox), state="maybe_sent")
    receive(mailbox, notice(mailbox))
    mail.refresh_from_db()
    assert (mail.state, mail.bounced_at is not None) == ("maybe_sent", True)


def test_a_bounce_that_names_another_mail_is_not_guessed(mailbox: Mailbox) -> None:
    mail = sent(receive(mailbox))
    raw = notice(mailbox, returned="\n--- Below this line is a copy of the message.\n\nMessage-ID: <by-hand@company.example>\n")
    assert receive(mailbox, raw).conversation != mail.conversation


@pytest.mark.parametrize("line", ["X-Relayed-Id: <{}@relay.example>", "Message-ID: <{}@relay.example>", "ID {}"])
def test_a_bounce_in_which_only_our_token_survives_finds_the_mail(mailbox: Mailbox, line: str) -> None:
    mail = sent(receive(mailbox))
    other = sent(receive(mailbox))
    token = mail.message_id.partition("@")[0].upper()
    bounce = receive(mailbox, notice(mailbox, returned=f"\n--- Below this line is a copy of the message.\n\n{line.format(token)}\n"))
    mail.refresh_from_db()
    other.refresh_from_db()
    assert bounce.conversation == mail.conversation
    assert mail.last_error == f"It came back: {CUSTOMER} cannot be reached for good."
    assert other.last_error == ""


def test_of_the_mails_that_a_bounce_names_the_newest_came_back(mailbox: Mailbox) -> None:
    message = receive(mailbox)
    first, second = sent(message), sent(message)
    returned = f"\n--- Below this line is a copy of the message.\n\nReferences: <{first.message_id}>\nX-Id: <{second.message_id}>\n"
    receive(mailbox, notice(mailbox, returned=returned))
    assert list(OutgoingMail.objects.filter(bounced_at__isnull=False)) == [second]


def test_a_made_up_token_in_a_bounce_finds_nothing(mailbox: Mailbox) -> None:
    mail = sent(receive(mailbox))
    forged = f"{mail.conversation_id:x}.{'0' * 16}.{'0' * 24}@company.example"
    raw = notice(mailbox, recipient="nobody@customer.example", returned=f"\nMessage-ID: <{forged}>\n")
    assert receive(mailbox, raw).conversation != mail.conversation


def delay(mail: OutgoingMail) -> bytes:
    """What a server writes that goes on trying."""
    return f"""From: MAILER-DAEMON@mail.example\nTo: {mail.mailbox.address}\nSubject: Delivery delayed\nReturn-Path: <>
Message-ID: <d{mail.pk}@mail.example>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n
--b\nContent-Type: text/plain\n\nNot delivered yet.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example\n
Final-Recipient: rfc822; {mail.recipient}\nAction: delayed\nStatus: 4.4.1\n
--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{mail.message_id}>\n--b--""".encode()


def test_a_delay_is_told_and_nothing_has_come_back(mailbox: Mailbox) -> None:
    mail = sent(receive(mailbox))
    Conversation.objects.update(state=Conversation.State.WAITING)
    bounce = receive(mailbox, delay(mail))
    mail.refresh_from_db()
    assert (bounce.kind, bounce.bounce_is_delay, bounce.conversation) == ("bounce", True, mail.conversation)
    assert mail.last_error == f"It is delayed: a mail server still tries to reach {CUSTOMER}."
    assert (mail.bounced_at, conversation_of(bounce).state) == (None, Conversation.State.WAITING)


def test_a_delay_says_nothing_more_of_a_mail_that_came_back(mailbox: Mailbox) -> None:
    mail = sent(receive(mailbox))
    receive(mailbox, notice(mailbox, returned=f"\n--- Below this line is a copy of the message.\n\nMessage-ID: <{mail.message_id}>\n"))
    receive(mailbox, delay(mail))
    mail.refresh_from_db()
    assert mail.last_error.startswith("It came back")


def test_a_mail_that_came_back_needs_somebody_until_they_write_again(mailbox: Mailbox) -> None:
    message = receive(mailbox)
    mail = sent(message)
    receive(mailbox, notice(mailbox))
    assert list(OutgoingMail.objects.filter(outbox.came_back())) == [mail]
    again = queue_reply(message)
    assert not OutgoingMail.objects.filter(outbox.came_back()).exists()
    outbox.cancel(mail=again, by=make_user())
    assert OutgoingMail.objects.filter(outbox.came_back()).exists()


def test_a_mail_that_came_back_needs_nobody_in_a_closed_conversation_or_after_a_month(mailbox: Mailbox) -> None:
    message = receive(mailbox)
    mail = sent(message)
    receive(mailbox, notice(mailbox))
    OutgoingMail.objects.filter(pk=mail.pk).update(bounced_at=timezone.now() - timedelta(days=31))
    assert not OutgoingMail.objects.filter(outbox.came_back()).exists()
    OutgoingMail.objects.filter(pk=mail.pk).update(bounced_at=timezone.now())
    Conversation.objects.filter(pk=conversation_of(message).pk).update(state=Conversation.State.CLOSED)
    assert not OutgoingMail.objects.filter(outbox.came_back()).exists()

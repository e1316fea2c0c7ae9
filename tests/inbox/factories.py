"""Rows and mails for tests."""

from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from inbox import ingest, oauth, outbox
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from tests.mailservers import PASSWORD, ImapAccount, SmtpServer
from tests.oauth_provider import CLIENT, SECRET, OAuthProvider

CUSTOMER = "ana@customer.example"
_numbers = count(1)


def make_mailbox(*, imap: ImapAccount | None = None, smtp: SmtpServer | None = None, **fields: Any) -> Mailbox:
    """A mailbox, connected to the servers that are given."""
    number = next(_numbers)
    connected: dict[str, Any] = {
        "name": f"Mailbox {number}",
        "address": f"service{number}@company.example",
        "display_name": "Company Service",
        "imap_host": "127.0.0.1",
        "imap_port": imap.port if imap else 1,
        "imap_security": "none",
        "imap_username": imap.user if imap else "",
        "imap_password": PASSWORD,
        "smtp_host": "127.0.0.1",
        "smtp_port": smtp.port if smtp else 1,
        "smtp_security": "none",
    }
    return Mailbox.objects.create(**connected | fields)


SIGN_IN: dict[str, Any] = {"sign_in": "google", "oauth_client_id": CLIENT, "oauth_client_secret": SECRET, "imap_password": ""}
"""What says that a mailbox signs in with tokens."""


def connect_mailbox(mailbox: Mailbox, provider: OAuthProvider) -> Mailbox:
    """Let the mailbox sign in with tokens of the provider, as somebody does who connects it."""
    begun = oauth.begin(mailbox=mailbox, redirect_uri="https://desk.company.example/mailboxes/connected/")
    back = dict(parse_qsl(urlsplit(provider.visit(begun.url)).query))
    oauth.finish(
        mailbox=mailbox, code=back["code"], verifier=begun.verifier, redirect_uri="https://desk.company.example/mailboxes/connected/"
    )
    return mailbox


def make_user(name: str = "") -> AbstractBaseUser:
    """Somebody who may do things."""
    return get_user_model().objects.create_user(username=name or f"user{next(_numbers)}")


def make_mail(text: str = "Where is my order?", *, sender: str = CUSTOMER, subject: str = "My order", **headers: str) -> bytes:
    """The bytes of a plain mail; headers such as `in_reply_to="<id>"` are added."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "service@company.example", subject
    mail["Date"] = format_datetime(timezone.now())
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    for name, value in ({"Message-Id": make_msgid(domain="customer.example")} | named).items():
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()


def receive(mailbox: Mailbox, raw: bytes | None = None, **mail: str) -> Message:
    """A message that came in and was read."""
    content = make_mail(**mail) if raw is None else raw
    message = ingest.store_message(mailbox=mailbox, raw=content, received_at=timezone.now())
    ingest.read_message(message=message)
    return Message.objects.select_related("conversation", "mailbox").get(pk=message.pk)


def conversation_of(message: Message) -> Conversation:
    """The conversation that a read message is in."""
    assert message.conversation is not None
    return message.conversation


def queue_reply(
    message: Message, body: str = "It is on its way.", *, by: AbstractBaseUser | None = None, hold_seconds: float = 0
) -> OutgoingMail:
    """A reply to a message, due at once."""
    by = by or make_user()
    return outbox.queue(conversation=conversation_of(message), in_reply_to=message, body=body, by=by, hold_seconds=hold_seconds)

"""Whole mails: a reply to a customer's mail, something to add to a mail of our own, and the first mail of a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.policy import compat32
from email.utils import format_datetime, formataddr

from inbox.composing.body import UTF8, Original, alternative, under_signature
from inbox.composing.files import File, with_files
from inbox.composing.headers import address_of, clean_line, recipient_of, reply_subject, threading
from inbox.errors import Refused
from inbox.models import Mailbox, Message, OutgoingMail

_POLICY = compat32.clone(linesep="\r\n", cte_type="7bit")


@dataclass(frozen=True)
class Composed:
    """A composed mail: what is stored beside its bytes. `body` has the plain text without the quote."""

    recipient: str
    subject: str
    body: str
    mime: bytes


@dataclass(frozen=True)
class _Letter:
    """What a mail says and what it follows, before it is bytes."""

    recipient: str
    subject: str
    language: str
    threading: dict[str, str]
    original: Original | None = None


def compose(
    *,
    mailbox: Mailbox,
    message: Message,
    body: str,
    message_id: str,
    date: datetime,
    files: Sequence[File] = (),
    is_automatic: bool = False,
) -> Composed:
    """The reply to a message: `body` under our letterhead, the original quoted below. Raises Refused where it cannot be answered."""
    letter = _Letter(
        recipient=recipient_of(message),
        subject=reply_subject(message.subject),
        language=message.language or mailbox.language,
        threading=threading(message.message_id, message.references),
        original=_original(message),
    )
    return _compose(letter, mailbox=mailbox, body=body, message_id=message_id, date=date, files=files, is_automatic=is_automatic)


def compose_follow_up(
    *, mailbox: Mailbox, mail: OutgoingMail, body: str, message_id: str, date: datetime, files: Sequence[File] = ()
) -> Composed:
    """Something to add to a mail of ours, to whoever got it. In the thread it follows that mail, and the one that it answered."""
    answered = mail.in_reply_to
    letter = _Letter(
        recipient=mail.recipient,
        subject=reply_subject(mail.subject),
        language=(answered.language if answered else "") or mailbox.language,
        threading=threading(mail.message_id, [*answered.references, answered.message_id] if answered else []),
        original=Original(mailbox.display_name or mailbox.address, mail.sent_at or mail.created_at, mail.body),
    )
    return _compose(letter, mailbox=mailbox, body=body, message_id=message_id, date=date, files=files)


def compose_new(
    *,
    mailbox: Mailbox,
    recipient: str,
    subject: str,
    body: str,
    language: str,
    message_id: str,
    date: datetime,
    files: Sequence[File] = (),
) -> Composed:
    """The first mail of a conversation that we begin. Raises Refused without one recipient and a subject."""
    address, subject = address_of(recipient.strip()), clean_line(subject)[:300]
    if not address:
        raise Refused("Write the address of one recipient, such as ann@customer.example.")
    if address.lower() == mailbox.address.lower():
        raise Refused("This is the mailbox's own address; write to somebody else.")
    if not subject:
        raise Refused("The subject is empty; say what the mail is about.")
    letter = _Letter(address, subject, language or mailbox.language, {})
    return _compose(letter, mailbox=mailbox, body=body, message_id=message_id, date=date, files=files)


def _compose(
    letter: _Letter,
    *,
    mailbox: Mailbox,
    body: str,
    message_id: str,
    date: datetime,
    files: Sequence[File],
    is_automatic: bool = False,
) -> Composed:
    text = under_signature(body, mailbox.signature)
    mime = with_files(alternative(text, language=letter.language, original=letter.original), files)
    headers = {
        "From": formataddr((clean_line(mailbox.display_name), mailbox.address), charset=UTF8),
        "To": letter.recipient,
        "Subject": letter.subject if letter.subject.isascii() else Header(letter.subject, UTF8, header_name="Subject").encode(),
        "Date": format_datetime(date),
        "Message-ID": f"<{message_id}>",
        **letter.threading,
        # RFC 3834, 5; the second is what Exchange heeds.
        **({"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"} if is_automatic else {}),
    }
    for name, value in headers.items():
        mime[name] = value
    return Composed(recipient=letter.recipient, subject=letter.subject, body=text, mime=mime.as_bytes(policy=_POLICY))


def _original(message: Message) -> Original:
    return Original(clean_line(message.from_name) or message.from_address, message.date or message.received_at, message.text)

"""A box to write in, with its files and what was kept of it; and which mail a reply by hand can answer."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.html import format_html

from inbox import composing
from inbox.errors import Refused
from inbox.models import Conversation, Message, OutgoingMail
from review import uploads, writing
from review.desk import words
from review.models import Upload, Writing

MOST_ANSWERABLE = 10
"""So many of a customer's mails one can choose among."""
VERBS = ("keep", "attach", "insert", "discard", "templates")


@dataclass(frozen=True, slots=True)
class File:
    """A file that will leave with what is written."""

    upload_id: int
    name: str
    about: str
    url: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Box:
    """A text box and what belongs to it. `text` is what it starts with; `kept` says since when that is kept, if it is unsent text.

    `token` tells boxes apart (see `Writing`), `next_url` is the page that it stands on, `most_bytes` are the limits of one file and of all.
    """

    token: str
    text: str
    kept: str
    values: dict[str, Any]
    files: list[File]
    files_words: str
    next_url: str
    urls: dict[str, str]
    most_bytes: tuple[int, int]
    errors: list[str]


@dataclass(frozen=True, slots=True)
class Answerable:
    """A mail that a reply can be to; `value` names it in the form."""

    value: str
    name: str
    recipient: str
    subject: str
    is_chosen: bool


def box(
    *, user: User, conversation: Conversation | None, next_url: str, own_text: str = "", typed: str = "", errors: list[str] | None = None
) -> Box:
    """The box of `user` in a conversation (None: of a new one), in one query.

    It starts with `typed` (what was sent in vain), else with what was kept and not sent, else with `own_text`.
    """
    kept, files = _read(user, conversation)
    unsent = kept["text"] if kept and kept["text"].strip() != own_text.strip() else ""
    since = format_html("Your unsent text from {}", words.timed(datetime.fromisoformat(kept["at"]))) if kept else ""
    return Box(
        token=secrets.token_urlsafe(8),
        text=typed or unsent or own_text,
        kept=since if unsent and not typed else "",
        values=kept or {},
        files=files,
        files_words=_together(files),
        next_url=next_url,
        urls=urls(conversation),
        most_bytes=(settings.UPLOAD_MOST_BYTES, settings.UPLOAD_MOST_BYTES_TOGETHER),
        errors=errors or [],
    )


def urls(conversation: Conversation | None) -> dict[str, str]:
    """Where a box posts what is beside sending."""
    if conversation is None:
        return {verb: reverse(f"{verb}_new") for verb in VERBS}
    return {verb: reverse(f"{verb}_writing", args=[conversation.pk]) for verb in VERBS}


def answerable(conversation: Conversation, chosen: str = "") -> list[Answerable]:
    """What a reply in the conversation can be to, the newest mail of the customer first, then the last that we sent; empty for none."""
    found = Message.objects.filter(conversation=conversation).exclude(kind__in=[Message.Kind.OWN, Message.Kind.BOUNCE])
    messages = found.only("pk", "kind", "from_address", "subject", "received_at").order_by("-received_at", "-pk")[:MOST_ANSWERABLE]
    theirs = [one for message in messages if (one := _of_message(message))]
    ours = [_of_mail(mail) for mail in _last_sent(conversation)]
    listed = [*theirs, *ours]
    values = [one.value for one in listed]
    wanted = chosen if chosen in values else (values[0] if values else "")
    return [Answerable(one.value, one.name, one.recipient, one.subject, one.value == wanted) for one in listed]


def answered(conversation: Conversation, value: str) -> Message | OutgoingMail | None:
    """The mail that `value` names; None where it is no mail of this conversation."""
    kind, _, pk = value.partition(":")
    if kind == "mail":
        return (
            OutgoingMail.objects.select_related("mailbox", "conversation__mailbox", "in_reply_to")
            .defer("mime")
            .filter(conversation=conversation, pk=words.said_id(pk))
            .first()
        )
    return Message.objects.filter(conversation=conversation, pk=words.said_id(pk)).first() if kind == "message" else None


def _read(user: User, conversation: Conversation | None) -> tuple[dict[str, Any] | None, list[File]]:
    described = JSONObject(pk="pk", name="name", content_type="content_type", size="size")
    files = uploads.unsent(by=user, conversation=conversation).values(file=described)
    names = ("text", "answers", "recipient", "subject", "language", "mailbox_id", "at")
    kept = Writing.objects.filter(writing.UNSENT, by=user, conversation=conversation).exclude(text="", recipient="", subject="")
    found = User.objects.filter(pk=user.pk).annotate(
        files=ArraySubquery(files), kept=Subquery(kept.values(kept=JSONObject(**{name: name for name in names}))[:1])
    )
    kept_values, listed = found.values_list("kept", "files").get()
    return kept_values, [file(**one) for one in listed]


def file(*, pk: int, name: str, content_type: str, size: int) -> File:
    """An upload as it is listed."""
    return File(pk, name, words.size(size), reverse("upload", args=[pk]), reverse("remove_upload", args=[pk]))


def files(user: User, conversation: Conversation | None) -> list[File]:
    """What `user` attached and has not sent."""
    return [_file(upload) for upload in uploads.unsent(by=user, conversation=conversation)]


def _file(upload: Upload) -> File:
    return file(pk=upload.pk, name=upload.name, content_type=upload.content_type, size=upload.size)


def _together(files: list[File]) -> str:
    return words.count(len(files), "file") if files else ""


def _of_message(message: Message) -> Answerable | None:
    try:
        recipient = composing.recipient_of(message)
    except Refused:
        return None
    at = words.moment(message.received_at).short
    subject = composing.reply_subject(message.subject)
    return Answerable(f"message:{message.pk}", f"{recipient} · {at} · {message.subject[:60] or '(no subject)'}", recipient, subject, False)


def _of_mail(mail: OutgoingMail) -> Answerable:
    at = words.moment(mail.sent_at or mail.created_at).short
    subject = composing.reply_subject(mail.subject)
    return Answerable(f"mail:{mail.pk}", f"Add to our mail of {at} to {mail.recipient}", mail.recipient, subject, False)


def _last_sent(conversation: Conversation) -> list[OutgoingMail]:
    sent = OutgoingMail.objects.filter(conversation=conversation, state=OutgoingMail.State.SENT)
    return list(sent.only("pk", "recipient", "subject", "sent_at", "created_at").order_by("-created_at")[:1])

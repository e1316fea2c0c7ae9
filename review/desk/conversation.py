"""A conversation for reading: every message that came in, every reply of ours, and what people decided in between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.html import escape

from inbox.models import Attachment, Conversation, Message, OutgoingMail
from review.desk import erased, files, text, warnings, words
from review.desk.files import File
from review.desk.warnings import Caution
from review.models import Note, Upload

IN_PANE = 8


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of text that a page has room for: for all mails that are folded together, and for each that stands open.

    The rest of a mail is fetched into its place (see `Entry.text_on`).
    """

    folded: int
    opened: int


IN_PANE_ROOM = Room(folded=700, opened=4_300)
FOLDED_ON = "click, toggle from:closest .mail once"
WHOLE_ON = "click, load"


@dataclass(frozen=True, slots=True)
class Entry:
    """One mail in a conversation, theirs or ours, or a note. `note` is what became of it: kind of mail, or how far ours has got.

    `text_url` has the whole text of a mail, which `text_on` (in htmx's words) fetches into its place: a click, opening it, and by itself
    where answers stand between quoted lines, as no line of them may be overlooked.
    """

    anchor: str
    at: datetime
    moment: words.Moment
    sender: str
    address: str
    to: str
    subject: str
    is_ours: bool
    is_open: bool
    note: str
    tone: str
    start: str
    reading: text.Reading
    is_note: bool = False
    html_url: str = ""
    text_url: str = ""
    text_on: str = "click"
    sender_note: str = ""
    files: list[File] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)


def messages(conversation: Conversation, limit: int) -> list[Message]:
    """The newest `limit` messages, oldest first, each with `files` as plain data."""
    found = with_files(Message.objects.filter(conversation=conversation)).order_by("-received_at", "-pk")[:limit]
    return list(reversed(found))


def with_files(found: QuerySet[Message]) -> QuerySet[Message]:
    """Messages with their attachments in the same query, and without what a page does not show."""
    described = JSONObject(**{name: name for name in files.TOLD})
    came = Attachment.objects.filter(message=OuterRef("pk")).order_by("position").values(file=described)[:50]
    return found.annotate(files=ArraySubquery(came), has_html=~Q(html="")).defer("html", "references", "cc")


def replies(conversation: Conversation, limit: int) -> list[OutgoingMail]:
    """The newest `limit` of our replies, oldest first, without their frozen bytes."""
    found = OutgoingMail.objects.filter(conversation=conversation).exclude(state=OutgoingMail.State.CANCELLED)
    return list(reversed(with_uploads(found).order_by("-created_at")[:limit]))


def with_uploads(found: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
    """Our mails with whom they are from and their files in the same query, and without their frozen bytes."""
    described = JSONObject(pk="pk", name="name", content_type="content_type", size="size")
    ours = Upload.objects.filter(outgoing=OuterRef("pk")).order_by("pk").values(file=described)
    return found.select_related("queued_by", "mailbox").annotate(files=ArraySubquery(ours)).defer("mime")


def entries(
    found: Iterable[Message], sent: Iterable[OutgoingMail], noted: Iterable[dict[str, Any]] = (), *, opened: int | None = None
) -> list[Entry]:
    """Messages, replies and notes (see `with_notes`) in one row, oldest first.

    Open are the newest mail, the message `opened`, and every note; the others show their first words.
    """
    mails = sorted([*(_entry(message) for message in found), *(_reply(mail) for mail in sent)], key=lambda entry: entry.at)
    last = len(mails) - 1
    shown = [_unfolded(entry, index == last or entry.anchor == f"message-{opened}") for index, entry in enumerate(mails)]
    return sorted([*shown, *map(note, noted)], key=lambda entry: entry.at)


def fitted(found: Sequence[Entry], room: Room) -> list[Entry]:
    """The entries with as much of their texts as fits; the whole of each is a click away."""
    folded = room.folded // max(len(found), 1)
    return [_fitted(entry, room.opened if entry.is_open else folded) for entry in found]


def whole(mail: Message | OutgoingMail) -> text.Reading:
    """All of the text of a mail, or what is said in its place."""
    gone = erased.said(mail)
    if isinstance(mail, OutgoingMail):
        return text.reading(gone or mail.body, "")
    return text.reading(gone or mail.text or ("" if mail.reply_text else "(no text)"), mail.reply_text)


def with_notes(conversation: str, limit: int) -> ArraySubquery:
    """The newest `limit` notes of the conversation that the field `conversation` names, newest first, for `note`."""
    described = JSONObject(pk="pk", text="text", at="at", first="by__first_name", last="by__last_name", login="by__username")
    found = Note.objects.filter(conversation=OuterRef(conversation)).order_by("-at").values(note=described)
    return ArraySubquery(found[:limit])


def note(described: dict[str, Any]) -> Entry:
    """One of `with_notes`, for reading."""
    at = datetime.fromisoformat(described["at"])
    return Entry(
        anchor=f"note-{described['pk']}",
        at=at,
        moment=words.moment(at),
        sender=f"{described['first']} {described['last']}".strip() or described["login"],
        address="",
        to="",
        subject="",
        is_ours=True,
        is_open=True,
        note="Note",
        tone="amber",
        start=_start(described["text"]),
        reading=text.reading(described["text"], ""),
        is_note=True,
    )


def _entry(message: Message) -> Entry:
    return Entry(
        anchor=f"message-{message.pk}",
        at=message.received_at,
        moment=words.moment(message.received_at),
        sender=message.from_name or message.from_address or "Unknown sender",
        address=message.from_address,
        to=", ".join(message.to[:3]),
        subject=message.subject,
        is_ours=message.kind == Message.Kind.OWN,
        is_open=False,
        note="" if message.kind == Message.Kind.PERSON else message.get_kind_display(),
        tone="red" if message.kind == Message.Kind.BOUNCE else "quiet",
        start=_start(erased.said(message) or message.reply_text or message.text),
        reading=whole(message),
        html_url=reverse("message_html", args=[message.pk]) if message.has_html else "",  # type: ignore[attr-defined]
        text_url=reverse("message_text", args=[message.pk]),
        sender_note="Sender authenticated" if message.authenticity == Message.Authenticity.PASS else "",
        files=files.of_message(message),
        warnings=warnings.of_message(message),
    )


def _reply(mail: OutgoingMail) -> Entry:
    return Entry(
        anchor=f"outgoing-{mail.pk}",
        at=mail.created_at,
        moment=words.moment(mail.sent_at or mail.created_at),
        sender=words.sender(mail),
        address=mail.mailbox.address,
        to=mail.recipient,
        subject=mail.subject,
        is_ours=True,
        is_open=False,
        note=mail.get_state_display(),
        tone={"sent": "green", "failed": "red", "maybe_sent": "amber", "retry": "amber"}.get(mail.state, "quiet"),
        start=_start(erased.said(mail) or mail.body),
        reading=whole(mail),
        text_url=reverse("outgoing_text", args=[mail.pk]),
        files=[files.of_ours(described) for described in mail.files],  # type: ignore[attr-defined]
    )


def _unfolded(entry: Entry, is_open: bool) -> Entry:
    if not is_open:
        return replace(entry, reading=text.shortened(entry.reading, text.EARLIER), text_on=FOLDED_ON)
    if entry.reading.is_interleaved:
        return replace(entry, reading=text.shortened(entry.reading, text.INTERLEAVED), text_on=WHOLE_ON, is_open=True)
    return replace(entry, reading=text.shortened(entry.reading, text.LONGEST), is_open=True)


def _fitted(entry: Entry, octets: int) -> Entry:
    said = entry.reading.new + entry.reading.quoted
    each = len(escape(said).encode()) / len(said) if said else 1
    return replace(entry, reading=text.shortened(entry.reading, int(octets / each), int(octets / 4 / each)))


def _start(body: str) -> str:
    return " ".join(body[:400].split())[:120]

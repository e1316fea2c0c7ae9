"""Messages as rows, before anybody has looked into them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from inbox import raw
from inbox.models import Mailbox, Message

LIMIT = 25 * 1024 * 1024
"""Bytes up to which a mail is kept whole."""
KEPT = 5 * 1024 * 1024
"""Bytes kept of a mail beyond the limit: its header, and nearly always its text."""
TRUNCATED = "truncated"

_HEADER = re.compile(rb"(?im)^(message-id|from|date):[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)")


@dataclass(frozen=True)
class Arrival:
    """A mail whose bytes are in storage. `size` is that of the whole mail, though only its start may be kept."""

    raw: bytes
    sha256: str
    size: int
    received_at: datetime
    uid: int | None = None
    uidvalidity: int | None = None

    @property
    def is_truncated(self) -> bool:
        return self.size > len(self.raw)


def arrive(
    content: bytes, *, received_at: datetime, size: int | None = None, uid: int | None = None, uidvalidity: int | None = None
) -> Arrival:
    """Put the bytes into storage, of a mail over the limit only the start. `size` where the whole mail is larger than `content`."""
    kept = content if len(content) <= LIMIT else content[:KEPT]
    full = max(len(content), size or 0)
    return Arrival(raw=kept, sha256=raw.store(kept), size=full, received_at=received_at, uid=uid, uidvalidity=uidvalidity)


def store_message(
    *, mailbox: Mailbox, raw: bytes, received_at: datetime, uid: int | None = None, uidvalidity: int | None = None
) -> Message:
    """The message of these bytes in this mailbox, new or the one that is there already."""
    arrival = arrive(raw, received_at=received_at, uid=uid, uidvalidity=uidvalidity)
    with transaction.atomic():
        return record(mailbox=mailbox, arrival=arrival, twin=find_twin(mailbox=mailbox, arrival=arrival))[0]


def record(*, mailbox: Mailbox, arrival: Arrival, twin: Message | None = None) -> tuple[Message, bool]:
    """The row of an arrival, and whether it is new. A mail that is listed again keeps its row, and gets its new place."""
    _vacate(mailbox, arrival)
    place = {"uid": arrival.uid, "uidvalidity": arrival.uidvalidity}
    known = twin or Message.objects.filter(mailbox=mailbox, raw_sha256=arrival.sha256).first()
    if known is None:
        known, is_new = Message.objects.get_or_create(
            mailbox=mailbox,
            raw_sha256=arrival.sha256,
            defaults=place | {"raw_size": arrival.size, "received_at": arrival.received_at, **_truncation(arrival)},
        )
        if is_new:
            return known, True
    if arrival.uid is not None:
        Message.objects.filter(pk=known.pk).update(**place)
    return known, False


def _truncation(arrival: Arrival) -> dict[str, object]:
    if not arrival.is_truncated:
        return {}
    megabytes = arrival.size / 1024 / 1024
    return {
        "flags": [TRUNCATED],
        "problem": f"The mail has {megabytes:.0f} MB; only its start is kept here. The whole mail is on the mail server.",
    }


def _vacate(mailbox: Mailbox, arrival: Arrival) -> None:
    """A server that gives a UID to another mail breaks RFC 3501, 2.3.1.1; the place then belongs to the newcomer."""
    if arrival.uid is not None:
        place = Message.objects.filter(mailbox=mailbox, uidvalidity=arrival.uidvalidity, uid=arrival.uid)
        place.exclude(raw_sha256=arrival.sha256).update(uid=None, uidvalidity=None)


def find_twin(*, mailbox: Mailbox, arrival: Arrival) -> Message | None:
    """The message that this one was before the server numbered its folder anew and changed some bytes of it.

    It has the same Message-ID, From and Date, and its place belongs to an older UIDVALIDITY.
    """
    marks = _marks(arrival.raw)
    if arrival.uid is None or len(marks) < 3:
        return None
    older = Message.objects.filter(mailbox=mailbox, message_id=_bare(marks[b"message-id"]))
    older = older.filter(Q(uidvalidity__isnull=False) & ~Q(uidvalidity=arrival.uidvalidity))
    return _first_with(marks, older[:5])


def _first_with(marks: dict[bytes, bytes], candidates: Iterable[Message]) -> Message | None:
    return next((one for one in candidates if _marks(raw.read(one.raw_sha256)) == marks), None)


def _marks(content: bytes) -> dict[bytes, bytes]:
    head = re.split(rb"\r?\n\r?\n", content[:65_536], maxsplit=1)[0]
    return {name.lower(): b" ".join(value.split()) for name, value in reversed(_HEADER.findall(head)) if value.strip()}


def _bare(message_id: bytes) -> str:
    return message_id.decode("ascii", "replace").strip("<> ")

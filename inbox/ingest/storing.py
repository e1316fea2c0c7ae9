"""Messages as rows, before anybody has looked into them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from inbox import raw
from inbox.errors import Unavailable
from inbox.models import Mailbox, Message, OutgoingMail
from inbox.replies import SENT

LIMIT = 25 * 1024 * 1024
"""Bytes up to which a mail is kept whole."""
KEPT = 5 * 1024 * 1024
"""Bytes kept of a mail beyond the limit: its header, and nearly always its text."""
TRUNCATED = "truncated"
WITHHELD = "withheld"
POSTED = "posted"
"""The flag of a mail that a program brought: no mail server of ours took it in, so what it says of its sender proves nothing."""
MOST_TWINS = 500
RING_AGAIN = timedelta(seconds=30)
"""A message that nobody has read by then is rung for again."""

_HEADER = re.compile(rb"(?im)^(message-id|from|date):[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)")


@dataclass(frozen=True)
class Arrival:
    """A mail whose bytes are in storage. `size` is that of the whole mail, though only its start may be kept.

    `is_withheld`: the server did not hand it out, and the bytes are no more than its header. `is_past`: nobody is to answer it any more.
    `is_sent`: it was found in our own Sent folder. `is_posted`: a program brought it.
    """

    raw: bytes
    sha256: str
    size: int
    received_at: datetime
    uid: int | None = None
    uidvalidity: int | None = None
    is_withheld: bool = False
    is_past: bool = False
    is_sent: bool = False
    is_posted: bool = False

    @property
    def remarks(self) -> tuple[list[str], str]:
        """Flags, and a sentence about what is not kept here."""
        flags, problem = self._missing
        return [*flags, *([SENT] if self.is_sent else []), *([POSTED] if self.is_posted else [])], problem

    @property
    def _missing(self) -> tuple[list[str], str]:
        if self.is_withheld:
            return [WITHHELD], "The mail server lists this mail and does not hand it out. Look at it in the mailbox itself."
        if self.size > len(self.raw):
            kept = f"The mail has {self.size / 1024 / 1024:.0f} MB; only its start is kept here."
            return [TRUNCATED], f"{kept} The whole mail stays where it came from, on the mail server or in the imported file."
        return [], ""


class Recorded(NamedTuple):
    """The ids of the messages of some arrivals, by the hash of their bytes, and which of them are new."""

    pks: dict[str, int]
    new: list[int]


def arrive(
    content: bytes,
    *,
    received_at: datetime,
    size: int | None = None,
    uid: int | None = None,
    uidvalidity: int | None = None,
    is_withheld: bool = False,
    is_past: bool = False,
    is_sent: bool = False,
    is_posted: bool = False,
) -> Arrival:
    """Put the bytes into storage, of a mail over the limit only the start. `size` where the whole mail is larger than `content`.

    Raises Unavailable where the storage takes nothing.
    """
    kept = content if len(content) <= LIMIT else content[:KEPT]
    full = max(len(content), size or 0)
    try:
        sha256 = raw.store(kept)
    except OSError as error:
        raise Unavailable(
            "storage", f"a mail cannot be written to the storage ({error.strerror or error}); check it and its space."
        ) from error
    return Arrival(
        kept, sha256, full, received_at, uid, uidvalidity, is_withheld=is_withheld, is_past=is_past, is_sent=is_sent, is_posted=is_posted
    )


def store_message(
    *,
    mailbox: Mailbox,
    raw: bytes,
    received_at: datetime,
    uid: int | None = None,
    uidvalidity: int | None = None,
    is_past: bool = False,
    is_sent: bool = False,
) -> Message:
    """The message of these bytes in this mailbox, new or the one that is there already. See `Arrival` for `is_past` and `is_sent`."""
    arrival = arrive(raw, received_at=received_at, uid=uid, uidvalidity=uidvalidity, is_past=is_past, is_sent=is_sent)
    with transaction.atomic():
        pk = record_all(mailbox=mailbox, arrivals=[arrival]).pks[arrival.sha256]
        return Message.objects.get(pk=pk)


def went_out_from_here(content: bytes) -> bool:
    """Whether a mail of a Sent folder is one that we sent and know already, by its Message-ID."""
    message_id = _bare(_marks(content).get(b"message-id", b""))
    return bool(message_id) and OutgoingMail.objects.filter(message_id=message_id).exists()


def record_all(*, mailbox: Mailbox, arrivals: Sequence[Arrival]) -> Recorded:
    """Write the rows of mails that arrived. A mail that is listed again keeps its row, and gets its new place. Run it in a transaction."""
    _vacate(mailbox, arrivals)
    known = _find_known(mailbox, arrivals)
    _keep_erased(known)
    for one in arrivals:
        if one.uid is not None and one.sha256 in known:
            Message.objects.filter(pk=known[one.sha256]).update(uid=one.uid, uidvalidity=one.uidvalidity)
    fresh = {one.sha256: one for one in arrivals if one.sha256 not in known}
    # Another importer may be writing the same mail; its row is as good.
    Message.objects.bulk_create([_row(mailbox, one) for one in fresh.values()], ignore_conflicts=True)
    new = _pks(mailbox, fresh)
    return Recorded(known | new, sorted(new.values()))


def _row(mailbox: Mailbox, arrival: Arrival) -> Message:
    now = timezone.now()
    settled_at = now if arrival.is_past else None
    flags, problem = arrival.remarks
    return Message(
        mailbox=mailbox,
        raw_sha256=arrival.sha256,
        raw_size=arrival.size,
        received_at=arrival.received_at,
        uid=arrival.uid,
        uidvalidity=arrival.uidvalidity,
        flags=flags,
        problem=problem,
        read_due_at=now + RING_AGAIN,
        taken_up_at=settled_at,
        weighed_at=settled_at,
    )


def _pks(mailbox: Mailbox, hashes: Iterable[str]) -> dict[str, int]:
    return dict(Message.objects.filter(mailbox=mailbox, raw_sha256__in=list(hashes)).values_list("raw_sha256", "pk"))


def _keep_erased(known: dict[str, int]) -> None:
    """The bytes of an erased mail that is listed again are back in storage: they are due to go once more."""
    Message.objects.filter(pk__in=known.values(), raw_erased_at__isnull=False).update(raw_erased_at=None)


def _vacate(mailbox: Mailbox, arrivals: Sequence[Arrival]) -> None:
    """A server that gives a UID to another mail breaks RFC 3501, 2.3.1.1; the place then belongs to the newcomer."""
    uids = [one.uid for one in arrivals if one.uid is not None]
    if uids:
        place = Message.objects.filter(mailbox=mailbox, uidvalidity__in={one.uidvalidity for one in arrivals}, uid__in=uids)
        place.update(uid=None, uidvalidity=None)


def _find_known(mailbox: Mailbox, arrivals: Sequence[Arrival]) -> dict[str, int]:
    """The messages that are there already, by content, else by what the server left of it when it numbered its folder anew."""
    known = _pks(mailbox, (one.sha256 for one in arrivals))
    strangers = [one for one in arrivals if one.sha256 not in known and one.uid is not None]
    return _find_twins(mailbox, strangers) | known


def _find_twins(mailbox: Mailbox, arrivals: Sequence[Arrival]) -> dict[str, int]:
    """Messages with the same Message-ID, From and Date as one of these, whose place belongs to an older UIDVALIDITY."""
    marks = {one.sha256: found for one in arrivals if len(found := _marks(one.raw)) == 3}
    if not marks:
        return {}
    older = Message.objects.filter(mailbox=mailbox, message_id__in=[_bare(found[b"message-id"]) for found in marks.values()])
    older = older.filter(uidvalidity__isnull=False).exclude(uidvalidity__in={one.uidvalidity for one in arrivals})
    older = older.exclude(flags__contains=[WITHHELD]).filter(raw_erased_at=None)
    pks = {_key(raw.read(one.raw_sha256)): one.pk for one in older.order_by("-pk")[:MOST_TWINS]}
    return {sha256: pks[key] for sha256, found in marks.items() if (key := tuple(sorted(found.items()))) in pks}


def _key(content: bytes) -> tuple[tuple[bytes, bytes], ...]:
    return tuple(sorted(_marks(content).items()))


def _marks(content: bytes) -> dict[bytes, bytes]:
    head = re.split(rb"\r?\n\r?\n", content[:65_536], maxsplit=1)[0]
    return {name.lower(): b" ".join(value.split()) for name, value in reversed(_HEADER.findall(head)) if value.strip()}


def _bare(message_id: bytes) -> str:
    return message_id.decode("ascii", "replace").strip("<> ")

"""Messages as rows, before anybody has looked into them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from inbox import raw
from inbox.errors import Unavailable
from inbox.ingest import recognising
from inbox.ingest.arrivals import Arrival
from inbox.models import Mailbox, Message

LIMIT = 25 * 1024 * 1024
"""Bytes up to which a mail is kept whole."""
KEPT = 5 * 1024 * 1024
"""Bytes kept of a mail beyond the limit: its header, and nearly always its text."""
RING_AGAIN = timedelta(seconds=30)
"""A message that nobody has read by then is rung for again."""


class Recorded(NamedTuple):
    """The ids of the messages of some arrivals, by the hash of their bytes; which of them are new; which of these nobody has read."""

    pks: dict[str, int]
    new: list[int]
    unread: list[int]


def keep_all(contents: Iterable[bytes]) -> list[str]:
    """Put the bytes of mails into storage, of one over the limit only the start, and return their hashes, in order.

    Raises Unavailable where the storage takes nothing.
    """
    try:
        return raw.store_all([_kept(one) for one in contents])
    except OSError as error:
        raise Unavailable(
            "storage", f"a mail cannot be written to the storage ({error.strerror or error}); check it and its space."
        ) from error


def _kept(content: bytes) -> bytes:
    return content if len(content) <= LIMIT else content[:KEPT]


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
    kept, full = _kept(content), max(len(content), size or 0)
    [sha256] = keep_all([content])
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


def record_all(*, mailbox: Mailbox, arrivals: Sequence[Arrival]) -> Recorded:
    """Write the rows of mails that arrived. A mail that is listed again keeps its row, and gets its new place. Run it in a transaction."""
    _vacate(mailbox, arrivals)
    known = _find_known(mailbox, arrivals)
    _keep_erased(known)
    if known:
        # Robust: bytes that stay are no reason to take a mail in twice.
        transaction.on_commit(partial(recognising.drop_unused, list(known)), robust=True)
    for one in arrivals:
        if one.uid is not None and one.sha256 in known:
            Message.objects.filter(pk=known[one.sha256]).update(uid=one.uid, uidvalidity=one.uidvalidity)
    fresh = {one.sha256: one for one in arrivals if one.sha256 not in known}
    # Another importer may be writing the same mail; its row is as good.
    Message.objects.bulk_create([row(mailbox, one) for one in fresh.values()], ignore_conflicts=True)
    new = _pks(mailbox, fresh)
    return Recorded(known | new, sorted(new.values()), sorted(new.values()))


def are_strangers(mailbox: Mailbox, arrivals: Sequence[Arrival]) -> bool:
    """Whether none of these mails is here already, and none of their places is taken: their rows can be written as they are."""
    is_each_another = len({one.sha256 for one in arrivals}) == len(arrivals)
    return is_each_another and not _places(mailbox, arrivals).exists() and not _find_known(mailbox, arrivals)


def row(mailbox: Mailbox, arrival: Arrival) -> Message:
    """The message of a mail before anybody has looked into it, not saved."""
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
        stored_at=now,
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
    _places(mailbox, arrivals).update(uid=None, uidvalidity=None)


def _places(mailbox: Mailbox, arrivals: Sequence[Arrival]) -> QuerySet[Message]:
    """The messages that stand where these belong."""
    uids = [one.uid for one in arrivals if one.uid is not None]
    return Message.objects.filter(mailbox=mailbox, uidvalidity__in={one.uidvalidity for one in arrivals}, uid__in=uids)


def _find_known(mailbox: Mailbox, arrivals: Sequence[Arrival]) -> dict[str, int]:
    """The messages that are there already, by content, else by what a server or a file left of it."""
    known = _pks(mailbox, (one.sha256 for one in arrivals))
    strangers = [one for one in arrivals if one.sha256 not in known]
    return recognising.find_twins(mailbox, strangers) | known

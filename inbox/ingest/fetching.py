"""Fetch what is new in a mailbox. The watermark moves in the transaction that writes the rows below it.

A mail that the server lists but does not hand out must not block those behind it. Whether it refuses or breaks the line, the next
connection asks for the mails in doubt one by one, and the one that is refused again is set aside (`inbox.ingest.withheld`).
"""

import logging
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from inbox import imap, tasks
from inbox.errors import LeaseLost, Unavailable, Withheld
from inbox.ingest import bodies, together, withheld
from inbox.ingest.arrivals import Arrival
from inbox.ingest.shifts import Shift
from inbox.ingest.storing import LIMIT, Recorded, record_all
from inbox.models import Mailbox

BATCH = 100
"""Mails described by one command."""
CHUNK = 4 * 1024 * 1024
"""Bytes fetched by one command and written by one transaction, unless one mail alone is larger."""
LEASE = timedelta(seconds=90)
SLOWEST = 50 * 1024
"""Bytes a second of the slowest line that a lease waits for."""
RING_AGAIN = timedelta(seconds=2)
"""After so long the sweep rings too."""
SHIFT = timedelta(seconds=200)
"""Then a fetch makes room for other work, and goes on at the next sweep."""
LONGEST_PAUSE = timedelta(minutes=5)

logger = logging.getLogger(__name__)


class Lease:
    """The right to fetch a mailbox: whoever changed `fetch_lease_until` last has it. `was_left`: the one before let it run out."""

    def __init__(self, mailbox: Mailbox, until: datetime, *, was_left: bool = False) -> None:
        self.mailbox, self.until, self.was_left = mailbox, until, was_left

    def renew(self, *, size: int = 0, **changes: object) -> None:
        """Keep the right for long enough to fetch `size` bytes and change the mailbox with it. Raises LeaseLost."""
        self._update(timezone.now() + LEASE + timedelta(seconds=size / SLOWEST), **changes)

    def release(self, **changes: object) -> None:
        """Give the right up. Raises LeaseLost."""
        self._update(None, **changes)

    def _update(self, until: datetime | None, **changes: object) -> None:
        mine = Mailbox.objects.filter(pk=self.mailbox.pk, fetch_lease_until=self.until)
        if not mine.update(fetch_lease_until=until, **changes):
            raise LeaseLost(f"Somebody else fetches {self.mailbox} now.")
        if until is not None:
            self.until = until


def due_mailboxes() -> list[int]:
    """Ids of mailboxes to fetch now. Each is named once in half a minute, however often one asks, until it was fetched."""
    now = timezone.now()
    with transaction.atomic():
        due = Mailbox.objects.filter(Q(fetch_lease_until=None) | Q(fetch_lease_until__lte=now), is_active=True, next_fetch_at__lte=now)
        ids = list(due.order_by("next_fetch_at").select_for_update(skip_locked=True).values_list("pk", flat=True)[:200])
        Mailbox.objects.filter(pk__in=ids).update(next_fetch_at=now + timedelta(seconds=30))
    return ids


def ring(*, mailbox_id: int) -> None:
    """Somebody heard of new mail in a mailbox: it is fetched at once, and once more where a fetch is at work that may not see it."""
    now = timezone.now()
    with transaction.atomic():
        # Where the doorbell is out of order the sweep finds it due.
        if Mailbox.objects.filter(pk=mailbox_id, is_active=True).update(rung_at=now, next_fetch_at=now + RING_AGAIN):
            transaction.on_commit(lambda: tasks.fetch_mailbox.delay(mailbox_id), robust=True)


def fetch_mailbox(*, mailbox: Mailbox) -> int:
    """Store what is new in a mailbox and return how many messages that were; 0 while somebody else is at it.

    What fails is written to `fetch_error`, in words, and the next try is put off, longer each time.
    """
    started_at = timezone.now()
    lease = _take_lease(mailbox)
    if lease is None:
        return 0
    try:
        stored, finished = _catch_up(lease)
        now = timezone.now()
        pause = timedelta(seconds=mailbox.poll_seconds) if finished else timedelta()
        # Whoever rang since may know of mail that came after the folder was listed.
        again = Case(When(rung_at__gte=started_at, then=Value(now)), default=Value(now + pause))
        lease.release(fetched_at=now, fetch_error="", next_fetch_at=again)
    except Unavailable as error:
        lease.release(fetch_error=str(error), next_fetch_at=timezone.now() + _back_off(mailbox))
        return 0
    except SoftTimeLimitExceeded:
        lease.release(fetch_error="fetching: it took longer than a task may take.", next_fetch_at=timezone.now() + _back_off(mailbox))
        return 0
    except LeaseLost:
        return 0
    return stored


def _take_lease(mailbox: Mailbox) -> Lease | None:
    now = timezone.now()
    active, until = Mailbox.objects.filter(pk=mailbox.pk, is_active=True), now + LEASE
    is_free = active.filter(fetch_lease_until=None).update(fetch_lease_until=until)
    was_left = not is_free and bool(active.filter(fetch_lease_until__lte=now).update(fetch_lease_until=until))
    if not (is_free or was_left):
        return None
    mailbox.refresh_from_db()
    return Lease(mailbox, until, was_left=was_left)


def _back_off(mailbox: Mailbox) -> timedelta:
    """Half as long again as the mailbox has not been reached, so that tries thin out."""
    unreached = timezone.now() - (mailbox.fetched_at or mailbox.created_at)
    return min(max(unreached / 2, timedelta(seconds=min(mailbox.poll_seconds, 60))), LONGEST_PAUSE)


def _catch_up(lease: Lease) -> tuple[int, bool]:
    """How many messages were new, and whether that was all."""
    shift = Shift(until=timezone.now() + SHIFT, is_careful=lease.was_left)
    while True:
        try:
            finished = _fetch_new(lease, shift)
            return shift.stored, finished
        except Withheld as error:
            if shift.is_over:
                raise
            shift.doubt(error)


def _fetch_new(lease: Lease, shift: Shift) -> bool:
    """Fetch over one connection; False where there was no time for all."""
    with imap.open_folder(lease.mailbox) as folder:
        for uids in _batches(folder.uids_above(_resume(lease, folder)), BATCH):
            for listed in _chunks(shift.describe(folder, uids), shift.doubtful):
                if not shift.has_time_for(listed):
                    return False
                shift.stored += _store(lease, shift, folder, listed)
            lease.renew(uid_watermark=uids[-1])
            shift.is_careful = False
    return True


def _resume(lease: Lease, folder: imap.Folder) -> int:
    """The watermark to go on from: 0 where the server numbered the folder anew (RFC 3501, 2.3.1.1); what is known is recognised then."""
    lease.mailbox.refresh_from_db(fields=["uidvalidity", "uid_watermark"])
    if lease.mailbox.uidvalidity == folder.uidvalidity:
        return lease.mailbox.uid_watermark
    lease.renew(uidvalidity=folder.uidvalidity, uid_watermark=0)
    return 0


def _batches(uids: Iterator[int], size: int) -> Iterator[list[int]]:
    while batch := list(islice(uids, size)):
        yield batch


def _chunks(listed: Sequence[imap.Listed], doubtful: Container[int]) -> Iterator[list[imap.Listed]]:
    """Mails in order, together at most CHUNK bytes; a larger or doubtful one by itself."""
    chunk: list[imap.Listed] = []
    for one in listed:
        apart = one.uid in doubtful or (bool(chunk) and chunk[-1].uid in doubtful)
        if chunk and (apart or sum(other.size for other in chunk) + one.size > CHUNK):
            yield chunk
            chunk = []
        chunk.append(one)
    if chunk:
        yield chunk


def _store(lease: Lease, shift: Shift, folder: imap.Folder, listed: Sequence[imap.Listed]) -> int:
    lease.renew(size=sum(min(one.size, LIMIT) for one in listed))
    is_alone = len(listed) == 1
    if is_alone and shift.is_hopeless(listed[0].uid):
        arrivals = withheld.set_aside(folder, listed[0])
    else:
        is_doubtful = is_alone and listed[0].uid in shift.doubtful
        arrivals = bodies.fetch(folder, listed, since=lease.mailbox.answer_since, is_doubtful=is_doubtful)
    understood = {} if shift.is_careful else together.parse_all(arrivals)
    try:
        recorded = _write(lease, listed, partial(together.record, understood=understood), arrivals)
    except LeaseLost:
        raise
    except Exception:
        # One mail that the database refuses, two who wait for each other: each mail by itself finds out.
        logger.exception("Mails of %s are left to be read each by itself", lease.mailbox)
        recorded = _write(lease, listed, record_all, arrivals)
    return len(recorded.new)


def _write(lease: Lease, listed: Sequence[imap.Listed], record: Callable[..., Recorded], arrivals: Sequence[Arrival]) -> Recorded:
    with transaction.atomic():
        recorded = record(mailbox=lease.mailbox, arrivals=arrivals)
        lease.renew(uid_watermark=listed[-1].uid)
        # Robust: where the doorbell is out of order the sweep finds the messages.
        transaction.on_commit(lambda: _ring(recorded.unread), robust=True)
    return recorded


def _ring(pks: Sequence[int]) -> None:
    for pk in pks:
        tasks.parse_message.delay(pk)

"""Mails that a server lists and does not hand out, such as one whose file is damaged there.

Such a mail becomes a message without its text, which people see with the reason, so that those behind it are fetched.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import islice

from django.db.models import Q
from django.utils import timezone

from inbox import imap
from inbox.errors import Unavailable, Withheld
from inbox.flags import WITHHELD
from inbox.ingest.arrivals import Arrival
from inbox.ingest.storing import arrive
from inbox.models import Mailbox, Message

PATIENCE = timedelta(minutes=15)
"""A mail that arrived since then may only be locked for the moment."""
WITNESSES = 3
"""So many of the mails that are stored are asked for, and about as many of all mails."""
WINDOW = 10_000
"""UIDs from the lowest on among which these are."""


def refusal(*listed: imap.Listed) -> Withheld:
    """The error that says so."""
    reason = f"the server lists the mail with UID {listed[0].uid} and does not hand it out."
    return Withheld("fetching", reason, uids=[one.uid for one in listed])


def set_aside(folder: imap.Folder, listed: imap.Listed) -> list[Arrival]:
    """What stands for a mail that was refused: its header where that can be had. Nothing if it was removed.

    Raises Unavailable where the trouble may be the server's and not the mail's: the mail is fresh, or no other mail is handed out either.
    """
    is_fresh = listed.received_at is not None and timezone.now() - listed.received_at < PATIENCE
    if is_fresh or not _hands_out_others(folder, listed.uid):
        error = refusal(listed)
        raise Unavailable(error.step, error.reason)
    # Asking for its size may be what the server cannot stand.
    if listed.uid not in islice(folder.uids_above(listed.uid - 1), 1):
        return []
    # The first line makes the content this mail's own: equal content is taken for the same mail.
    mark = f"X-Withheld: UID {listed.uid} of {folder.uidvalidity}\r\n".encode()
    received_at, uidvalidity = listed.received_at or timezone.now(), folder.uidvalidity
    return [
        arrive(
            mark + _header(folder, listed.uid),
            size=listed.size,
            received_at=received_at,
            uid=listed.uid,
            uidvalidity=uidvalidity,
            is_withheld=True,
        )
    ]


def _hands_out_others(folder: imap.Folder, uid: int) -> bool:
    """Whether another mail is handed out now. Each is asked for on a line of its own, as one that is damaged too may break it."""
    return any(_hands_out(folder.mailbox, other) for other in _witnesses(folder, uid))


def _hands_out(mailbox: Mailbox, uid: int) -> bool:
    with imap.open_folder(mailbox) as folder:
        return folder.hands_out(uid)


def _witnesses(folder: imap.Folder, uid: int) -> Iterator[int]:
    """The newest that came whole; then some of all that were not set aside, from the lowest on, as damage comes in rows."""
    here = Message.objects.filter(mailbox=folder.mailbox, uidvalidity=folder.uidvalidity, uid__isnull=False).exclude(uid=uid)
    uids, damaged = here.order_by("-uid").values_list("uid", flat=True), Q(flags__contains=[WITHHELD])
    yield from (whole := [one for one in uids.exclude(damaged)[:WITNESSES] if one is not None])
    known = {uid, *whole, *uids.filter(damaged)}
    others = [one for one in islice(folder.uids_above(0), WINDOW) if one not in known]
    yield from others[:: max(1, len(others) // WITNESSES)]


def _header(folder: imap.Folder, uid: int) -> bytes:
    """If even this breaks the line, the next mail is asked for on a fresh one."""
    with suppress(Withheld):
        return folder.fetch_header(uid) or b""
    return b""

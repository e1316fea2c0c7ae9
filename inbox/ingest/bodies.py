"""The bytes of mails, from the server into storage."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from inbox import imap
from inbox.ingest import withheld
from inbox.ingest.arrivals import Arrival
from inbox.ingest.storing import KEPT, LIMIT, arrive, keep_all

LARGE = 4 * 1024 * 1024
"""A mail of more bytes is fetched in pieces."""


def fetch(folder: imap.Folder, listed: Sequence[imap.Listed], *, since: datetime | None, is_doubtful: bool = False) -> list[Arrival]:
    """Mails that the server lists, their bytes in storage; those that were removed meanwhile are left out.

    What came before `since` is past. What did not come at once (`is_doubtful`) comes in pieces, as large mails do.
    Raises Withheld where the server does not hand one out, and Unavailable where the storage takes none.
    """
    in_pieces = [one for one in listed if is_large(one) or (is_doubtful and one.size > imap.PIECE)]
    bodies = folder.fetch([one.uid for one in listed if one not in in_pieces])
    parts = {one.uid: folder.fetch_start(one.uid, size=LIMIT if one.size <= LIMIT else KEPT, expected=one.size) for one in in_pieces}
    bodies |= {uid: part.content for uid, part in parts.items() if part}
    cut = {uid for uid, part in parts.items() if part and not part.is_whole}
    _account_for(folder, [one.uid for one in listed if one.uid not in bodies])
    # In one round to the disk; whatever arrives below finds its bytes there.
    keep_all(bodies.values())
    here = [one for one in listed if one.uid in bodies]
    return [_arrival(one, bodies[one.uid], folder.uidvalidity, since, is_cut=one.uid in cut) for one in here]


def is_large(listed: imap.Listed) -> bool:
    """Whether a mail is fetched by itself, in pieces: on a slow line it takes up to `imap.LONGEST`."""
    return listed.size > min(LARGE, LIMIT)


def _account_for(folder: imap.Folder, missing: list[int]) -> None:
    """A mail may have been removed since it was listed; one that is still listed must not be passed over."""
    if missing and (listed := folder.describe(missing)):
        raise withheld.refusal(*listed)


def _arrival(listed: imap.Listed, body: bytes, uidvalidity: int, since: datetime | None, *, is_cut: bool) -> Arrival:
    # A server may err about the size of a mail; that it goes on is sure.
    size = max(listed.size, len(body) + 1) if is_cut else None
    received_at = listed.received_at or timezone.now()
    is_past = since is not None and received_at < since
    return arrive(body, size=size, received_at=received_at, uid=listed.uid, uidvalidity=uidvalidity, is_past=is_past)

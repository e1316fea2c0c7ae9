"""The folder that is watched: list its mails, fetch them, hear of new ones."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from imapclient import IMAPClient

from inbox.errors import Unavailable, Withheld
from inbox.imap.connection import connect, cut_off, step
from inbox.imap.idling import Idling
from inbox.models import Mailbox

PATIENCE = 45.0
"""Seconds for which mails, or a piece of one, may be on their way."""
PIECE = 1024 * 1024
"""Bytes of a large mail that are asked for at once."""
SOON = 10.0
"""Seconds for a single byte of a mail."""
LONGEST = 150.0
"""Seconds for all pieces of a mail."""
WINDOW = 20_000
"""UIDs listed at once: the answer is one line, and imaplib takes lines of up to a million bytes."""


@dataclass(frozen=True)
class Listed:
    """A mail as the server lists it; `size` in bytes."""

    uid: int
    size: int
    received_at: datetime | None


class Part(NamedTuple):
    """The start of a mail, and whether that is all of it."""

    content: bytes
    is_whole: bool


class Folder:
    """The opened folder of a mailbox. It is opened to read alone, so that nothing is marked as seen."""

    def __init__(self, client: IMAPClient, mailbox: Mailbox) -> None:
        self._client, self.mailbox = client, mailbox
        with step("folder", f"the folder {mailbox.folder!r} cannot be opened"):
            status = client.select_folder(mailbox.folder, readonly=True)
        self.uidvalidity = int(status.get(b"UIDVALIDITY", 0))
        self._next = int(status.get(b"UIDNEXT", 0))
        self._size = int(status.get(b"EXISTS", 0))

    def uids_above(self, watermark: int) -> Iterator[int]:
        """The UIDs above the watermark, ascending. Of few mails at once: their numbers may be far apart."""
        low = watermark + 1
        while low + WINDOW < self._next and self._size > WINDOW:
            yield from self._search(low, f"{low}:{low + WINDOW - 1}")
            low += WINDOW
        yield from self._search(low, f"{low}:*")

    def _search(self, low: int, window: str) -> list[int]:
        with step("listing", "the server did not list its mails"):
            found = self._client.search(["UID", window])
        # RFC 3501, 6.4.8: a range n:* always contains the last message, even where its UID is below n.
        return sorted(uid for uid in found if uid >= low)

    def describe(self, uids: Sequence[int]) -> list[Listed]:
        """Sizes and arrival times, ascending by UID; mails that were removed meanwhile are left out. Raises Withheld."""
        try:
            with step("listing", "the server did not say how large its mails are"):
                found = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        except Unavailable as error:
            raise Withheld(error.step, error.reason, uids=uids) from error
        return [
            Listed(uid=uid, size=int(data.get(b"RFC822.SIZE", 0)), received_at=data.get(b"INTERNALDATE"))
            for uid, data in sorted(found.items())
        ]

    def fetch(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The raw bytes of these mails. One that was removed meanwhile is missing from the answer. Raises Withheld."""
        return self._bodies(uids, "BODY.PEEK[]") if uids else {}

    def fetch_start(self, uid: int, *, size: int, expected: int = 0) -> Part | None:
        """The first `size` bytes of a mail, less on a line that needs longer than LONGEST for them; None if it was removed.

        `expected` is how large the server says that the whole mail is. A short piece ends it only there: some servers cut pieces shorter
        than asked for, and others err about the size, after which a piece is empty. Raises Withheld.
        """
        until, content = time.monotonic() + LONGEST, b""
        while len(content) < size and time.monotonic() < until:
            wanted = min(PIECE, size - len(content))
            piece = self._bodies([uid], f"BODY.PEEK[]<{len(content)}.{wanted}>").get(uid)
            if piece is None:
                return None
            content += piece
            if not piece or (len(piece) < wanted and len(content) >= expected):
                return Part(content, is_whole=True)
        return Part(content, is_whole=False)

    def hands_out(self, uid: int) -> bool:
        """Whether at least the first byte of a mail comes soon. If not, the line may be broken."""
        with suppress(Withheld), cut_off(self._client, SOON):
            return bool(self._bodies([uid], "BODY.PEEK[]<0.1>").get(uid))
        return False

    def fetch_header(self, uid: int) -> bytes | None:
        """The header of a mail, or None if it was removed. Raises Withheld."""
        return self._bodies([uid], "BODY.PEEK[HEADER]").get(uid)

    @property
    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself (RFC 2177). Raises Unavailable."""
        with step("IDLE", "the server does not say what it can"):
            return bool(self._client.has_capability("IDLE"))

    @contextmanager
    def idling(self) -> Iterator[Idling]:
        """Have the server tell of new mail while the block lasts; mail that came before it is not told of. Raises Unavailable."""
        with step("IDLE", "the server does not tell of new mail, though it says that it can"):
            self._client.idle()
        idling = Idling(self._client)
        yield idling
        with step("IDLE", "the server does not stop telling of new mail"):
            idling.end_line()
            self._client.idle_done()

    def _bodies(self, uids: Sequence[int], item: str) -> dict[int, bytes]:
        try:
            with step("fetching", "the server did not hand out a mail that it lists"), cut_off(self._client, PATIENCE):
                found = self._client.fetch(uids, [item])
        except Unavailable as error:
            raise Withheld(error.step, error.reason, uids=uids) from error
        return {uid: body for uid, data in found.items() if (body := _body(data)) is not None}


def _body(data: dict[bytes, Any]) -> bytes | None:
    return next((value for key, value in data.items() if key.startswith(b"BODY[") and value is not None), None)


@contextmanager
def open_folder(mailbox: Mailbox) -> Iterator[Folder]:
    """The watched folder of a mailbox, logged in and opened. Raises Unavailable."""
    with connect(mailbox) as client:
        yield Folder(client, mailbox)

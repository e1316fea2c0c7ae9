"""The watched folder, opened so that its mails can be changed: mark them as seen, or move them away."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from imapclient import DELETED, SEEN, IMAPClient

from inbox.errors import Unavailable
from inbox.imap.connection import DEADLINE, connect, cut_off, step
from inbox.models import Mailbox


class ChangeableFolder:
    """The opened folder. What it is asked for twice is done once, and no other mail than those named is touched."""

    def __init__(self, client: IMAPClient, name: str) -> None:
        self._client, self._name = client, name
        self.uidvalidity = self._select(name)

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Mark those of these mails that are still here as seen. Raises Unavailable."""
        with step("marking", "the mails cannot be marked as seen"), cut_off(self._client, DEADLINE):
            if here := self._present(uids):
                self._client.add_flags(here, [SEEN], silent=True)

    def move(self, uids: Sequence[int], target: str) -> None:
        """Move those of these mails that are still here to the folder `target`, which is made where there is none. Raises Unavailable."""
        with step("moving", f"the mails cannot be moved to {target!r}"), cut_off(self._client, DEADLINE):
            here = self._present(uids)
            if here and not self._client.folder_exists(target):
                self._client.create_folder(target)
            if here and self._client.has_capability("MOVE"):
                self._client.move(here, target)
            elif here:
                self._copy_and_remove(here, target)

    def _present(self, uids: Sequence[int]) -> list[int]:
        return sorted(self._client.search(["UID", ",".join(map(str, uids))]))

    def _copy_and_remove(self, uids: Sequence[int], target: str) -> None:
        """What MOVE stands for (RFC 6851, 3.3), in steps between which we may die. A bare EXPUNGE would remove what others marked."""
        if not self._client.has_capability("UIDPLUS"):
            raise Unavailable(
                "moving", "the server knows neither MOVE nor UIDPLUS, without which mails cannot be moved; mark them as seen."
            )
        arrived = self._copied_before(uids, target)
        if missing := [uid for uid in uids if uid not in arrived]:
            self._client.copy(missing, target)
        self._client.add_flags(uids, [DELETED], silent=True)
        self._client.uid_expunge(uids)

    def _copied_before(self, uids: Sequence[int], target: str) -> set[int]:
        """Those that lie in `target` already, byte for byte: whoever copied them died before removing them."""
        ours = self._headers(uids)
        self._select(target, readonly=True)
        there = {uid: digests for uid, (size, header) in ours.items() if (digests := self._digests(self._alike(size, header)))}
        if self._select(self._name) != self.uidvalidity:
            raise Unavailable("folder", f"the server numbered {self._name!r} anew meanwhile.")
        return {uid for uid, digests in there.items() if self._digests([uid]) & digests}

    def _alike(self, size: int, header: bytes) -> list[int]:
        found = self._client.search(["LARGER", size - 1, "SMALLER", size + 1]) if header else []
        return [uid for uid, (_, other) in self._headers(found).items() if other == header]

    def _headers(self, uids: Sequence[int]) -> dict[int, tuple[int, bytes]]:
        found = self._client.fetch(uids, ["RFC822.SIZE", "BODY.PEEK[HEADER]"]) if uids else {}
        return {uid: (int(data.get(b"RFC822.SIZE", 0)), bytes(data.get(b"BODY[HEADER]") or b"")) for uid, data in found.items()}

    def _digests(self, uids: Sequence[int]) -> set[str]:
        """What these mails hash to, each fetched by itself, as together they may be large."""
        found = (self._client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}) for uid in uids)
        return {hashlib.sha256(body).hexdigest() for data in found if (body := data.get(b"BODY[]"))}

    def _select(self, name: str, *, readonly: bool = False) -> int:
        with step("folder", f"the folder {name!r} cannot be opened"), cut_off(self._client, DEADLINE):
            return int(self._client.select_folder(name, readonly=readonly).get(b"UIDVALIDITY", 0))


@contextmanager
def open_to_change(mailbox: Mailbox) -> Iterator[ChangeableFolder]:
    """The watched folder of a mailbox, logged in and opened for changes. Raises Unavailable."""
    with connect(mailbox) as client:
        yield ChangeableFolder(client, mailbox.folder)

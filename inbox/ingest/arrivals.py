"""Mails whose bytes are in storage, before they have rows."""

from dataclasses import dataclass
from datetime import datetime

from inbox.flags import TRUNCATED, WITHHELD
from inbox.replies import SENT

POSTED = "posted"
"""The flag of a mail that a program brought: no mail server of ours took it in, so what it says of its sender proves nothing."""


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
    def is_whole(self) -> bool:
        """Whether all its bytes are here."""
        return not self._missing[0]

    @property
    def _missing(self) -> tuple[list[str], str]:
        if self.is_withheld:
            return [WITHHELD], "The mail server lists this mail and does not hand it out. Look at it in the mailbox itself."
        if self.size > len(self.raw):
            kept = f"The mail has {self.size / 1024 / 1024:.0f} MB; only its start is kept here."
            return [TRUNCATED], f"{kept} The whole mail stays where it came from, on the mail server or in the imported file."
        return [], ""

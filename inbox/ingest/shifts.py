"""What one fetch of a mailbox has done, and how much time is left for the rest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from inbox import imap
from inbox.errors import Withheld
from inbox.ingest import bodies

MOST_REFUSALS = 2
"""So often a mail is asked for alone, each time on a fresh line."""


@dataclass
class Shift:
    """What one fetch has done, over all its connections. `doubtful` are the UIDs to ask for one by one.

    `is_careful`: whoever fetched last may have died of a mail. Each is read by itself then, which counts the tries.
    """

    until: datetime
    is_careful: bool = False
    stored: int = 0
    doubtful: set[int] = field(default_factory=set)
    refusals: Counter[int] = field(default_factory=Counter)
    _unmeasured: set[int] = field(default_factory=set)

    @property
    def is_over(self) -> bool:
        """Whether it is time to make room for other work."""
        return timezone.now() > self.until

    def has_time_for(self, listed: Sequence[imap.Listed]) -> bool:
        """A large mail on a slow line needs most of a shift. One that was refused before has its tries in this very one."""
        is_long = any(bodies.is_large(one) and not self.refusals[one.uid] for one in listed)
        needed = timedelta(seconds=imap.LONGEST if is_long else 0)
        return timezone.now() + needed <= self.until

    def doubt(self, error: Withheld) -> None:
        """Remember what was not handed out, or not even measured."""
        self.doubtful.update(error.uids)
        if len(error.uids) == 1:
            self.refusals.update(error.uids)
            self._unmeasured.update(error.uids if error.step == "listing" else ())

    def is_hopeless(self, uid: int) -> bool:
        """Whether a mail has had its tries."""
        return self.refusals[uid] >= MOST_REFUSALS

    def describe(self, folder: imap.Folder, uids: Sequence[int]) -> list[imap.Listed]:
        """What the server says of these mails, ascending, of those in doubt one by one. It is not asked again what it never says."""
        unsaid = {uid for uid in uids if uid in self._unmeasured and self.is_hopeless(uid)}
        alone = [[uid] for uid in uids if uid in self.doubtful and uid not in unsaid]
        together = [uid for uid in uids if uid not in self.doubtful]
        asked = [one for group in [together, *alone] if group for one in folder.describe(group)]
        return sorted([*asked, *(imap.Listed(uid, 0, None) for uid in unsaid)], key=lambda one: one.uid)

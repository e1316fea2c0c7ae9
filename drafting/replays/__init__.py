"""Replays: past mails written again by a candidate setup or with changed rules, and compared. A pre-screen, never evidence.

`writing` needs what writes drafts; import it where runs are written, not where they are shown.
"""

from drafting.replays.choosing import Choice
from drafting.replays.life import pause, resume, start, waits_for

__all__ = ["Choice", "pause", "resume", "start", "waits_for"]

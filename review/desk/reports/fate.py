"""What became of one mail, in a few words. Pure."""

from dataclasses import dataclass

from review.desk.reports import numbers
from review.desk.reports.tables import reason_name
from review.models import Outcome
from review.reports.figures import LEFT

NAMED = 3
"""So many failed checks are named."""
TONES = {"auto_sent": "accent", "by_approval": "green", "by_edit": "amber", "by_rewrite": "amber", "by_hand": "quiet"}
ELSE = (
    ("waiting", "Waiting for a reply", "amber"),
    ("no_reply", "No reply needed", "quiet"),
    ("overtaken", "The customer wrote again first", "quiet"),
)


@dataclass(frozen=True, slots=True)
class Fate:
    """How it ended, with a tone as of tags, and what else is worth knowing."""

    words: str
    tone: str
    more: str


def fate(one: Outcome, *, may_see_evidence: bool) -> Fate:
    """What became of a mail. Its verdict is evidence, which not everybody may see."""
    words, tone = _ending(one)
    return Fate(words, tone, ", ".join(_more(one, may_see_evidence)))


def _ending(one: Outcome) -> tuple[str, str]:
    for way in LEFT:
        for measure in way.counted:
            if getattr(one, measure):
                return way.name, TONES[measure]
    return next(((words, tone) for measure, words, tone in ELSE if getattr(one, measure)), ("No reply of its own", "quiet"))


def _more(one: Outcome, may_see_evidence: bool) -> list[str]:
    first = one.first_response_seconds
    told = [
        ("a person was needed later", one.auto_sent and not one.automated),
        (f"handed over: {reason_name('hand_over', one.hand_over_reason).lower()}", one.hand_over_reason),
        (f"edited: {' and '.join(reason_name('edit', key).lower() for key in one.edit_reasons)}", one.edit_reasons),
        (f"{one.rejected} rejected", one.rejected),
        (_failed(one), one.failed_checks),
        ("found unsafe", may_see_evidence and one.unsafe),
        ("bounced", one.bounced),
        ("maybe sent", one.maybe_sent),
        (f"first reply after {numbers.duration(first)}", first is not None),
    ]
    return [words for words, is_so in told if is_so]


def _failed(one: Outcome) -> str:
    """The first checks that failed by name, and how many more did."""
    named = ", ".join(reason_name("check", key).lower() for key in one.failed_checks[:NAMED])
    more = len(one.failed_checks) - NAMED
    return f"failed: {named}" + (f" and {more} more" if more > 0 else "")

"""The ways a draft leaves the queue by a person. Only this package writes Decision rows, but for those of what leaves by itself:
`autosend.sending` makes them, `autosend.returning` takes them back, and `autosend.weighing` notes of all that the ledger has them.

Every decision is one transaction that locks the conversation, then the draft (the order that `drafting.drafts` keeps too): of two people
who decide at once the second waits, then sees what happened.
"""

from review.decisions.by_hand import answer, begin
from review.decisions.deciding import CHECK_SECONDS, approve, edit, no_reply, reject, reply, say_why, take_over
from review.decisions.rows import LIVE, OFFERED, reply_missing, standing_decision
from review.decisions.undoing import hand_back, resolve, retry, take_back, undo, void

__all__ = [
    "CHECK_SECONDS",
    "LIVE",
    "OFFERED",
    "answer",
    "approve",
    "begin",
    "edit",
    "hand_back",
    "no_reply",
    "reject",
    "reply",
    "reply_missing",
    "resolve",
    "retry",
    "say_why",
    "standing_decision",
    "take_back",
    "take_over",
    "undo",
    "void",
]

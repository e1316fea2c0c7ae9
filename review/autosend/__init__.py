"""Earned auto-send: which drafts leave without a person, and what stops them.

Nothing else can cause an automatic send: `sending` alone queues automatic mail and writes the decision for it, `states` alone says what is
unlocked, and the database refuses both where the conditions do not hold (migrations 0010 and later).

Locks are taken in this order: conversation, draft, attempt, switch, then mails.
"""

from review.autosend import errors, states, switch, terms
from review.autosend.checking import check
from review.autosend.conditions import why_not_resume, why_not_unlock
from review.autosend.errors import NotNow
from review.autosend.reconciling import reconcile
from review.autosend.returning import return_held_back
from review.autosend.routing import open_attempt, route, route_new
from review.autosend.tripwires import flag
from review.autosend.weighing import weigh, weigh_due

__all__ = [
    "NotNow",
    "check",
    "errors",
    "flag",
    "open_attempt",
    "reconcile",
    "return_held_back",
    "route",
    "route_new",
    "states",
    "switch",
    "terms",
    "weigh",
    "weigh_due",
    "why_not_resume",
    "why_not_unlock",
]

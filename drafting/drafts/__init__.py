"""The life of a draft. Only this package changes `Draft.state`.

queued → writing (lease) → ready | handed_over → decided; superseded once a newer message is taken up whose draft answers this one too.
Everything may be delivered twice: a row is claimed by one conditional update, and who lost its lease can write nothing.
"""

from drafting.drafts.begin import messages_to_take_up, take_up
from drafting.drafts.deciding import mark_decided, redraft, renew, reopen
from drafting.drafts.queue import LEASE, MAX_LOST, break_off, claim, return_lost, ring_due, wake
from drafting.drafts.rows import LostLease, NotWaiting
from drafting.drafts.written import finish, hand_over, wait

__all__ = [
    "LEASE",
    "MAX_LOST",
    "LostLease",
    "NotWaiting",
    "break_off",
    "claim",
    "finish",
    "hand_over",
    "mark_decided",
    "messages_to_take_up",
    "redraft",
    "renew",
    "reopen",
    "return_lost",
    "ring_due",
    "take_up",
    "wait",
    "wake",
]

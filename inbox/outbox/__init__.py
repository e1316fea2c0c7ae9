"""Outgoing mail. This package alone changes `OutgoingMail.state`, each time by one UPDATE whose row count says who won.

held → ready → claimed → dot_sent → sent; beside them retry, failed, maybe_sent and cancelled. `dot_sent` is committed before the final dot
of the mail is written: whoever finds a mail in `claimed` knows that no server has it, and one left in `dot_sent` may have been sent.
A held mail may wait for a look from above (`due_checks`, then `let_go` or `void`): only so long where a person approved it, for ever
where it is automatic. Mail that was looked at is held again where a later try comes long after that, and whenever a
person has it sent again.
"""

from inbox.outbox.queueing import begin, queue, queue_automatic, queue_follow_up
from inbox.outbox.rows import OVERTAKEN, came_back, leaves_when_due
from inbox.outbox.sending import release_due, send
from inbox.outbox.settling import (
    cancel,
    due_checks,
    found_in_sent,
    heard_of,
    heard_of_bounce,
    hold_back,
    let_go,
    put_check_off,
    resolve,
    retry,
    void,
)

__all__ = [
    "OVERTAKEN",
    "begin",
    "came_back",
    "cancel",
    "due_checks",
    "found_in_sent",
    "heard_of",
    "heard_of_bounce",
    "hold_back",
    "leaves_when_due",
    "let_go",
    "put_check_off",
    "queue",
    "queue_automatic",
    "queue_follow_up",
    "release_due",
    "resolve",
    "retry",
    "send",
    "void",
]

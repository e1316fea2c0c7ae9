"""Proving: whether what the ledger shows suffices, under the terms of now."""

from datetime import datetime

from review.autosend import states
from review.autosend.numbering import number_of
from review.ledger import evidence
from review.models import Attempt

_Cause, _State = Attempt.Cause, Attempt.State


def judge(*, attempt: Attempt, at: datetime | None = None) -> None:
    """Take an attempt that is not unlocked where its evidence takes it. The caller has locked the attempt."""
    if attempt.state not in {_State.COLLECTING, _State.READY}:
        return
    is_proven = evidence.is_proven(attempt, at=at) and _is_proven_as_numbered(attempt, at)
    if is_proven == (attempt.state == _State.READY):
        return
    found = evidence.standing(attempt, at=at)
    (states.mark_ready if is_proven else states.mark_unproven)(attempt=attempt, words=found.words, at=at)


def judge_unlocked(*, attempt: Attempt, at: datetime | None = None) -> None:
    """Suspend what is unlocked and not proven by the terms of now, which are stricter than they were."""
    if attempt.is_unlocked and not evidence.is_proven(attempt, at=at):
        words = f"It is not proven by the new terms: {evidence.standing(attempt, at=at).words}"
        states.suspend(attempt=attempt, cause=_Cause.PROOF, words=words, at=at)


def _is_proven_as_numbered(attempt: Attempt, at: datetime | None) -> bool:
    """Whether it is proven also if another attempt went as far since this one began. A number never becomes smaller."""
    number = number_of(attempt.category, besides=attempt, at=at)
    if number <= attempt.number:
        return True
    attempt.number = number
    attempt.save(update_fields=["number"])
    return evidence.is_proven(attempt, at=at)

"""How a run of the assistant ends, kept in one transaction with its record by the worker that owns the draft.

Who lost the lease finds out with the last statement, and nothing of what it wrote stays.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from drafting import records
from drafting.drafts import rows
from drafting.drafts.queue import SHORTEST_WAIT
from drafting.models import Draft, HandOverReason

if TYPE_CHECKING:
    from drafting.agent.run import Run
    from drafting.gate import Check

LONGEST_WAIT = timedelta(minutes=5)


def finish(*, draft: Draft, run: "Run", atoms: list[dict[str, Any]], checks: "Iterable[Check]", is_eligible: bool) -> None:
    """The reply is written: keep it (`draft` carries body, category … unsaved) with its record. Raises LostLease.

    Atoms name evidence by the number of the lookup ("evidence:2"); the rows' own ids take its place.
    """
    with transaction.atomic():
        records.keep_calls(draft=draft, run=run)
        evidence = records.keep_lookups(draft=draft, run=run)
        draft.atoms = [atom | {"source": records.source(str(atom["source"]), evidence)} for atom in atoms]
        draft.is_eligible = is_eligible
        records.keep_checks(draft=draft, checks=checks)
        draft.state, draft.finished_at, draft.last_error = Draft.State.READY, timezone.now(), ""
        rows.save(draft)


def hand_over(*, draft: Draft, reason: HandOverReason, words: str, run: "Run") -> None:
    """The assistant gives up; a person reads `words`. Raises LostLease."""
    with transaction.atomic():
        records.keep_calls(draft=draft, run=run)
        records.keep_lookups(draft=draft, run=run)
        rows.give_up(draft, reason=reason, words=words)


def wait(*, draft: Draft, words: str, run: "Run | None" = None, seconds: float | None = None) -> None:
    """Something the draft needs does not answer: try again later, at growing intervals or after `seconds`. People read `words` meanwhile.

    What was looked up is no evidence yet: the next try looks again. A mail that alone makes the model server or a lookup fail goes to a
    person. Raises LostLease.
    """
    with transaction.atomic():
        if run is not None:
            records.keep_calls(draft=draft, run=run)
        if failures := records.failures_alone(draft=draft):
            alone = f"The model server failed {failures} times in a row at this mail and answered others meanwhile. {words}"
            rows.give_up(draft, reason=HandOverReason.MODEL_UNUSABLE, words=alone)
            return
        if run is not None and records.lookup_fails_alone(draft=draft, run=run, words=words):
            alone = f"A lookup failed again and again at this mail and answered others meanwhile. {words}"
            rows.give_up(draft, reason=HandOverReason.MISSING_FACT, words=alone)
            return
        draft.state, draft.attempts, draft.last_error, draft.rung_at = Draft.State.QUEUED, 0, words, None
        draft.due_at = timezone.now() + max(_pause(draft), timedelta(seconds=seconds or 0))
        rows.save(draft)


def _pause(draft: Draft) -> timedelta:
    """A quarter of the draft's age, so the intervals grow by themselves."""
    return min(max((timezone.now() - draft.created_at) / 4, SHORTEST_WAIT), LONGEST_WAIT)

"""Writes verdicts, and counts what is settled: only up to the first draft that has no verdict yet, in order of arrival.

Nobody can pick easy mails so: a hard one that is left alone holds up all that came after it, until it counts as unsafe.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from review.ledger.verdicts import Finding
from review.models import Attempt, Decision, EvidencePoint, LedgerEntry, Verdict

_AT_A_TIME = 500
Found = Sequence[tuple[LedgerEntry, Finding]]


def lock(attempt_id: int) -> Attempt:
    """The attempt, for whoever counts next; others wait. Entries are read after it, never before."""
    return Attempt.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt_id)


def locked(draft_id: int) -> LedgerEntry | None:
    """The entry of a draft, read under the lock of its attempt."""
    attempt = Attempt.objects.select_for_update(of=("self",), no_key=True).filter(entries__draft=draft_id).first()
    if attempt is None:
        return None
    entry = LedgerEntry.objects.get(draft=draft_id)
    entry.attempt = attempt
    return entry


def write(*, attempt: Attempt, found: Found, at: datetime, **about: Any) -> None:
    """Keep these verdicts and count anew. The caller holds the lock on `attempt`, and has read the entries under it.

    `about` is who said so and on what occasion: `by`, `decision`, `seconds`.
    """
    Verdict.objects.bulk_create(
        Verdict(entry=entry, unsafe=one.unsafe, counts=one.counts, reason=one.reason, words=one.words, at=at, **about)
        for entry, one in found
    )
    n, k = attempt.n, attempt.k
    for entry, one in found:
        _recount(attempt, entry, one)
        entry.attempt, entry.unsafe, entry.counts, entry.settled_at = attempt, one.unsafe, one.counts, entry.settled_at or at
    _save(found)
    if attempt.settled_to + 1 in {entry.position for entry, _ in found}:
        _go_on(attempt)
    _remember_reviewer(attempt, found, **about)
    attempt.save(update_fields=["n", "k", "settled_to", "reviewers"])
    _keep_point(attempt, n, k, at)


def _remember_reviewer(attempt: Attempt, found: Found, *, decision: Decision | None = None, **_: Any) -> None:
    """Whose decisions count, and how many of them, for how good these people are at it (`evidence`)."""
    if decision and decision.by_id and (counted := sum(one.counts for entry, one in found if not _has_counted(entry, decision))):
        name = str(decision.by_id)
        attempt.reviewers[name] = attempt.reviewers.get(name, 0) + counted


def _has_counted(entry: LedgerEntry, decision: Decision) -> bool:
    """Whether a verdict before the one just written came of the same decision."""
    return entry.verdicts.filter(decision=decision, counts=True).count() > 1


def _recount(attempt: Attempt, entry: LedgerEntry, new: Finding) -> None:
    """A verdict that changes what was counted before."""
    if entry.position <= attempt.settled_to:
        attempt.n += new.counts - entry.counts
        attempt.k += bool(new.counts and new.unsafe) - bool(entry.counts and entry.unsafe)


def _save(found: Found) -> None:
    if len(found) == 1:
        found[0][0].save(update_fields=["unsafe", "counts", "settled_at"])
    else:
        LedgerEntry.objects.bulk_update((entry for entry, _ in found), ["unsafe", "counts", "settled_at"], batch_size=_AT_A_TIME)


def _go_on(attempt: Attempt) -> None:
    """Count up to the first draft without a verdict."""
    while settled := _next_settled(attempt):
        for position, counts, unsafe in settled:
            attempt.settled_to = position
            attempt.n += counts
            attempt.k += bool(counts and unsafe)
        if len(settled) < _AT_A_TIME:
            return


def _next_settled(attempt: Attempt) -> list[tuple[int, bool, bool | None]]:
    after = attempt.entries.filter(position__gt=attempt.settled_to).order_by("position")
    rows = after.values_list("settled_at", "position", "counts", "unsafe")[:_AT_A_TIME]
    return [(position, counts, unsafe) for _, position, counts, unsafe in takewhile(lambda row: row[0] is not None, rows)]


def _keep_point(attempt: Attempt, n: int, k: int, at: datetime) -> None:
    """A point of the chart wherever an unsafe one was counted, and about a hundred while the clean ones grow tenfold."""
    step = max(1, attempt.n // 50)
    if attempt.k != k or attempt.n // step != n // step:
        EvidencePoint.objects.create(attempt=attempt, n=attempt.n, k=attempt.k, at=at)

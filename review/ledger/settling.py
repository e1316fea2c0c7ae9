"""Finds the verdicts of the ledger: what people decided, and what time decided for them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import inf

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from drafting.models import Draft
from inbox.models import OutgoingMail
from review.ledger import counting, verdicts
from review.ledger.verdicts import Finding
from review.models import Decision, LedgerEntry, Upload, Verdict

MISSING_AFTER = timedelta(days=7)
LEFT = (OutgoingMail.State.SENT, OutgoingMail.State.MAYBE_SENT)
FAILED = "It could not be sent."
_Reason = Verdict.Reason


@transaction.atomic(savepoint=False)
def settle_decision(*, decision: Decision, at: datetime | None = None) -> LedgerEntry | None:
    """Write down what a person's decision says about its draft. Returns the entry, with its attempt as it stands then, if that changed.

    Give it every decision once the undo window is over, and once more when it is withdrawn or its reason changes: an approval that does
    not hold because facts changed shows nothing, and after one that a person took back the draft counts as without a verdict until the
    next. What left by itself is nobody's decision.
    """
    entry = None if decision.kind == Decision.Kind.AUTO_SENT else counting.locked(decision.draft_id)
    if entry is None:
        return None
    before = _standing(entry)
    new = _of_withdrawn(decision, before) if decision.undone_at else _of_standing(decision, entry)
    if new is None or not verdicts.replaces(new, finding(before)):
        return None
    counting.write(
        attempt=entry.attempt,
        found=[(entry, new)],
        at=at or timezone.now(),
        by_id=decision.by_id,
        decision=decision,
        seconds=decision.seconds_open,
    )
    return entry


def settle_overdue(*, at: datetime | None = None, most: int = 500) -> list[LedgerEntry]:
    """Sweep: give a verdict to drafts that get none from people. Returns their entries, each with its attempt.

    Who waited for 7 days counts as unsafe; what a newer mail replaced, as `verdicts.of_superseded` says; what left by itself, or failed
    to, not at all.
    """
    now = at or timezone.now()
    due = _due(now).order_by("attempt_id", "position").values_list("attempt_id", "pk")[:most]
    by_attempt: dict[int, list[int]] = {}
    for attempt_id, pk in due:
        by_attempt.setdefault(attempt_id, []).append(pk)
    return [entry for attempt_id, pks in by_attempt.items() for entry in _settle(attempt_id, pks, now)]


def finding(verdict: Verdict | None) -> Finding | None:
    """What a verdict says."""
    return Finding(reason=verdict.reason, unsafe=verdict.unsafe, counts=verdict.counts) if verdict else None


def without_flags(entry: LedgerEntry) -> Finding:
    """What there is to say about a draft that was flagged before it had a verdict, once the flag is cleared."""
    decisions = (
        entry.draft.decisions.filter(undone_at=None).exclude(kind=Decision.Kind.AUTO_SENT) if entry.draft else Decision.objects.none()
    )
    if decision := decisions.first():
        return _of(decision)
    return verdicts.left_out(_Reason.SENT) if entry.route == LedgerEntry.Route.AUTO else verdicts.unsafe(_Reason.MISSING)


@transaction.atomic
def _settle(attempt_id: int, pks: Iterable[int], now: datetime) -> list[LedgerEntry]:
    attempt = counting.lock(attempt_id)
    entries = list(_due(now).filter(pk__in=pks).select_related("draft").order_by("position"))
    found = [(entry, _of_time(entry, now)) for entry in entries]
    if found:
        counting.write(attempt=attempt, found=found, at=now)
    return entries


def _due(now: datetime) -> QuerySet[LedgerEntry]:
    """Open entries that nobody's decision will settle any more, or not in time."""
    to_weigh = Decision.objects.filter(draft=OuterRef("draft"), weighed_at__isnull=True).exclude(kind=Decision.Kind.AUTO_SENT)
    left = _sent_by_itself(OuterRef("draft")).filter(outgoing__state__in=[*LEFT, OutgoingMail.State.FAILED])
    is_old = Q(at__lte=now - MISSING_AFTER)
    of_people = Q(route=LedgerEntry.Route.PERSON) & (is_old | Q(draft__state=Draft.State.SUPERSEDED)) & ~Exists(to_weigh)
    by_itself = Q(route=LedgerEntry.Route.AUTO) & (is_old | Exists(left))
    return LedgerEntry.objects.filter(of_people | by_itself, settled_at__isnull=True)


def _sent_by_itself(draft: OuterRef | int | None) -> QuerySet[Decision]:
    return Decision.objects.filter(draft=draft, kind=Decision.Kind.AUTO_SENT, undone_at__isnull=True)


def _of_time(entry: LedgerEntry, now: datetime) -> Finding:
    if entry.route == LedgerEntry.Route.AUTO:
        has_failed = _sent_by_itself(entry.draft_id).filter(outgoing__state=OutgoingMail.State.FAILED).exists()
        return verdicts.left_out(_Reason.SENT, FAILED if has_failed else "")
    if entry.draft and entry.draft.state == Draft.State.SUPERSEDED:
        return _of_superseded(entry.draft, entry.opened_at, now)
    return verdicts.unsafe(_Reason.MISSING)


def _of_superseded(draft: Draft, opened_at: datetime | None, now: datetime) -> Finding:
    was_seen = opened_at or draft.decisions.exclude(kind=Decision.Kind.AUTO_SENT).exists()
    if not was_seen and _was_voided(draft):
        return verdicts.left_out(_Reason.CHANGED)
    seconds = (now - opened_at).total_seconds() if opened_at else inf if was_seen else None
    return verdicts.of_superseded(body=draft.body, seconds=seconds)


def _standing(entry: LedgerEntry) -> Verdict | None:
    return entry.verdicts.order_by("-pk").first() if entry.settled_at else None


def _of_standing(decision: Decision, entry: LedgerEntry) -> Finding | None:
    """None where that was written down before."""
    said, new = entry.verdicts.filter(decision=decision).order_by("-pk").first() if entry.settled_at else None, _of(decision)
    return None if finding(said) == new else new


def _of(decision: Decision) -> Finding:
    edited = decision.kind == Decision.Kind.EDITED
    return verdicts.of_decision(
        kind=decision.kind,
        body=decision.draft.body,
        text=decision.final_text,
        language=decision.draft.language,
        edit_reason=decision.edit_reason,
        has_files=edited and Upload.objects.filter(outgoing=decision.outgoing_id).exists(),
        seconds=decision.seconds_open,
    )


def _of_withdrawn(decision: Decision, before: Verdict | None) -> Finding | None:
    """What is left of an approval that does not stand; whatever else was decided and taken back says nothing more."""
    if before and (before.decision_id != decision.pk or not (before.unsafe is False or before.reason == _Reason.CHANGED)):
        return None
    if _was_voided(decision.draft):
        said = _of(decision)
        return verdicts.left_out(_Reason.CHANGED) if said.is_safe else said
    return verdicts.unsafe(_Reason.MISSING, "The decision was taken back.") if before else None


def _was_voided(draft: Draft) -> bool:
    """Whether facts changed before the reply left (see `drafts.renew`): a new draft took its place, with a note why."""
    return draft.redrafts.exclude(note="").exists()

"""Weighing: what verdicts do to an attempt. Each counts once, whoever wrote it: `Attempt.weighed_to` says up to which they have."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from inbox.models import OutgoingMail
from review import ledger, second_looks
from review.autosend import conditions, proving, states
from review.confidence import Drift
from review.ledger import evidence
from review.models import Attempt, Decision, LedgerEntry, Verdict

GRACE = timedelta(seconds=5)
"""Beside the undo window."""
FLIPS = {Verdict.Reason.FLAGGED, Verdict.Reason.SECOND_LOOK}
"""What makes a draft unsafe that may have counted as safe before."""
_Cause = Attempt.Cause
_LEFT_BY_ITSELF = Q(kind=Decision.Kind.AUTO_SENT, undone_at=None)


def weigh_due(*, most: int = 200) -> int:
    """Sweep: weigh decisions whose undo window is over, drafts that stayed without verdict, complaints, and verdicts from elsewhere.

    Says how many decisions that were.
    """
    Decision.objects.filter(_LEFT_BY_ITSELF, weighed_at=None, outgoing__state=OutgoingMail.State.SENT).update(weighed_at=timezone.now())
    ids = list(_due().order_by("decided_at").values_list("pk", flat=True)[:most])
    for decision_id in ids:
        weigh(decision_id=decision_id)
    ledger.flags.find_complaints()
    ledger.settle_overdue()
    weigh_news()
    return len(ids)


@transaction.atomic
def weigh(*, decision_id: int, at: datetime | None = None) -> None:
    """Have the ledger take notice of a decision, and the attempt go where that takes it. Once, however often it is called."""
    waiting = Decision.objects.filter(~_LEFT_BY_ITSELF, pk=decision_id, weighed_at=None).select_related("draft")
    decision = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if decision is None:
        return
    if entry := ledger.settle_decision(decision=decision, at=at):
        second_looks.ask(entry=entry, decision=decision, at=at)
        if _is_watched(entry.attempt):
            weigh_attempt(attempt=entry.attempt, at=at)
        else:
            proving.judge(attempt=entry.attempt, at=at)
    Decision.objects.filter(pk=decision.pk).update(weighed_at=at or timezone.now())


def weigh_news() -> None:
    """Let verdicts take effect that nobody has weighed yet: those of time, of second looks, of flags."""
    newest = Verdict.objects.aggregate(newest=Max("pk"))["newest"] or 0
    behind = Attempt.objects.filter(ended_at=None, weighed_to__lt=newest)
    with transaction.atomic():
        # Verdicts are written under their attempt's lock. With it, all that have a number up to `newest` are to be seen here.
        held = list(behind.select_for_update(no_key=True, skip_locked=True).values_list("pk", "weighed_to"))
        oldest = min((weighed_to for _, weighed_to in held), default=newest)
        found = Verdict.objects.filter(pk__gt=oldest, pk__lte=newest, entry__attempt__in=[pk for pk, _ in held])
        last = dict(found.values_list("entry__attempt").annotate(last=Max("pk")))
        with_news = [pk for pk, weighed_to in held if last.get(pk, 0) > weighed_to]
        Attempt.objects.filter(pk__in=[pk for pk, _ in held if pk not in with_news]).update(weighed_to=newest)
    for attempt_id in with_news:
        with transaction.atomic():
            weigh_attempt(attempt=states.lock(Attempt(pk=attempt_id)))


def weigh_attempt(*, attempt: Attempt, at: datetime | None = None) -> None:
    """Let the attempt's new verdicts take effect on its state. The caller has locked the attempt."""
    new = list(Verdict.objects.filter(entry__attempt=attempt, pk__gt=attempt.weighed_to).select_related("entry").order_by("pk"))
    if not new:
        return
    attempt.weighed_to = new[-1].pk
    attempt.save(update_fields=["weighed_to"])
    if _is_watched(attempt):
        _watch(attempt, new, at)
    else:
        proving.judge(attempt=attempt, at=at)


def _is_watched(attempt: Attempt) -> bool:
    """Also while it is suspended and may go on: now, or once the flags behind that are found mistaken."""
    may_go_on = attempt.cause in {*conditions.RESUMABLE, *conditions.FLAGGED}
    return attempt.is_unlocked or (attempt.state == Attempt.State.SUSPENDED and may_go_on)


def _watch(attempt: Attempt, new: Sequence[Verdict], at: datetime | None) -> None:
    """Has it become worse than was proven, or was the proof not what it seemed?"""
    terms = next(evidence.terms_in_force([attempt.category_id]))
    detector = Drift(terms.epsilon, values=attempt.drift)
    for unsafe in _shown(new):
        detector.update(unsafe)
    attempt.drift = detector.values
    attempt.save(update_fields=["drift"])
    if detector.is_alarmed:
        words = f"Lately people found more of its drafts unsafe than the {terms.epsilon:.1%} that are acceptable."
        states.suspend(attempt=attempt, cause=_Cause.DRIFT, words=words, at=at)
    elif _has_lost_ground(attempt, new) and not evidence.is_proven(attempt, at=at):
        words = "Something that had counted as safe was found unsafe."
        states.suspend(attempt=attempt, cause=_Cause.PROOF, words=words, at=at)


def _has_lost_ground(attempt: Attempt, new: Sequence[Verdict]) -> bool:
    """Whether what was proven may not be any more. Of what is suspended by a flag that is asked when the flag is found mistaken."""
    return attempt.cause not in conditions.FLAGGED and (_was_flipped(attempt) or any(map(_is_flip, new)))


def _was_flipped(attempt: Attempt) -> bool:
    """Whether something came out about a draft since the unlocking; it may count later than it is said, for others before it are open."""
    since = Verdict.objects.filter(reason__in=FLIPS, at__gt=attempt.unlocked_at or attempt.began_at)
    return since.filter(entry__attempt=attempt, unsafe=True).exists()


def _is_flip(verdict: Verdict) -> bool:
    """Whether the reviewer said later that an edit which had counted as one of the wording mattered."""
    earlier = Verdict.objects.filter(entry=verdict.entry_id, pk__lt=verdict.pk, counts=True, unsafe=False)
    return verdict.reason == Verdict.Reason.EDITED and earlier.exists()


def _shown(new: Iterable[Verdict]) -> Iterable[bool]:
    """What verdicts show the detector: of drafts that left by themselves only what was flagged, and each unsafe draft once."""
    for verdict in new:
        is_audited = verdict.entry.route == LedgerEntry.Route.PERSON
        if verdict.unsafe and (verdict.counts or not is_audited):
            if not _was_unsafe(verdict):
                yield True
        elif verdict.unsafe is False and verdict.counts and is_audited and verdict.reason != Verdict.Reason.CLEARED:
            yield False


def _was_unsafe(verdict: Verdict) -> bool:
    before = Verdict.objects.filter(entry=verdict.entry_id, pk__lt=verdict.pk).order_by("-pk")
    return bool(before.values_list("unsafe", flat=True).first())


def _due() -> QuerySet[Decision]:
    """Decisions that stand for good or were withdrawn, on drafts that the ledger has taken in if it does."""
    now = timezone.now()
    is_over = Q(decided_at__lte=now - timedelta(seconds=settings.UNDO_SECONDS) - GRACE) & ~Q(outgoing__state=OutgoingMail.State.HELD)
    is_unrouted = Q(draft__is_eligible=True, draft__routed_at=None)
    return Decision.objects.filter(Q(undone_at__isnull=False) | is_over, ~_LEFT_BY_ITSELF, ~is_unrouted, weighed_at=None)

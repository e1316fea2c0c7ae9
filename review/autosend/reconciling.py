"""What may have changed around an attempt without a verdict: its setup, its model, how good its reviewers are."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from drafting import setups
from inbox.models import OutgoingMail
from review.autosend import conditions, proving, returning, states
from review.models import UNLOCKED, Attempt, Decision

LONGEST_WAY = timedelta(minutes=30)
"""What has not left by then is a person's: its facts were looked up too long ago."""
_WAITING = (OutgoingMail.State.HELD, OutgoingMail.State.READY, OutgoingMail.State.RETRY)


def reconcile() -> None:
    """Sweep: suspend what is unlocked and must not be, see what has become proven, give back what waits for too long."""
    _suspend_what_changed()
    _judge_the_others()
    _give_back_late()


def _suspend_what_changed() -> None:
    unlocked = list(Attempt.objects.filter(state__in=UNLOCKED).select_related("category", "setup", "chooser").order_by("pk"))
    running = setups.running_parts() if unlocked else {}
    for attempt in unlocked:
        if problem := conditions.trouble(attempt, running=running):
            states.suspend(attempt=attempt, cause=problem[0], words=problem[1])


def _judge_the_others() -> None:
    """Planted drafts tell how good reviewers are, without a verdict of the ledger."""
    waiting = Attempt.objects.filter(state__in=[Attempt.State.COLLECTING, Attempt.State.READY], n__gt=0).order_by("pk")
    for attempt in waiting:
        with transaction.atomic():
            proving.judge(attempt=states.lock(attempt))


def _give_back_late() -> None:
    queued = Decision.objects.filter(kind=Decision.Kind.AUTO_SENT, undone_at=None, weighed_at=None)
    late = queued.filter(decided_at__lt=timezone.now() - LONGEST_WAY, outgoing__state__in=_WAITING)
    for decision in late.select_related("draft"):
        returning.give_back(decision=decision, words="It could not leave within half an hour.")

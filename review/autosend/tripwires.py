"""What stops a category at once, however good its proof."""

from django.contrib.auth.models import User
from django.db import transaction

from drafting.models import Draft
from inbox.models import Message
from review import ledger
from review.autosend import states, weighing
from review.models import UNLOCKED, Attempt, Flag

CAUSES = {
    Flag.Kind.LEAK: Attempt.Cause.LEAK,
    Flag.Kind.RECIPIENT: Attempt.Cause.RECIPIENT,
    Flag.Kind.PROMISE: Attempt.Cause.PROMISE,
}
"""What a person's flag stops."""


@transaction.atomic
def flag(*, draft: Draft, kind: str, words: str, by: User | None, message: Message | None = None) -> Flag:
    """Flag a reply; its verdict takes effect at once. A leak, a wrong recipient or a promise that a person reports suspends the category.

    Raises ledger.flags.NotFlagged.
    """
    made = ledger.flags.flag(draft=draft, kind=kind, words=words, by=by, message=message)
    if by and (cause := CAUSES.get(Flag.Kind(kind))):
        trip(draft=draft, cause=cause, words=words, by=by)
    _weigh(draft)
    return made


@transaction.atomic
def trip(*, draft: Draft, cause: Attempt.Cause, words: str, by: User | None) -> None:
    """Suspend whatever is unlocked of the draft's category; what is suspended and could be resumed cannot be any more."""
    of_category = Attempt.objects.filter(category=draft.category_id, ended_at=None)
    for attempt in of_category.filter(state__in=[*UNLOCKED, Attempt.State.SUSPENDED]).order_by("pk"):
        states.suspend(attempt=attempt, cause=cause, words=words, by=by)


def _weigh(draft: Draft) -> None:
    attempt = Attempt.objects.filter(entries__draft=draft, ended_at=None).first()
    if attempt:
        weighing.weigh_attempt(attempt=states.lock(attempt))

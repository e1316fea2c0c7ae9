"""What stops a category at once, however good its proof."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from drafting.models import Draft
from inbox.models import Message
from review import ledger
from review.autosend import states, weighing
from review.models import UNLOCKED, Attempt, Flag, LedgerEntry

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
    _lock_all(draft)
    made = ledger.flags.flag(draft=draft, kind=kind, words=words, by=by, message=message)
    if by and (cause := CAUSES.get(Flag.Kind(kind))):
        _trip(made, cause, words, by)
    _weigh(draft)
    return made


def _trip(flag: Flag, cause: Attempt.Cause, words: str, by: User) -> None:
    """Suspend whatever is unlocked of the draft's category. What is suspended can be resumed only once the flag was found mistaken."""
    of_category = Attempt.objects.filter(category=flag.draft.category_id, ended_at=None)
    for attempt in of_category.filter(state__in=[*UNLOCKED, Attempt.State.SUSPENDED]).order_by("pk"):
        states.suspend(attempt=attempt, cause=cause, words=words, by=by, flag=flag)


def _lock_all(draft: Draft) -> None:
    """Every attempt that a flag may change, in the order in which `_trip` takes them: two flags at once would block each other else."""
    own = LedgerEntry.objects.filter(draft=draft).values("attempt")
    found = Attempt.objects.filter(Q(category=draft.category_id, ended_at=None) | Q(pk__in=own))
    list(found.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def _weigh(draft: Draft) -> None:
    attempt = Attempt.objects.filter(entries__draft=draft, ended_at=None).first()
    if attempt:
        weighing.weigh_attempt(attempt=states.lock(attempt))

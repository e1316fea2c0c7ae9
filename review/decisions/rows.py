"""What all decisions share: the locks, what stands against one, and what is known of those that were made."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from drafting import drafts
from drafting.models import Draft
from inbox.models import Conversation, OutgoingMail
from review import claims
from review.errors import AlreadyDecided, NotOffered, Superseded
from review.few import is_one_of
from review.models import Decision

State = Draft.State
OFFERED = (State.READY, State.HANDED_OVER)
LIVE = (State.QUEUED, State.WRITING, *OFFERED)


def reply_missing() -> QuerySet[Decision]:
    """What was taken over and still waits for a reply: nothing has gone out in the conversation since."""
    since = OutgoingMail.objects.filter(conversation=OuterRef("draft__conversation"), created_at__gt=OuterRef("decided_at"))
    open_still = Decision.objects.filter(kind=Decision.Kind.TAKEN_OVER, outgoing__isnull=True, undone_at__isnull=True)
    taken = Decision.objects.filter(is_one_of(open_still.values("pk")))
    return taken.exclude(Exists(since.exclude(state=OutgoingMail.State.CANCELLED)))


def standing_decision(draft: Draft) -> Decision | None:
    """The decision that stands on a draft, with who made it and the mail that followed."""
    return Decision.objects.select_related("by", "outgoing").defer("outgoing__mime").filter(draft=draft, undone_at__isnull=True).first()


def hold(draft: Draft, by: User, *, states: Collection[str]) -> None:
    """Lock the draft and raise what stands against deciding it."""
    lock(draft.conversation_id)
    locked = Draft.objects.select_for_update(of=("self",)).select_related("claim__by").get(pk=draft.pk)
    if locked.state in states:
        _require_unclaimed(locked, by)
    elif decision := standing_decision(locked):
        raise AlreadyDecided(decision)
    elif locked.state in LIVE:
        raise NotOffered
    else:
        raise Superseded


def lock(conversation_id: int) -> None:
    """Of two who act on a conversation at once the second waits here."""
    Conversation.objects.select_for_update().only("pk").get(pk=conversation_id)


def record(*, draft: Draft, by: User, kind: str, **said: Any) -> Decision:
    """Mark the draft decided and keep the decision; `said` are further fields of it. The claim ends."""
    drafts.mark_decided(draft=draft)
    opened_at = claims.end(draft=draft, by=by)
    # Who opens a mail while the assistant is still writing can read the draft only once it is there.
    since = max(opened_at, draft.finished_at or opened_at) if opened_at else None
    seconds_open = int((timezone.now() - since).total_seconds()) if since else None
    return Decision.objects.create(draft=draft, by=by, kind=kind, seconds_open=seconds_open, **said)


def taken_over(draft: Draft, by: User) -> Decision:
    """The take-over by `by` that still waits for a reply, with its conversation locked."""
    lock(draft.conversation_id)
    decision = reply_missing().filter(draft=draft, by=by).first()
    if decision:
        return decision
    if standing := standing_decision(draft):
        raise AlreadyDecided(standing)
    raise NotOffered


def withdraw(decision: Decision) -> None:
    """It does not stand any more; it stays on record. The ledger takes notice again."""
    Decision.objects.filter(pk=decision.pk).update(undone_at=timezone.now(), weighed_at=None)


def _require_unclaimed(draft: Draft, by: User) -> None:
    claim = claims.standing(getattr(draft, "claim", None))
    if claim and claim.by_id != by.pk:
        raise claims.ClaimedByOther(claim)

"""The states of an attempt. This module alone writes `Attempt.state`: each step a Transition row and an entry in the audit log.

collecting ⇄ ready → ramp 10 % → ramp 50 % → auto; from the last three to suspended, and back to the ramp; from anywhere to ended.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from drafting.models import Category, Setup
from inbox import outbox
from inbox.models import OutgoingMail
from review import audit_log, webhooks
from review.autosend import conditions
from review.autosend.errors import NotNow
from review.autosend.numbering import number_of
from review.models import Attempt, Decision, Flag, Transition, Webhook

State, Cause = Attempt.State, Attempt.Cause
SHARE = {State.RAMP_10: 0.1, State.RAMP_50: 0.5, State.AUTO: 1.0}
"""Which share of the drafts may leave by themselves in each unlocked state."""
_NEXT = {State.RAMP_10: State.RAMP_50, State.RAMP_50: State.AUTO}


def lock(attempt: Attempt) -> Attempt:
    """The attempt as it stands, for whoever changes it next; others wait."""
    related = Attempt.objects.select_related("category", "setup", "chooser")
    return related.select_for_update(of=("self",), no_key=True).get(pk=attempt.pk)


@transaction.atomic
def begin(*, category: Category, setup: Setup, chooser: Setup, at: datetime | None = None) -> Attempt:
    """Begin an attempt, from zero. Where another worker was first it is theirs."""
    about = {"category": category, "setup": setup, "chooser": chooser}
    try:
        with transaction.atomic():
            attempt = Attempt.objects.create(**about, number=number_of(category, at=at), began_at=at or timezone.now())
            _note(attempt, before="", words="", by=None, at=at)
            audit_log.record(act="auto_send.begun", **_told(attempt))
            return attempt
    except IntegrityError:
        return lock(Attempt.objects.get(**about, ended_at=None))


@transaction.atomic
def unlock(*, attempt: Attempt, by: User, typed: str, at: datetime | None = None) -> Attempt:
    """Let a proven category send by itself, from the first step of the ramp. `typed` is its name. Raises NotNow."""
    locked = lock(attempt)
    if against := conditions.why_not_unlock(locked, at=at):
        raise NotNow(" ".join(against))
    if typed.strip() != locked.category.name:
        raise NotNow(f"Type the name of the category, {locked.category.name}, to unlock it.")
    words = f"{locked.n} reviews, {locked.k} of them unsafe."
    _open(locked, words=words, by=by, at=at)
    audit_log.record(act="auto_send.unlocked", **_told(locked, words, by))
    return locked


@transaction.atomic
def advance(*, attempt: Attempt, ramp_sends: int, at: datetime | None = None) -> None:
    """Go on with the ramp once `ramp_sends` mails left in the present step. The caller has locked the attempt."""
    after = _NEXT.get(State(attempt.state))
    if after and attempt.step_sends >= ramp_sends:
        words = f"After {attempt.step_sends} replies in the step before."
        _step(attempt, after, words=words, at=at, values={"step_sends": 0})
        audit_log.record(act="auto_send.advanced", **_told(attempt, words))


@transaction.atomic
def suspend(
    *,
    attempt: Attempt,
    cause: Attempt.Cause,
    words: str,
    by: User | None = None,
    flag: Flag | None = None,
    at: datetime | None = None,
) -> bool:
    """Stop an unlocked attempt at once and hold its queued mail back. Says whether anything changed.

    What is suspended already is so for the new cause where that is graver. `flag` is what a person says of a reply; it stands behind the
    suspension until it is found mistaken.
    """
    locked = lock(attempt)
    if not (locked.is_unlocked or locked.state == State.SUSPENDED):
        return False
    if flag and flag.pk not in locked.flagged:
        locked.flagged = [*locked.flagged, flag.pk]
        locked.save(update_fields=["flagged"])
    if not locked.is_unlocked and _gravity(cause) <= _gravity(locked.cause):
        return False
    _step(locked, State.SUSPENDED, cause=cause, words=words, by=by, at=at)
    audit_log.record(act="auto_send.suspended", **_told(locked, words, by))
    _stop_sending(locked, words, by)
    return True


@transaction.atomic
def resume(*, attempt: Attempt, by: User, words: str, at: datetime | None = None) -> Attempt:
    """Go on after a suspension that says nothing about quality (any more), from the first step of the ramp. Raises NotNow."""
    locked = lock(attempt)
    _require_words(words)
    if against := conditions.why_not_resume(locked, at=at):
        raise NotNow(" ".join(against))
    _open(locked, words=words, by=by, at=at)
    audit_log.record(act="auto_send.resumed", **_told(locked, words, by))
    return locked


@transaction.atomic
def earn_again(*, attempt: Attempt, by: User, words: str, at: datetime | None = None) -> Attempt | None:
    """End a suspended attempt; the next begins from zero. Returns that one, or None where its setup is not in use. Raises NotNow."""
    locked = lock(attempt)
    _require_words(words)
    if locked.state != State.SUSPENDED:
        raise NotNow("Only what is suspended can be earned again.")
    end(attempt=locked, cause=Cause.AGAIN, words=words, by=by, at=at)
    if not conditions.is_in_use(locked):
        return None
    return begin(category=locked.category, setup=locked.setup, chooser=locked.chooser, at=at)


@transaction.atomic
def end(*, attempt: Attempt, cause: Attempt.Cause, words: str, by: User | None = None, at: datetime | None = None) -> None:
    """What was proven counts no more. Queued mail is held back."""
    locked = lock(attempt)
    if locked.state == State.ENDED:
        return
    was_unlocked = locked.is_unlocked
    _step(locked, State.ENDED, cause=cause, words=words, by=by, at=at, values={"ended_at": at or timezone.now()})
    audit_log.record(act="auto_send.ended", **_told(locked, words, by))
    if was_unlocked:
        _stop_sending(locked, words, by)


def can_resume(attempt: Attempt) -> bool:
    """Whether it is suspended for what says nothing about quality."""
    return attempt.state == State.SUSPENDED and conditions.is_resumable(attempt)


def mark_ready(*, attempt: Attempt, words: str, at: datetime | None = None) -> None:
    """It is proven. The caller has locked the attempt."""
    _step(attempt, State.READY, words=words, at=at)
    audit_log.record(act="auto_send.ready", **_told(attempt, words))


def mark_unproven(*, attempt: Attempt, words: str, at: datetime | None = None) -> None:
    """It was ready, and is not proven any more. The caller has locked the attempt."""
    _step(attempt, State.COLLECTING, words=words, at=at)
    audit_log.record(act="auto_send.unproven", **_told(attempt, words))


def _open(attempt: Attempt, *, words: str, by: User, at: datetime | None) -> None:
    """From the first step of the ramp. What the detector has seen stays: a pause is no reason to forget it."""
    fresh = {"unlocked_by": by, "unlocked_at": at or timezone.now(), "drift": attempt.drift, "step_sends": 0, "flagged": []}
    _step(attempt, State.RAMP_10, words=words, by=by, at=at, values=fresh)


def _gravity(cause: str) -> int:
    """The graver a cause, the more it takes to go on after it: a reason, flags that were mistaken, a new proof."""
    return 0 if cause in conditions.RESUMABLE else 1 if cause in conditions.FLAGGED else 2


def _step(
    attempt: Attempt,
    after: Attempt.State,
    *,
    words: str,
    cause: str = "",
    by: User | None = None,
    at: datetime | None = None,
    values: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    before = attempt.state
    for name, value in {"state": after, "cause": cause, **values}.items():
        setattr(attempt, name, value)
    attempt.save(update_fields=["state", "cause", *values])
    _note(attempt, before=before, words=words, by=by, at=at)


def _note(attempt: Attempt, *, before: str, words: str, by: User | None, at: datetime | None) -> None:
    about = {"before": before, "after": attempt.state, "cause": attempt.cause, "n": attempt.n, "k": attempt.k}
    Transition.objects.create(attempt=attempt, words=words, by=by, at=at or timezone.now(), **about)


def _told(attempt: Attempt, words: str = "", by: User | None = None) -> dict[str, Any]:
    """What the audit log says of a step."""
    return {"by": by, "about": attempt.category.name, "words": words, "attempt": attempt.pk, "n": attempt.n, "k": attempt.k}


def _stop_sending(attempt: Attempt, words: str, by: User | None) -> None:
    """Hold back what has not left, and tell other systems."""
    # Ids first: the UPDATE then looks at the mails alone, and at each as it is once nobody else changes it.
    queued = Decision.objects.filter(attempt=attempt, kind=Decision.Kind.AUTO_SENT, undone_at=None, weighed_at=None)
    mails = list(queued.values_list("outgoing", flat=True))
    outbox.hold_back(mails=OutgoingMail.objects.filter(pk__in=mails), words=f"Auto-send of {attempt.category} was suspended. {words}")
    step = attempt.transitions.order_by("-pk").first()
    assert step is not None
    data = {
        "attempt_id": attempt.pk,
        "category": attempt.category.slug,
        "setup_id": attempt.setup_id,
        "cause": attempt.cause,
        "by_id": by.pk if by else None,
    }
    webhooks.announce(event=Webhook.Event.AUTO_SEND_SUSPENDED, id=f"auto-send-suspended-{step.pk}", data=data, at=step.at)


def _require_words(words: str) -> None:
    if not words.strip():
        raise NotNow("Say why; it is kept with the category.")

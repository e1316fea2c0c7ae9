"""Categories at each stage of their proof, as rows; what makes such rows in earnest has tests of its own."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from drafting.models import CanaryRun, Category, Draft, Setup
from review.models import Attempt, Decision, EvidencePoint, LedgerEntry, PlantedDraft, Switch, Terms, Transition, Verdict
from tests.drafting.factories import make_category, make_draft, make_message
from tests.review.factories import activate, make_person

State = Attempt.State
WAYS = {
    State.COLLECTING: [],
    State.READY: [State.READY],
    State.RAMP_10: [State.READY, State.RAMP_10],
    State.RAMP_50: [State.READY, State.RAMP_10, State.RAMP_50],
    State.AUTO: [State.READY, State.RAMP_10, State.RAMP_50, State.AUTO],
    State.SUSPENDED: [State.READY, State.RAMP_10, State.SUSPENDED],
}
"""How an attempt comes to a state; the database lets it take no other way."""


def make_terms(category: Category | None = None, *, by: User | None = None, **about: Any) -> Terms:
    """Terms in force, by an admin."""
    values = {"category": category or make_category(), "by": by or make_person("admin"), "in_force_at": timezone.now()}
    return Terms.objects.create(**values | about)


def make_attempt(
    state: str = State.COLLECTING, *, n: int = 0, unsafe: tuple[int, ...] = (), cause: str = "", by: User | None = None, **about: Any
) -> Attempt:
    """An attempt of the setup in use that has come to `state` after `n` verdicts, those at the positions `unsafe` unsafe, by `by`."""
    setup = about.get("setup") or Setup.objects.first() or activate()
    began = timezone.now() - timedelta(days=3)
    values = {"category": about.get("category") or make_category(), "setup": setup, "chooser": setup, "began_at": began}
    attempt = Attempt.objects.create(**values | about)
    step(attempt, State.COLLECTING, before="", at=began)
    _fill(attempt, n, unsafe, by or make_person())
    for after in WAYS[State(state)]:
        move(attempt, after, cause=cause if after == State.SUSPENDED else "")
    return attempt


def move(attempt: Attempt, after: str, *, cause: str = "", by: User | None = None, words: str = "") -> None:
    """Take one step."""
    before, attempt.state, attempt.cause = attempt.state, after, cause
    if after == State.RAMP_10:
        attempt.unlocked_by, attempt.unlocked_at = by or make_person("admin"), timezone.now()
    attempt.save()
    step(attempt, after, before=before, cause=cause, by=by, words=words)


def step(attempt: Attempt, after: str, *, before: str, at: datetime | None = None, **about: Any) -> None:
    """Note a step."""
    Transition.objects.create(attempt=attempt, before=before, after=after, n=attempt.n, k=attempt.k, at=at or timezone.now(), **about)


def enter(
    attempt: Attempt, draft: Draft | None = None, *, reason: str = "approved", unsafe: bool | None = False, **about: Any
) -> LedgerEntry:
    """One more draft in the ledger, with a verdict unless `reason` is empty."""
    now = timezone.now()
    attempt.entered += 1
    values = {"attempt": attempt, "draft": draft, "position": attempt.entered, "why": "collecting", "at": now}
    settled = {"unsafe": unsafe, "settled_at": now} if reason else {}
    entry = LedgerEntry.objects.create(**values | settled | about)
    if reason:
        find(entry, reason, unsafe=unsafe)
    attempt.save()
    return entry


def find(entry: LedgerEntry, reason: str, *, unsafe: bool | None, **about: Any) -> Verdict:
    """Something that was found out about a draft."""
    values = {"by": make_person(), "seconds": 12, "at": timezone.now(), "counts": unsafe is not None}
    return Verdict.objects.create(entry=entry, reason=reason, unsafe=unsafe, **values | about)


def plant(reviewer: User, *, caught: int, missed: int = 0) -> None:
    """Planted drafts that a reviewer judged."""
    now, message = timezone.now(), make_message()
    decided = {"message": message, "conversation": message.conversation, "state": Draft.State.DECIDED}
    drafts = Draft.objects.bulk_create(Draft(**decided) for _ in range(caught + missed))
    about = {"reviewer": reviewer, "kind": "amount", "start": 0, "end": 7, "words": "A wrong amount."}
    judged = {"shown_at": now, "judged_at": now, "seconds": 9}
    PlantedDraft.objects.bulk_create(
        PlantedDraft(draft=draft, body=f"Planted {draft.pk}", caught=number < caught, **about, **judged)
        for number, draft in enumerate(drafts)
    )


def confirm_model(setup: Setup) -> None:
    """The model answered the canaries as pinned, just now."""
    CanaryRun.objects.create(setup=setup, result=CanaryRun.Result.SAME, milliseconds=3)


def stop(by: User, words: str = "") -> None:
    """All auto-send is stopped."""
    Switch.objects.update_or_create(pk=1, defaults={"stopped_at": timezone.now(), "by": by, "words": words})


def decided_draft() -> Draft:
    """A draft that nobody has to decide any more."""
    return make_draft(state=Draft.State.DECIDED)


def _fill(attempt: Attempt, n: int, unsafe: tuple[int, ...], by: User) -> None:
    now = timezone.now()
    settled = {"why": "collecting", "settled_at": now, "at": now}
    entries = [LedgerEntry(attempt=attempt, position=place, unsafe=place in unsafe, **settled) for place in range(1, n + 1)]
    entries = LedgerEntry.objects.bulk_create(entries)
    decision = Decision.objects.create(draft=decided_draft(), kind=Decision.Kind.NO_REPLY, by=by, weighed_at=now)
    about = {"by": by, "seconds": 12, "at": now, "counts": True, "decision": decision}
    Verdict.objects.bulk_create(
        Verdict(entry=entry, unsafe=entry.unsafe, reason="rejected" if entry.unsafe else "approved", **about) for entry in entries
    )
    told = [(place, sum(each <= place for each in unsafe)) for place in range(1, n + 1)]
    EvidencePoint.objects.bulk_create(EvidencePoint(attempt=attempt, n=place, k=k, at=now) for place, k in told)
    attempt.n = attempt.settled_to = attempt.entered = n
    attempt.k = len(unsafe)
    attempt.reviewers = {str(by.pk): n}
    attempt.save()

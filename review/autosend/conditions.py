"""What stands against unlocking, resuming and sending, in words for people. Reads only."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from drafting import setups
from drafting.models import CanaryRun
from review.autosend import switch
from review.ledger import evidence
from review.models import Attempt, Flag, Terms

FRESH = timedelta(hours=3)
"""So long an answer of the model to the canaries vouches for it; they are asked hourly."""
JUST_NOW = timedelta(minutes=15)
"""So recent it must be before a category is unlocked."""
Cause = Attempt.Cause
RESUMABLE = (Cause.PERSON, Cause.CAP, Cause.SETUP, Cause.MODEL)
"""What a suspension may be for that says nothing about the quality of drafts."""
FLAGGED = (Cause.LEAK, Cause.RECIPIENT, Cause.PROMISE)
"""What people flag a reply for; it says nothing once every flag behind the suspension was found mistaken."""


def why_not_unlock(attempt: Attempt, *, at: datetime | None = None) -> list[str]:
    """What stands against unlocking now; empty where nothing does."""
    if attempt.state not in {Attempt.State.COLLECTING, Attempt.State.READY}:
        return [f"It is not waiting to be unlocked: {attempt.get_state_display().lower()}."]
    found = evidence.standing(attempt, at=at)
    unproven = [] if attempt.state == Attempt.State.READY and found.is_proven else [f"It is not proven yet: {found.words}"]
    return [*unproven, *_against(attempt, within=JUST_NOW, at=at)]


def why_not_resume(attempt: Attempt, *, at: datetime | None = None) -> list[str]:
    """What stands against resuming now; empty where nothing does."""
    if attempt.state != Attempt.State.SUSPENDED:
        return ["It is not suspended."]
    if not is_resumable(attempt):
        return [f"It has to be earned again from the start: {attempt.get_cause_display().lower()}."]
    found = evidence.standing(attempt, at=at)
    unproven = [] if found.is_proven else [f"The proof does not stand any more: {found.words}"]
    return [*unproven, *_against(attempt, within=FRESH, at=at)]


def is_resumable(attempt: Attempt) -> bool:
    """Whether what suspended it says nothing about the quality of drafts."""
    return attempt.cause in RESUMABLE or (attempt.cause in FLAGGED and _were_mistaken(attempt.flagged))


def trouble(attempt: Attempt, *, running: Mapping[str, Any] | None = None) -> tuple[Cause, str] | None:
    """Why the attempt's proof says nothing about what is drafted now: its setup is not what runs, or its model not what was pinned.

    `running` are the parts that run here, if they are known (see `setups.running_parts`).
    """
    if words := _other_setup(attempt, running or setups.running_parts()):
        return Cause.SETUP, words
    if other := [run for run in _answers(attempt) if run.result == CanaryRun.Result.DIFFERENT]:
        return Cause.MODEL, f"The model does not answer as it did when {other[0].setup} was pinned."
    return None


def is_confirmed(attempt: Attempt, *, within: timedelta = FRESH, at: datetime | None = None) -> bool:
    """Whether the models of the attempt's setups answered the canaries as when they were pinned, and did so lately."""
    found = _answers(attempt)
    since = (at or timezone.now()) - within
    lately = {run.setup_id for run in found if run.result == CanaryRun.Result.SAME and run.at >= since}
    return lately == {attempt.setup_id, attempt.chooser_id}


def is_in_use(attempt: Attempt) -> bool:
    """Whether the attempt's setups are those that draft for its category now."""
    return used_for(attempt.category_id) == (attempt.setup_id, attempt.chooser_id)


def used_for(category_id: int) -> tuple[int | None, int | None]:
    """The ids of the setup that drafts for a category now, and of the one that chooses categories."""
    used = {category: setup.pk for category, setup in setups.by_category().items()}
    return used.get(category_id, used.get(None)), used.get(None)


def is_within_hours(terms: Terms, *, at: datetime) -> bool:
    """Whether replies may leave by themselves at this time of the installation. Hours over midnight are those of the day they begin on."""
    here = at.astimezone(timezone.get_default_timezone())
    begin, end, now = terms.from_hour, terms.until_hour, here.time()
    if begin is None or end is None:
        return here.weekday() in terms.weekdays
    is_within = begin <= now < end if begin < end else not end <= now < begin
    began = here - timedelta(days=1) if now < end < begin else here
    return is_within and began.weekday() in terms.weekdays


def _were_mistaken(flags: list[int]) -> bool:
    """Whether a person has cleared each of these flags. One that went with an erased draft nobody can clear."""
    return bool(flags) and Flag.objects.filter(pk__in=flags, cleared_at__isnull=False).count() == len(flags)


def _against(attempt: Attempt, *, within: timedelta, at: datetime | None) -> list[str]:
    found = []
    if next(evidence.terms_in_force([attempt.category_id]), None) is None:
        found.append("Its terms are not in force.")
    if switch.standing().stopped_at:
        found.append("All auto-send is stopped; allow it again first.")
    if problem := trouble(attempt):
        found.append(problem[1])
    elif not is_confirmed(attempt, within=within, at=at):
        limit = "3 hours" if within == FRESH else "15 minutes"
        found.append(f"The model was not confirmed within the last {limit}; have its canaries checked under Setup.")
    return found


def _other_setup(attempt: Attempt, running: Mapping[str, Any]) -> str:
    if not is_in_use(attempt):
        return f"{attempt.setup} does not draft for this category any more."
    for setup in (attempt.setup, attempt.chooser):
        if differing := [part for part, value in running.items() if setup.parts.get(part) != value]:
            return f"What runs differs from {setup}: {', '.join(differing)}."
    return ""


def _answers(attempt: Attempt) -> list[CanaryRun]:
    """The newest run that got an answer, of each of the two setups."""
    asked = CanaryRun.objects.filter(setup__in=[attempt.setup_id, attempt.chooser_id]).exclude(result=CanaryRun.Result.UNAVAILABLE)
    return list(asked.order_by("setup_id", "-pk").distinct("setup_id").select_related("setup"))

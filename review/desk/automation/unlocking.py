"""What an admin is told before a category is unlocked, or goes on after a suspension."""

from dataclasses import dataclass

from django.utils import timezone

from drafting.models import CanaryRun, Category, SetupJob
from review import autosend
from review.autosend.conditions import JUST_NOW
from review.desk import setup_jobs, words
from review.desk.automation.page import terms_facts
from review.desk.automation.states import Next, next_step
from review.desk.setup_jobs import Job
from review.ledger import evidence
from review.models import Attempt

_OPEN = (SetupJob.State.WAITING, SetupJob.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Canaries:
    """When a setup's model last answered the canaries as pinned."""

    setup: str
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Unlocking:
    """The page before an act. `against` is what stands against it, in words; `job` is a check of the canaries that is open or failed."""

    category: Category
    attempt: Attempt | None
    cause: str
    next: Next
    against: list[str]
    can_resume: bool
    terms: list[tuple[str, str]]
    canaries: list[Canaries]
    job: Job | None


def unlocking(category: Category) -> Unlocking:
    """Before unlocking."""
    attempt = autosend.open_attempt(category)
    against = autosend.why_not_unlock(attempt) if attempt else ["No draft of this category has been judged under the setup in use."]
    return _told(category, attempt, against)


def resuming(category: Category) -> Unlocking:
    """Before going on."""
    attempt = autosend.open_attempt(category)
    return _told(category, attempt, autosend.why_not_resume(attempt) if attempt else ["It is not suspended."])


def _told(category: Category, attempt: Attempt | None, against: list[str]) -> Unlocking:
    terms = autosend.terms.of(category)
    setups = {attempt.setup_id, attempt.chooser_id} if attempt else set()
    return Unlocking(
        category=category,
        attempt=attempt,
        cause=attempt.get_cause_display() if attempt else "",
        next=next_step(terms, attempt, evidence.standing(attempt) if attempt else None),
        against=against,
        can_resume=attempt is not None and autosend.states.can_resume(attempt),
        terms=terms_facts(terms) if terms else [],
        canaries=_canaries(setups),
        job=_job(setups),
    )


def _canaries(setups: set[int]) -> list[Canaries]:
    """The newest answer of each setup, whatever it was."""
    asked = CanaryRun.objects.filter(setup__in=setups).exclude(result=CanaryRun.Result.UNAVAILABLE)
    found = {run.setup_id: run for run in asked.order_by("setup", "-pk").distinct("setup")}
    return [_line(setup, found.get(setup)) for setup in sorted(setups)]


def _line(setup: int, run: CanaryRun | None) -> Canaries:
    name = f"Setup {setup}"
    if run is None:
        return Canaries(name, "has not been checked yet", "amber")
    age = words.age(run.at)
    since = "just now" if age == "now" else f"{age} ago"
    if run.result == CanaryRun.Result.DIFFERENT:
        return Canaries(name, f"did not answer as pinned {since}", "red")
    return Canaries(name, f"answered as pinned {since}", "green" if timezone.now() - run.at < JUST_NOW else "amber")


def _job(setups: set[int]) -> Job | None:
    """The check that goes on, or the newest one where that failed: then it says why."""
    checks = SetupJob.objects.filter(setup__in=setups, kind=SetupJob.Kind.CHECK).select_related("setup")
    newest = checks.filter(state__in=_OPEN).first() or checks.order_by("-pk").first()
    return setup_jobs.shown(newest) if newest and newest.state != SetupJob.State.DONE else None

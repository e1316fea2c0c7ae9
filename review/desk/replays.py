"""Replays as pages show them: the list, one with its counts and its mails, and one mail beside what it is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from drafting import replays
from drafting.models import Replay, ReplayRun
from drafting.replays import comparison
from drafting.replays.comparison import Progress, Row
from review import access
from review.desk import words

Verdict = ReplayRun.Verdict
State = ReplayRun.State
SHOWN = 30
PAGE = 50
TONES = {Verdict.SAME: "quiet", Verdict.BETTER: "green", Verdict.WORSE: "red", Verdict.BLOCKED: "amber", Verdict.UNCLEAR: "quiet"}
STATE_TONES = {Replay.State.RUNNING: "accent", Replay.State.PAUSED: "amber", Replay.State.FINISHED: "green"}
FILTERS: dict[str, tuple[str, Q]] = {
    "": ("All", Q()),
    **{verdict.value: (verdict.label, Q(verdict=verdict)) for verdict in Verdict},
    "failed": ("Failed", Q(state=State.FAILED)),
    "handed-over": ("Handed over", ~Q(hand_over_reason="")),
    "unrecorded": ("Asked what was not recorded", ~Q(unrecorded=[])),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A replay in the list."""

    name: str
    url: str
    choice: str
    setup: str
    state: str
    tone: str
    progress: Progress
    by: str
    at: words.Moment


@dataclass(frozen=True, slots=True)
class Counts:
    """A row of the comparison. `verdict_counts` are numbers by the names of the verdicts, `shares` are pass^k by k."""

    category: str
    mails: int
    verdict_counts: list[tuple[str, int]]
    hand_overs: int
    failures: int
    agreement: str
    shares: list[tuple[int, str]]
    test: str


@dataclass(frozen=True, slots=True)
class Results:
    """How far a replay is and what it found so far. `poll_url` is empty once nothing will change by itself."""

    replay: Replay
    state: str
    tone: str
    words: str
    progress: Progress
    left: str
    rows: list[Counts]
    verdicts: list[str]
    numbers: list[int]
    asked_in_vain: str
    was_were: str
    is_live: bool
    has_recorded: bool
    poll_url: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of a replay in the list."""

    url: str
    sender: str
    subject: str
    category: str
    verdict: str
    tone: str
    agreement: str
    unrecorded: int


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice of mails."""

    name: str
    url: str
    is_chosen: bool


def lines() -> list[Line]:
    """The newest replays."""
    through = Count("runs", filter=Q(runs__state__in=[State.DONE, State.FAILED]))
    failed = Count("runs", filter=Q(runs__state=State.FAILED))
    found = (
        Replay.objects.select_related("setup", "by")
        .defer("setup__parts", "rules")
        .annotate(n=Count("runs"), through=through, failed=failed)
    )
    return [_line(replay, Progress(replay.n, replay.through, replay.failed)) for replay in found.order_by("-pk")[:SHOWN]]


def _line(replay: Replay, progress: Progress) -> Line:
    return Line(
        name=str(replay),
        url=reverse("replay", args=[replay.pk]),
        choice=replay.choice,
        setup=f"{replay.setup}, {replay.setup.model}",
        state=replay.get_state_display(),
        tone=STATE_TONES[Replay.State(replay.state)],
        progress=progress,
        by=words.person(replay.by),
        at=words.moment(replay.created_at),
    )


def results(replay: Replay) -> Results:
    """The counts of a replay so far."""
    progress, rows = comparison.progress(replay), comparison.rows(replay)
    numbers = sorted({k for row in rows for k in row.pass_hats if k > 1})
    goes_on = replay.state == Replay.State.RUNNING or (replay.state == Replay.State.PAUSED and replay.due_at is not None)
    return Results(
        replay=replay,
        state=replay.get_state_display(),
        tone=STATE_TONES[Replay.State(replay.state)],
        words=replay.words or ("" if progress.at_work else replays.waits_for(replay)),
        progress=progress,
        left=_left(progress) if replay.state == Replay.State.RUNNING else "",
        rows=[_counts(row, numbers) for row in rows],
        verdicts=[verdict.label for verdict in Verdict],
        numbers=numbers,
        asked_in_vain=words.count(rows[0].asked_in_vain, "thing") if rows[0].asked_in_vain else "",
        was_were="was" if rows[0].asked_in_vain == 1 else "were",
        is_live=progress.live > 0,
        has_recorded=progress.live < progress.runs,
        poll_url=reverse("replay_results", args=[replay.pk]) if goes_on else "",
    )


def _counts(row: Row, numbers: list[int]) -> Counts:
    return Counts(
        category=row.category,
        mails=row.mails,
        verdict_counts=[(verdict.label, row.verdicts[verdict]) for verdict in Verdict],
        hand_overs=row.hand_overs,
        failures=row.failures,
        agreement=_agreement(row.close, row.close_before),
        shares=[(k, f"{row.pass_hats[k]:.0%}" if k in row.pass_hats else "") for k in numbers],
        test=row.test,
    )


def _left(progress: Progress) -> str:
    """About how long it will take, as long as nothing else wants the model."""
    milliseconds = (progress.runs - progress.through) * progress.mean_milliseconds / settings.REPLAYS_AT_ONCE
    return f"about {words.span(timedelta(milliseconds=milliseconds))} left" if milliseconds else ""


def filters(results: Results, chosen: str) -> list[Filter]:
    """The choices of mails, those that a comparison with recorded drafts knows only where there are any."""
    url = reverse("replay", args=[results.replay.pk])
    return [
        Filter(name, f"{url}?show={key}#mails" if key else f"{url}#mails", key == chosen)
        for key, (name, _) in FILTERS.items()
        if results.has_recorded or key not in {*Verdict.values, "unrecorded"}
    ]


def mails(replay: Replay, asked: Mapping[str, str], *, user: User) -> tuple[list[Mail], str]:
    """One page of the mails that `asked` chooses (show, after) of those that `user` may see, and the address of the next page."""
    show, after = asked.get("show", ""), words.said_id(asked.get("after", ""))
    _, wanted = FILTERS.get(show, FILTERS[""])
    runs = _first_runs(replay, user).filter(wanted, pk__gt=after).order_by("pk")
    found = list(runs[: PAGE + 1])
    last = found[PAGE - 1].pk if len(found) > PAGE else None
    more = f"{reverse('replay', args=[replay.pk])}?show={show if show in FILTERS else ''}&after={last}#mails" if last else ""
    return [_mail(run) for run in found[:PAGE]], more


def _first_runs(replay: Replay, user: User) -> QuerySet[ReplayRun]:
    runs = access.replay_runs(user).filter(replay=replay, number=1, state__in=[State.DONE, State.FAILED])
    runs = runs.select_related("message", "category", "draft__category")
    return runs.only(
        *("state", "verdict", "agreement", "agreement_before", "unrecorded", "hand_over_reason", "replay_id"),
        *("message__from_name", "message__from_address", "message__subject", "category__name", "draft__category__name"),
    )


def _mail(run: ReplayRun) -> Mail:
    category = run.draft.category if run.draft and run.draft.category else run.category
    verdict, tone = verdict_of(run)
    return Mail(
        url=reverse("replay_mail", args=[run.replay_id, run.pk]),
        sender=run.message.from_name or run.message.from_address or "Unknown sender",
        subject=run.message.subject or "(no subject)",
        category=category.name if category else "",
        verdict=verdict,
        tone=tone,
        agreement=agreement_words(run),
        unrecorded=len(run.unrecorded),
    )


def verdict_of(run: ReplayRun) -> tuple[str, str]:
    """What became of a run, in a word, and its tone."""
    if run.state == State.FAILED:
        return "Failed", "red"
    if run.verdict:
        return Verdict(run.verdict).label, TONES[Verdict(run.verdict)]
    return ("Handed over", "amber") if run.hand_over_reason else ("Reply", "quiet")


def agreement_words(run: ReplayRun) -> str:
    """How close to the reply that was sent, before and now."""
    return _agreement(run.agreement, run.agreement_before)


def _agreement(now: float | None, before: float | None) -> str:
    if now is None:
        return ""
    return f"{before:.0%} → {now:.0%}" if before is not None else f"{now:.0%}"

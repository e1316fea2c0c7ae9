"""What a category lost when its setup changed, and how far a replay of the new setup suggests that it will hold. Suggests: never proof."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from drafting.models import Replay, ReplayRun, Setup
from review.desk import words
from review.desk.automation.shares import percent
from review.models import Attempt

Verdict = ReplayRun.Verdict
HELD = (Verdict.SAME, Verdict.BETTER)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the newest replay of a setup found for a category."""

    replay_id: int
    mails: int
    held: int
    worse: int
    blocked: int


@dataclass(frozen=True, slots=True)
class Lost:
    """What was lost, what a replay suggests, and where to look at it or to start one."""

    words: str
    suggests: str
    url: str
    link: str


Key = tuple[int, int]


def lost(attempts: Sequence[Attempt], current: Attempt | None) -> Attempt | None:
    """Of a category's attempts, newest first, the one whose proof went before that of the setups in use, `current` if it has begun.

    None where there is none to speak of; it is told until the new proof has come as far.
    """
    before = next((each for each in attempts if each.n and (current is None or each.pk < current.pk)), None)
    if before is None or (current and (current.state != Attempt.State.COLLECTING or current.n >= before.n)):
        return None
    return before


def shown(before: Attempt, setup: Setup, chooser_id: int, found: Replayed | None, *, links: bool) -> Lost:
    """`before` in words, with what a replay of `setup` found; `links` for those who may open replays."""
    had, begins = _begun_again(before, setup, chooser_id)
    reviews = words.count(before.n, "review" if before.k else "clean review")
    unsafe = f", {before.k:,} of them unsafe" if before.k else ""
    said = f"{had} had {reviews}{unsafe}; {begins} begins again."
    about = urlencode({"setup": setup.pk, "category": before.category_id})
    if found is None:
        start = f"{reverse('replays')}?{about}"
        return Lost(said, f"No replay has tried {setup} on past mail of this category yet.", start if links else "", "Start a replay")
    url = reverse("replay", args=[found.replay_id])
    return Lost(said, _suggests(found, setup), url if links else "", "Look at the replay")


def replayed(keys: Collection[Key]) -> dict[Key, Replayed]:
    """By setup and category, what the newest replay of the setup found; in one query."""
    if not keys:
        return {}
    newest = Replay.objects.filter(setup__in={setup for setup, _ in keys}).order_by().values("setup").annotate(newest=Max("pk"))
    runs = ReplayRun.objects.filter(replay__in=newest.values("newest"), number=1, state=ReplayRun.State.DONE).exclude(verdict="")
    rows = runs.annotate(about=Coalesce("draft__category", "category")).order_by().values("replay", "replay__setup", "about")
    counted = rows.annotate(
        mails=Count("pk"),
        held=Count("pk", filter=Q(verdict__in=HELD)),
        worse=Count("pk", filter=Q(verdict=Verdict.WORSE)),
        blocked=Count("pk", filter=Q(verdict=Verdict.BLOCKED)),
    )
    return {(row["replay__setup"], row["about"]): _replayed(row) for row in counted if (row["replay__setup"], row["about"]) in keys}


def _replayed(row: Mapping[str, Any]) -> Replayed:
    return Replayed(row["replay"], row["mails"], row["held"], row["worse"], row["blocked"])


def _suggests(found: Replayed, setup: Setup) -> str:
    return (
        f"Replay {found.replay_id} suggests that about {percent(found.held / found.mails)} of it will hold with {setup}: of "
        f"{words.count(found.mails, 'past mail')} {found.held} came out the same or better, {found.worse} worse, "
        f"{found.blocked} newly blocked. It is no proof."
    )


def _begun_again(before: Attempt, setup: Setup, chooser_id: int) -> tuple[str, str]:
    """What had the proof, and what begins again."""
    if before.setup_id != setup.pk:
        return str(before.setup), str(setup)
    return ("The last proof", "it") if before.chooser_id == chooser_id else ("Before another setup chose the categories, it", "it")

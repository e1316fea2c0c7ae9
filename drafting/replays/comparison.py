"""What a replay found, counted: a row per category, and how far it is. Counts only, read in a few queries whatever the number of mails."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Avg, CharField, Count, F, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.expressions import Func
from django.db.models.functions import Coalesce

from drafting.models import Replay, ReplayRun
from drafting.replays import paired
from drafting.replays.consistency import pass_hat

Verdict = ReplayRun.Verdict
State = ReplayRun.State
ALL = "All categories"
UNSORTED = "No category"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many runs there are, are through (failed ones included), failed and are at work; the mean milliseconds of one.

    `live` counts those that look everything up anew: all of a replay of imported mail, else none.
    """

    runs: int
    through: int
    failed: int
    at_work: int = 0
    live: int = 0
    mean_milliseconds: int = 0

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return 100 * self.through // self.runs if self.runs else 100


@dataclass(slots=True)
class Row:
    """The first run of each mail of a category.

    `close` is the mean agreement with the replies that were sent (to `labelled` of the mails), `close_before` that of the recorded drafts.
    """

    category: str
    mails: int = 0
    failures: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    hand_overs: int = 0
    asked_in_vain: int = 0
    labelled: int = 0
    close: float | None = None
    close_before: float | None = None
    pass_hats: dict[int, float] = field(default_factory=dict)
    """pass^k by k, over the mails that were run at least k times, for every k from 1 to the number of repeats."""

    @property
    def test(self) -> str:
        """The paired test in words."""
        return paired.verdict(better=self.verdicts[Verdict.BETTER], worse=self.verdicts[Verdict.WORSE])


def progress(replay: Replay) -> Progress:
    """How far a replay is."""
    counts = replay.runs.aggregate(
        runs=Count("pk"),
        through=Count("pk", filter=Q(state__in=[State.DONE, State.FAILED])),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        at_work=Count("pk", filter=Q(state=State.RUNNING)),
        live=Count("pk", filter=Q(is_live=True)),
        mean=Avg("milliseconds"),
    )
    return Progress(mean_milliseconds=round(counts.pop("mean") or 0), **counts)


def rows(replay: Replay) -> list[Row]:
    """One row for all and, where there are several, one for each category: the recorded draft's, else the one that was chosen now.

    Repeats of a mail are not independent of each other, so verdicts, agreement and the paired test are those of its first run.
    """
    first, counts = _through(replay).filter(number=1), _counts()
    each = first.values("about").order_by("about").annotate(**counts)
    found = [_row(ALL, first.aggregate(**counts)), *(_row(one.pop("about"), one) for one in each)]
    consistent = _pass_hats(replay)
    for row in found:
        row.pass_hats = consistent.get(row.category, {})
    return found if len(found) > 2 else found[:1]


def _through(replay: Replay) -> QuerySet[Any]:
    """The runs that are done or failed, each with the name of the category that it is `about`."""
    named = Coalesce(F("draft__category__name"), F("category__name"), Value(UNSORTED), output_field=CharField())
    return replay.runs.filter(state__in=[State.DONE, State.FAILED]).annotate(about=named)


def _counts() -> dict[str, Any]:
    length = Func(F("unrecorded"), function="jsonb_array_length", output_field=IntegerField())
    return {
        "mails": Count("pk"),
        "failures": Count("pk", filter=Q(state=State.FAILED)),
        "hand_overs": Count("pk", filter=~Q(hand_over_reason="")),
        "asked_in_vain": Coalesce(Sum(length), 0),
        "labelled": Count("agreement"),
        "close": Avg("agreement"),
        "close_before": Avg("agreement_before"),
        **{verdict.value: Count("pk", filter=Q(verdict=verdict)) for verdict in Verdict},
    }


def _row(name: str, counts: dict[str, Any]) -> Row:
    verdicts = Counter({verdict.value: counts.pop(verdict.value) for verdict in Verdict})
    return Row(category=name, verdicts=verdicts, **counts)


def _pass_hats(replay: Replay) -> dict[str, dict[int, float]]:
    """The mean pass^k over the mails of each category; nothing where each mail was run once."""
    if replay.repeats == 1:
        return {}
    sums: dict[tuple[str, int], list[float]] = defaultdict(lambda: [0.0, 0])
    for category, likenesses in _likenesses(replay):
        for k in range(1, len(likenesses) + 1):
            for name in (ALL, category):
                sums[name, k][0] += pass_hat(likenesses, k)
                sums[name, k][1] += 1
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for (name, k), (total, number) in sorted(sums.items()):
        found[name][k] = total / number
    return dict(found)


def _likenesses(replay: Replay) -> Iterator[tuple[str, list[str]]]:
    """The category and the likenesses of the runs of one mail after the other."""
    done = _through(replay).filter(state=State.DONE).order_by("message", "number").values_list("message", "about", "likeness")
    for _, runs in groupby(done.iterator(), key=lambda run: run[0]):
        yield _one_mail(runs)


def _one_mail(runs: Iterable[tuple[int, str, str]]) -> tuple[str, list[str]]:
    """Imported mail may be sorted otherwise each time; it counts where its first run put it."""
    found = list(runs)
    return found[0][1], [likeness for _, _, likeness in found]

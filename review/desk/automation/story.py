"""What happened to the proof of a category: how it grew, which steps it took, when it began again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Value

from review import confidence
from review.desk import words
from review.desk.automation import chart
from review.desk.automation.chart import Chart, Point, Stretch
from review.desk.automation.shares import fold
from review.desk.automation.states import TONES
from review.desk.words import Moment
from review.models import Attempt, EvidencePoint, Transition

MARKED = 12
"""So many of the newest steps have a number in the chart."""
TOLD = 30
BEGUN = "Begun"
NUMBERS = 24
"""So many rows of the table behind the chart at most, for each attempt."""
_COLUMNS = ("attempt", "n", "k", "at", "pk", "before", "after", "cause", "said", "first", "last", "login")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A step from state to state; `number` is that in the chart, 0 for none, as for the beginning of an attempt."""

    number: int
    setup: str
    after: str
    tone: str
    why: str
    words: str
    reviews: str
    by: str
    at: Moment


@dataclass(frozen=True, slots=True)
class Number:
    """A row of the table behind the chart."""

    setup: str
    n: int
    k: int
    evidence: str
    at: Moment | None


@dataclass(frozen=True, slots=True)
class Story:
    """The chart in its two sizes with a sentence that says the same, the numbers behind it, and the steps, newest first."""

    charts: list[Chart]
    sentence: str
    numbers: list[Number]
    steps: list[Step]


def story(attempts: Sequence[Attempt], *, epsilon: float, threshold: float) -> Story:
    """The story of a category's newest attempts, newest first, in one query. E is that of a test at `epsilon`."""
    told, oldest_first = _rows(attempts), list(reversed(attempts))
    points = {each.pk: _points(each, [row for row in told[each.pk] if not row["after"]]) for each in attempts}
    taken = [(each, row) for each in oldest_first for row in sorted(told[each.pk], key=lambda row: row["pk"]) if row["after"]]
    marked = [row for _, row in taken if row["before"]][-MARKED:]
    numbers = {id(row): number for number, row in enumerate(marked, start=1)}
    stretches = [
        Stretch(
            str(each.setup),
            each.n,
            [Point(n, confidence.log_evidence(n, k, epsilon)) for n, k, _ in thinned(points[each.pk], chart.SHOWN)],
            [chart.Step(row["n"], numbers[id(row)]) for of, row in taken if of is each and id(row) in numbers],
        )
        for each in oldest_first
    ]
    return Story(
        charts=chart.charts(stretches, threshold=threshold) if any(each.n for each in attempts) else [],
        sentence=_sentence(stretches, threshold),
        numbers=[number for each in attempts for number in _numbers(each, points[each.pk], epsilon)],
        steps=[_step(of, row, numbers.get(id(row), 0)) for of, row in reversed(taken[-TOLD:])],
    )


def thinned(points: Sequence[Any], most: int) -> list[Any]:
    """At most `most` of the points, first and last among them."""
    if len(points) <= most:
        return list(points)
    step = (len(points) - 1) / (most - 1)
    return [points[round(index * step)] for index in range(most)]


def _rows(attempts: Sequence[Attempt]) -> dict[int, list[Row]]:
    """Points (without `after`) and steps, by attempt."""
    nobody = dict.fromkeys(("before", "after", "cause", "said", "first", "last", "login"), Value(""))
    points = EvidencePoint.objects.filter(attempt__in=attempts).annotate(**nobody).values(*_COLUMNS)
    by = {"first": F("by__first_name"), "last": F("by__last_name"), "login": F("by__username")}
    steps = Transition.objects.filter(attempt__in=attempts).annotate(said=F("words"), **by).values(*_COLUMNS)
    found: dict[int, list[Row]] = defaultdict(list)
    for row in points.union(steps, all=True):
        found[row["attempt"]].append(row)
    return found


def _points(attempt: Attempt, rows: list[Row]) -> list[tuple[int, int, datetime | None]]:
    """From nothing to where it is now: n, k, when."""
    kept = [(row["n"], row["k"], row["at"]) for row in sorted(rows, key=lambda row: row["pk"])]
    last = kept[-1][:2] if kept else (0, 0)
    return [(0, 0, attempt.began_at), *kept, *([(attempt.n, attempt.k, None)] if last != (attempt.n, attempt.k) else [])]


def _numbers(attempt: Attempt, points: list[tuple[int, int, datetime | None]], epsilon: float) -> list[Number]:
    return [
        Number(str(attempt.setup), n, k, fold(confidence.log_evidence(n, k, epsilon)), words.moment(at) if at else None)
        for n, k, at in reversed(thinned(points, NUMBERS))
    ]


def _step(attempt: Attempt, row: Row, number: int) -> Step:
    by = User(username=row["login"], first_name=row["first"], last_name=row["last"]) if row["login"] else None
    after = Attempt.State(row["after"])
    return Step(
        number=number,
        setup=str(attempt.setup),
        after=after.label if row["before"] else BEGUN,
        tone=TONES[after] if row["before"] else "quiet",
        why=Attempt.Cause(row["cause"]).label if row["cause"] else "",
        words=row["said"],
        reviews=f"{words.count(row['n'], 'review')}, {row['k']:,} unsafe",
        by=words.person(by),
        at=words.moment(row["at"]),
    )


def _sentence(stretches: Sequence[Stretch], threshold: float) -> str:
    """The chart for who cannot see it."""
    told = [f"{each.name}: {words.count(each.n, 'review')}, evidence {fold(each.points[-1].log_e)}" for each in stretches if each.n]
    return f"{'; then from nothing again '.join(told)}. Enough is {threshold:g}-fold." if told else ""

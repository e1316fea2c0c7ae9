"""The chart of how replies left: a column for each step of the period, a band for each way, marks where something changed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10

from review.desk.ticks import Tick
from review.reports.figures import LEFT as WAYS
from review.reports.figures import Figure
from review.reports.periods import Period, Step
from review.reports.reading import Part

LEFT, RIGHT, TOP, BOTTOM = 40, 8, 10, 46
WIDE, NARROW = (960, 280), (340, 250)
GAP = 0.18
"""The share of a column's room that stays empty."""
MARK_ROOM = 27
"""Units of the narrow chart that a mark needs for itself: 24 pixels to press."""


@dataclass(frozen=True, slots=True)
class Column:
    """How many replies left in each way, of the mails that were received from `first` on; `label` names the step."""

    first: date
    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """One way in which replies left: a path with a stroke as wide as a column, over all of them."""

    key: str
    path: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered place on the time axis at which something changed."""

    x: float
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Coordinates for an SVG of `width` by `height`; the columns stand between `left` and `right`, on `bottom`."""

    look: str
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    bar: float
    bands: list[Band]
    rows: list[Tick]
    columns: list[Tick]
    marks: list[Mark]


def columns(parts: Sequence[Part], period: Period, ways: Sequence[Figure] = WAYS) -> list[Column]:
    """A column for each step of the period, also where nothing left."""
    counts = {max(step, period.first): [0] * len(ways) for step in period.steps()}
    for part in parts:
        for place, way in enumerate(ways):
            counts[part.on][place] += way.numerator(part.sums)
    return [Column(first, label(first, period), tuple(found)) for first, found in counts.items()]


def label(day: date, period: Period) -> str:
    """A step in words: 3 Nov, Nov 2026."""
    if period.step == Step.MONTH:
        return f"{day:%b %Y}"
    return f"{day.day} {day:%b}" if period.first.year == period.last.year else f"{day.day} {day:%b %y}"


def charts(found: Sequence[Column], marks: Sequence[tuple[float, str]]) -> list[Chart]:
    """The same chart for a wide page and for a phone. `marks` are places from 0 to 1 along the time axis, with what changed there."""
    return [_chart("wide", WIDE, found, marks), _chart("narrow", NARROW, found, marks)]


def clusters(places: Sequence[float]) -> list[list[int]]:
    """Which of the places (from 0 to 1, ascending) share a mark, as their marks would lie upon each other on a phone."""
    room = MARK_ROOM / (NARROW[0] - LEFT - RIGHT)
    found: list[list[int]] = []
    for index, place in enumerate(places):
        if found and place - places[found[-1][0]] < room:
            found[-1].append(index)
        else:
            found.append([index])
    return found


def _chart(look: str, size: tuple[int, int], found: Sequence[Column], marks: Sequence[tuple[float, str]]) -> Chart:
    width, height = size
    bottom, right = height - BOTTOM, width - RIGHT
    ticks = _ticks(max((sum(column.counts) for column in found), default=0))
    room, unit = (right - LEFT) / max(len(found), 1), (bottom - TOP) / ticks[-1]
    return Chart(
        look=look,
        width=width,
        height=height,
        left=LEFT,
        right=right,
        top=TOP,
        bottom=bottom,
        bar=round(room * (1 - GAP), 1),
        bands=[Band(way.key, _path(found, place, room, unit, bottom)) for place, way in enumerate(WAYS)],
        rows=[Tick(round(bottom - unit * tick, 1), f"{tick:,}") for tick in ticks],
        columns=_labels(found, room, most=8 if look == "wide" else 4),
        marks=[Mark(round(LEFT + (right - LEFT) * place, 1), number, words) for number, (place, words) in enumerate(marks, start=1)],
    )


def _path(found: Sequence[Column], place: int, room: float, unit: float, bottom: float) -> str:
    """All bars of one band, each on top of those before it. Each begins where the last one ended: that takes fewest letters."""
    bars, x, y = [], 0.0, 0
    for index, column in enumerate(found):
        low, high = (round(bottom - unit * sum(column.counts[: place + more])) for more in (0, 1))
        if column.counts[place]:
            at = round(LEFT + room * (index + 0.5), 1)
            bars.append(f"m{at - x:.4g} {low - y}v{high - low}")
            x, y = at, high
    return "".join(bars)


def _labels(found: Sequence[Column], room: float, *, most: int) -> list[Tick]:
    """As many as there is room for, at equal distances."""
    every = max(-(-len(found) // most), 1)
    return [Tick(round(LEFT + room * (index + 0.5), 1), column.label) for index, column in enumerate(found) if index % every == 0]


def _ticks(most: int) -> list[int]:
    """Round numbers from 0 to at least `most`, five at most."""
    size = 10 ** floor(log10(most / 4)) if most > 4 else 1
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor * 4 >= most)
    return [step * number for number in range(max(-(-most // step), 1) + 1)]

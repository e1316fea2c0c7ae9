"""The evidence chart: how the proof grew with each verdict, on a logarithmic scale, towards the threshold. Geometry only; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

LEAST = -2
"""Exponent of the smallest E that is drawn; a proof that has broken down lies at the bottom."""
MOST = 6
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 22, 34
WIDE, NARROW = (760, 270), (340, 240)
SHOWN = 160
"""So many points of an attempt suffice; more cannot be told apart."""
_SIZE = 18


@dataclass(frozen=True, slots=True)
class Point:
    """After `n` verdicts of an attempt its evidence had the natural logarithm `log_e`."""

    n: int
    log_e: float


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to an attempt after `n` verdicts; `number` is that of the list beside the chart."""

    n: int
    number: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """One attempt: how its proof grew, what it is called, what happened meanwhile. `n` is how many verdicts it has in all."""

    name: str
    n: int
    points: Sequence[Point]
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the grid, or a reset, with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered place on the curve."""

    x: float
    y: float
    number: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Coordinates for an SVG of `width` by `height`; the curve's field lies between `left` and `right`, `top` and `bottom`."""

    look: str
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    curves: list[str]
    threshold: Line
    rows: list[Line]
    columns: list[Line]
    resets: list[Line]
    marks: list[Mark]


def charts(stretches: Sequence[Stretch], *, threshold: float) -> list[Chart]:
    """The same chart for a wide page and for a phone, on which letters would become too small. Attempts follow one after the other."""
    return [_chart("wide", WIDE, stretches, threshold), _chart("narrow", NARROW, stretches, threshold)]


def _chart(look: str, size: tuple[int, int], stretches: Sequence[Stretch], threshold: float) -> Chart:
    width, height = size
    longest = max(sum(stretch.n for stretch in stretches), 10)
    low, high = _span(stretches, threshold)

    def x(n: int) -> float:
        return round(LEFT + (width - LEFT - RIGHT) * n / longest, 1)

    def y(exponent: float) -> float:
        held = min(max(exponent, low), high)
        return round(height - BOTTOM - (height - TOP - BOTTOM) * (held - low) / (high - low), 1)

    starts = [sum(stretch.n for stretch in stretches[:index]) for index in range(len(stretches))]
    both = list(zip(starts, stretches, strict=True))
    return Chart(
        look=look,
        width=width,
        height=height,
        left=LEFT,
        right=width - RIGHT,
        top=TOP,
        bottom=height - BOTTOM,
        curves=[" ".join(f"{x(start + point.n)},{y(point.log_e / _LN10)}" for point in stretch.points) for start, stretch in both],
        threshold=Line(y(log10(threshold)), f"{threshold:g}"),
        rows=[Line(y(exponent), _fold(exponent)) for exponent in range(low, high + 1)],
        columns=[Line(x(n), f"{n:,}") for n in _ticks(longest, 6 if look == "wide" else 3)],
        resets=[Line(x(start), f"{stretch.name} begins") for start, stretch in both[1:]],
        marks=_apart(
            [Mark(x(start + step.n), y(_height(stretch, step.n)), step.number) for start, stretch in both for step in stretch.steps]
        ),
    )


_LN10 = 2.302585092994046


def _span(stretches: Sequence[Stretch], threshold: float) -> tuple[int, int]:
    """The exponents between which all of it lies, the threshold well below the top."""
    exponents = [point.log_e / _LN10 for stretch in stretches for point in stretch.points]
    low = floor(min([-1.0, *exponents]))
    high = ceil(max([log10(threshold) + 0.3, *exponents]))
    return max(low, LEAST), min(high, MOST)


def _apart(marks: list[Mark]) -> list[Mark]:
    """Marks that would cover each other stand one below the other."""
    placed: list[Mark] = []
    for mark in marks:
        y = mark.y
        while any(abs(mark.x - other.x) < _SIZE and abs(y - other.y) < _SIZE for other in placed):
            y = round(y + _SIZE, 1)
        placed.append(Mark(mark.x, y, mark.number))
    return placed


def _height(stretch: Stretch, n: int) -> float:
    """The exponent that the curve has nearest to `n`."""
    if not stretch.points:
        return 0.0
    return min(stretch.points, key=lambda point: abs(point.n - n)).log_e / _LN10


def _fold(exponent: int) -> str:
    return f"{10**exponent:,}" if exponent >= 0 else f"{10**exponent:g}"


def _ticks(longest: int, most: int) -> list[int]:
    """Round numbers from 0 to `longest`, at most `most` after the first."""
    size = 10 ** floor(log10(longest / most)) if longest > most else 1
    step = next(int(size * factor) for factor in (1, 2, 5, 10) if longest / (size * factor) <= most)
    return list(range(0, longest + 1, step))

"""The line of a cause over its weeks, with marks where something was done about it. Geometry only; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from review.desk.ticks import Tick
from review.next_nine.effects import Week

SMALL, WIDE, NARROW = (240, 56), (760, 190), (340, 170)
LABELLED = 40
"""Room for the numbers at the left of a large line; as much less at its foot."""
_EDGE = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that was done since the line begins, `number` as in the list below it."""

    x: float
    number: int


@dataclass(frozen=True, slots=True)
class Line:
    """Coordinates for an SVG of `width` by `height`: the line of the whole weeks, and where the week under way stands, if it is drawn."""

    look: str
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    points: str
    area: str
    marks: list[Mark]
    rows: list[Tick]
    columns: list[Tick]


def small(weeks: Sequence[Week], done: Sequence[date]) -> Line | None:
    """A line without numbers, for a list; None for less than two whole weeks."""
    return _line("small", SMALL, weeks, done)


def large(weeks: Sequence[Week], done: Sequence[date]) -> list[Line]:
    """The same with numbers, for a wide page and for a phone; none for less than two whole weeks."""
    return [line for look, size in (("wide", WIDE), ("narrow", NARROW)) if (line := _line(look, size, weeks, done))]


def _line(look: str, size: tuple[int, int], weeks: Sequence[Week], done: Sequence[date]) -> Line | None:
    whole = [week for week in weeks if week.days == 7]
    if len(whole) < 2:
        return None
    width, height = size
    labelled = LABELLED if look != "small" else 0
    left, right, top, bottom = labelled + _EDGE, width - _EDGE, (22 if labelled else _EDGE), height - _EDGE - labelled // 2
    most = _top(max(week.mails for week in whole))

    def x(day: date) -> float:
        """Weeks stand at their middle; a day at its own place."""
        share = ((day - whole[0].on).days - 3) / max((whole[-1].on - whole[0].on).days, 1)
        return round(left + (right - left) * min(max(share, 0), 1), 1)

    def y(mails: float) -> float:
        return round(bottom - (bottom - top) * mails / most, 1)

    places = [(round(left + (right - left) * place / (len(whole) - 1), 1), y(week.mails)) for place, week in enumerate(whole)]
    points = " ".join(f"{at},{up}" for at, up in places)
    return Line(
        look=look,
        width=width,
        height=height,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        points=points,
        area=f"{left},{bottom} {points} {right},{bottom}",
        marks=_apart([Mark(x(day), number) for number, day in enumerate(done, start=1) if day >= whole[0].on]),
        rows=[Tick(y(most * part / 2), f"{most * part / 2:g}") for part in range(3)] if labelled else [],
        columns=_columns(whole, places, 6 if look == "wide" else 3) if labelled else [],
    )


def _apart(marks: list[Mark]) -> list[Mark]:
    """Of marks that cover each other the first is shown; the list has all."""
    return [mark for place, mark in enumerate(marks) if not place or all(abs(mark.x - other.x) > 14 for other in marks[:place])]


def _top(most: int) -> int:
    """A round number that is not below `most`."""
    size = 1
    while size * 10 < most:
        size *= 10
    return next(size * step for step in (2, 4, 6, 8, 10) if size * step >= most)


def _columns(whole: Sequence[Week], places: Sequence[tuple[float, float]], most: int) -> list[Tick]:
    step = max((len(whole) - 1) // most + 1, 1)
    ticks = [Tick(places[place][0], f"{whole[place].on.day} {whole[place].on:%b}") for place in range(0, len(whole), step)]
    return [ticks[0], *(later for earlier, later in pairwise(ticks) if later.at - earlier.at > 30)]

"""A small line without axes: how something went over a period, as geometry and in words. Pure."""

from collections.abc import Sequence
from datetime import date

WIDTH, HEIGHT, EDGE = 96, 22, 2
MOST = 40
"""So many points can be told apart; of more, two become one, without the first where they are odd."""


def line(values: Sequence[int]) -> str:
    """The points of a polyline in a field of WIDTH by HEIGHT, from 0 at the bottom to the largest value at the top; "" for one value."""
    if len(values) < 2:
        return ""
    if len(values) > MOST:
        return line([sum(values[place : place + 2]) for place in range(len(values) % 2, len(values), 2)])
    step, unit = (WIDTH - 2 * EDGE) / (len(values) - 1), (HEIGHT - 2 * EDGE) / max(*values, 1)
    return " ".join(f"{EDGE + step * place:.0f},{HEIGHT - EDGE - unit * each:.0f}" for place, each in enumerate(values))


def said(values: Sequence[int], steps: Sequence[date]) -> str:
    """The same in words, for who cannot see it: what it begins and ends with, and the most; `steps` are the days on which each begins."""
    if len(values) < 2:
        return ""
    most = max(range(len(values)), key=lambda place: values[place])
    return (
        f"{_mails(values[0])} from {_day(steps[0])}, {values[-1]:,} from {_day(steps[-1])}, most from {_day(steps[most])}: {values[most]:,}"
    )


def _day(on: date) -> str:
    return f"{on.day} {on:%b}"


def _mails(count: int) -> str:
    return f"{count:,} {'mail' if count == 1 else 'mails'}"

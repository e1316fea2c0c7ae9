"""Periods of whole days in the installation's time zone, and how they are cut into steps for a chart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import timezone

EARLIEST, LATEST = date(1970, 1, 1), date(2999, 12, 31)
LONGEST = timedelta(days=3660)
DAYS_AT_MOST, WEEKS_AT_MOST = 62, 270
"""So many days are shown day by day, so many week by week; more of them month by month."""


class Step(StrEnum):
    """What one column of a chart stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included. Raises ValueError, in words for people, where that is no period or too long a one."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("The period ends before it begins: choose a last day that is not before the first.")
        if self.last - self.first > LONGEST:
            raise ValueError("A period may be ten years long at most.")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The period of the same length right before."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    @property
    def step(self) -> Step:
        """How fine a chart of it is."""
        return Step.DAY if self.days <= DAYS_AT_MOST else Step.WEEK if self.days <= WEEKS_AT_MOST else Step.MONTH

    def steps(self) -> Iterator[date]:
        """The day on which each step begins, from the one that `first` falls in."""
        at = begin(self.first, step=self.step)
        while at <= self.last:
            yield at
            at = _next(at, self.step)


def chosen(first: date, last: date) -> Period:
    """The period that somebody asks for. Raises ValueError as Period does, and for days so far away that nothing can be compared."""
    if first < EARLIEST or last > LATEST:
        raise ValueError(f"Choose days from {EARLIEST.year} to {LATEST.year}.")
    return Period(first, last)


def today() -> date:
    """The day that it is now in the installation's time zone, whatever the person's is."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def begin(day: date, *, step: Step) -> date:
    """The first day of the step that `day` falls in; weeks begin on Monday (ISO 8601)."""
    if step == Step.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step == Step.WEEK else day


def _next(day: date, step: Step) -> date:
    if step == Step.MONTH:
        return (day + timedelta(days=31)).replace(day=1)
    return day + timedelta(days=7 if step == Step.WEEK else 1)

"""Counting working days: Monday to Friday, without the public holidays that the operator listed (setting HOLIDAYS)."""

from datetime import date, timedelta

from django.conf import settings

MOST = 400
"""Days that may be added or subtracted; more is a slip or an attack."""


def is_working_day(day: date) -> bool:
    """Whether people work on `day`."""
    return day.weekday() < 5 and day not in settings.HOLIDAYS


def add(start: date, count: int) -> date:
    """The day that is `count` (may be negative) working days from `start`. Raises ValueError for more than `MOST`, OverflowError."""
    if abs(count) > MOST:
        raise ValueError(f"{count} is more than {MOST} working days.")
    day, step = start, timedelta(days=1 if count >= 0 else -1)
    while count:
        day += step
        if is_working_day(day):
            count -= step.days
    return day


def between(start: date, end: date) -> int:
    """How many working days after `start` the day `end` is; negative if before."""
    if end < start:
        return -between(end, start)
    weeks, rest = divmod((end - start).days, 7)
    weekdays = weeks * 5 + sum((start + timedelta(days=offset + 1)).weekday() < 5 for offset in range(rest))
    return weekdays - sum(start < day <= end and day.weekday() < 5 for day in settings.HOLIDAYS)

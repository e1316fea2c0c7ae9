"""The weekly report as a person's settings: whether they get it, on which day, and what went wrong with the last one."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.models import User

from review.desk.menus import Choice, entries
from review.models import WeeklyReport
from review.reports import periods, weekly


@dataclass(frozen=True, slots=True)
class State:
    """How it stands. `why_not` says why nobody can get it by mail, "" where one can; `address` is where it goes."""

    is_on: bool
    days: list[Choice]
    next_on: str
    address: str
    problem: str
    why_not: str


def state(user: User) -> State:
    """How it stands with `user`, in one query."""
    row = WeeklyReport.objects.filter(person=user).first()
    return State(
        is_on=bool(row),
        days=entries(enumerate(weekly.DAYS), row.weekday if row else 0),
        next_on=_next(weekly.next_on(row)) if row else "",
        address=user.email,
        problem=row.problem if row else "",
        why_not=_why_not(user),
    )


def _why_not(user: User) -> str:
    if not settings.EMAIL_HOST:
        return "This installation cannot send mail of its own: an operator sets EMAIL_HOST first."
    return "" if user.email else "Your account has no mail address: ask an admin to add one."


def _next(day: date) -> str:
    return f"on {weekly.DAYS[day.weekday()]}, {day.day} {day:%B}" if day >= periods.today() else "as soon as it can be sent"

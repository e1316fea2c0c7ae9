"""Until when a mail can be put off: what people choose, in their zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from inbox.errors import Refused

MORNING, AFTERNOON = time(8), time(14)
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Snooze:
    """One button: its key, its name, and the moment in words."""

    key: str
    value: str
    name: str
    at: str


def choices() -> list[Snooze]:
    """What makes sense at this time of day, soonest first."""
    found = sorted(_moments().items(), key=lambda one: one[1][1])
    return [Snooze(str(place), value, name, _said(at)) for place, (value, (name, at)) in enumerate(found, start=1)]


def read(value: str, at: str = "") -> datetime:
    """The moment that was chosen: one of the choices, or "at" with a day and time as browsers write them. Raises Refused."""
    if value == "at":
        return _typed(at)
    moments = _moments()
    if value not in moments:
        raise Refused("Choose until when.")
    return moments[value][1]


def _moments() -> dict[str, tuple[str, datetime]]:
    now = timezone.localtime()
    today = now.date()
    monday = today + timedelta(days=7 - today.weekday())
    found = {"hour": ("In 1 hour", now + timedelta(hours=1))}
    if now.time() < time(AFTERNOON.hour - 1):
        found["afternoon"] = ("This afternoon", _at(today, AFTERNOON))
    found["tomorrow"] = ("Tomorrow morning", _at(today + timedelta(days=1), MORNING))
    if monday - today > timedelta(days=1):
        found["monday"] = ("Monday morning", _at(monday, MORNING))
    return found


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=timezone.get_current_timezone())


def _typed(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("Give a day and a time.") from None
    at = at if at.tzinfo else at.replace(tzinfo=timezone.get_current_timezone())
    if not timezone.now() < at < timezone.now() + LONGEST:
        raise Refused("Choose a time in the future, within a year.")
    return at


def _said(at: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == timezone.localdate() else f"{at:%a} {at:%H:%M}"

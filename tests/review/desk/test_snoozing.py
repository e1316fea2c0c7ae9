"""Until when a mail can be put off."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from inbox.errors import Refused
from review.desk import snoozing

ZONE = "Europe/Vienna"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


@pytest.mark.parametrize(
    ("now", "names"),
    [
        ("2026-11-18T09:00", ["In 1 hour", "This afternoon", "Tomorrow morning", "Monday morning"]),
        ("2026-11-18T13:30", ["In 1 hour", "Tomorrow morning", "Monday morning"]),
        ("2026-11-22T09:00", ["In 1 hour", "This afternoon", "Tomorrow morning"]),
        ("2026-11-18T23:30", ["In 1 hour", "Tomorrow morning", "Monday morning"]),
    ],
    ids=["a Wednesday morning", "in the afternoon", "a Sunday, for tomorrow is Monday", "near midnight"],
)
def test_only_what_makes_sense_at_this_time_is_offered(now: str, names: list[str]) -> None:
    with timezone.override(ZONE), time_machine.travel(at(now), tick=False):
        choices = snoozing.choices()
    assert [choice.name for choice in choices] == names
    assert [choice.key for choice in choices] == [str(place) for place in range(1, len(names) + 1)]


@pytest.mark.parametrize(
    ("value", "typed", "expected"),
    [
        ("hour", "", "2026-11-18T10:00"),
        ("afternoon", "", "2026-11-18T14:00"),
        ("tomorrow", "", "2026-11-19T08:00"),
        ("monday", "", "2026-11-23T08:00"),
        ("at", "2026-11-20T16:45", "2026-11-20T16:45"),
    ],
)
def test_moments_are_in_the_persons_zone(value: str, typed: str, expected: str) -> None:
    with timezone.override(ZONE), time_machine.travel(at("2026-11-18T09:00"), tick=False):
        assert snoozing.read(value, typed) == at(expected)


def test_a_morning_after_the_clocks_changed_is_at_eight() -> None:
    with timezone.override(ZONE), time_machine.travel(at("2026-10-24T17:00"), tick=False):
        assert timezone.localtime(snoozing.read("tomorrow")).isoformat() == "2026-10-25T08:00:00+01:00"


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        ("", ""),
        ("never", ""),
        ("at", ""),
        ("at", "soon"),
        ("at", "2026-11-18T08:59"),
        ("at", "2029-01-01T00:00"),
        ("at", "9999-12-31T23:59"),
    ],
)
def test_what_is_no_moment_to_come_is_refused_in_words(value: str, typed: str) -> None:
    with timezone.override(ZONE), time_machine.travel(at("2026-11-18T09:00"), tick=False), pytest.raises(Refused, match=r"\w+ .*\."):
        snoozing.read(value, typed)

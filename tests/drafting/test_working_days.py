"""Working days, with and without public holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from drafting import setups, working_days

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1))


@given(days, st.integers(0, 300))
def test_adding_and_counting_agree(start: date, count: int) -> None:
    end = working_days.add(start, count)
    assert working_days.between(start, end) == count
    assert count == 0 or end.weekday() < 5


@given(days, st.integers(0, 40))
def test_they_are_counted_day_by_day(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    expected = sum((start + timedelta(days=offset)).weekday() < 5 for offset in range(1, length + 1))
    assert working_days.between(start, end) == expected


def test_a_holiday_is_no_working_day(settings: Settings) -> None:
    settings.HOLIDAYS = frozenset({date(2026, 12, 25), date(2026, 12, 26)})
    assert working_days.between(date(2026, 12, 24), date(2026, 12, 28)) == 1
    assert working_days.add(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert working_days.between(date(2026, 12, 28), date(2026, 12, 24)) == -1


def test_a_count_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 400"):
        working_days.add(date(2026, 1, 1), 99_999)


@pytest.mark.django_db
def test_the_holidays_are_part_of_a_setup(settings: Settings) -> None:
    settings.HOLIDAYS = frozenset({date(2026, 12, 26), date(2026, 12, 25)})
    assert setups.running_parts()["holidays"] == ["2026-12-25", "2026-12-26"]

"""Periods of whole days."""

from datetime import date

import pytest
import time_machine
from django.utils import timezone

from review.reports.periods import Period, Step, chosen, today


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 3, 2), date(2026, 3, 1), "ends before it begins"),
        (date(2016, 1, 1), date(2026, 3, 1), "ten years"),
        (date(1, 1, 1), date(1, 1, 2), "from 1970 to 2999"),
        (date(9999, 12, 30), date(9999, 12, 31), "from 1970 to 2999"),
    ],
)
def test_what_is_no_period_is_said_in_words(first: date, last: date, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        chosen(first, last)


def test_the_period_before_is_as_long_and_ends_where_this_one_begins() -> None:
    before = Period(date(2026, 3, 1), date(2026, 3, 31)).before
    assert (before.first, before.last) == (date(2026, 1, 29), date(2026, 2, 28))


def test_the_first_period_that_there_is_may_be_compared_with_the_one_before() -> None:
    period = chosen(date(1970, 1, 1), date(1979, 12, 31))
    assert (period.step, period.before.days) == (Step.MONTH, 3652)


def test_today_is_that_of_the_installation_and_not_of_the_person() -> None:
    with time_machine.travel("2026-03-10T23:30:00Z", tick=False), timezone.override("Pacific/Auckland"):
        assert today() == date(2026, 3, 10)

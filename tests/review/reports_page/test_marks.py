"""Where on the time axis a change stands."""

from datetime import UTC, datetime

import pytest

from review.desk.reports.marks import place

BEGINS = [
    datetime(2026, 8, 1, tzinfo=UTC),
    datetime(2026, 9, 1, tzinfo=UTC),
    datetime(2026, 10, 1, tzinfo=UTC),
    datetime(2026, 10, 4, tzinfo=UTC),
]
"""August, September, and three days of October: three columns of one width."""


@pytest.mark.parametrize(
    ("day", "expected"),
    [(datetime(2026, 8, 1), 0), (datetime(2026, 9, 16), 0.5), (datetime(2026, 10, 1), 2 / 3), (datetime(2026, 10, 2, 12), 5 / 6)],
)
def test_a_change_stands_in_the_column_of_its_day(day: datetime, expected: float) -> None:
    assert place(day.replace(tzinfo=UTC), BEGINS) == pytest.approx(expected)

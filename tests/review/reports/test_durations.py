"""Buckets of durations say of any quantile within 5 % what the durations themselves say."""

from collections import Counter
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.reports.durations import LONGEST, LOWERS, UPPERS, bucket, quantile


@given(st.lists(st.integers(0, LONGEST), min_size=1, max_size=50), st.floats(0.01, 1))
def test_a_quantile_is_never_too_short_and_at_most_5_percent_too_long(durations: list[int], q: float) -> None:
    exact = sorted(durations)[ceil(q * len(durations)) - 1]
    told = quantile(Counter(map(bucket, durations)), q)
    assert told is not None
    assert exact <= told <= exact * 1.05


@pytest.mark.parametrize("seconds", [0, 1, 17, 40])
def test_short_durations_are_exact(seconds: int) -> None:
    assert bucket(seconds) == str(seconds)


def test_every_duration_has_one_bucket() -> None:
    assert LOWERS[0] == 0
    assert UPPERS[-1] == LONGEST
    assert all(lower == upper + 1 for lower, upper in zip(LOWERS[1:], UPPERS, strict=False))
    assert len(UPPERS) < 500


def test_nothing_has_no_median() -> None:
    assert quantile({}, 0.5) is None

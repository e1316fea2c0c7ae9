"""How numbers read: shares that are honest at both ends, parts that add up, times and money."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.desk.reports import numbers


def plain(text: str) -> str:
    return text.replace(numbers.SPACE, " ")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (0.8244, "82.4 %"),
        (0.5, "50 %"),
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.0002, "under 0.1 %"),
        (0.9999, "over 99.9 %"),
        (None, "–"),
    ],
)
def test_a_share_never_reads_as_none_or_all_unless_it_is(part: float | None, said: str) -> None:
    assert plain(numbers.share(part)) == said


def test_three_thirds_add_up_to_one_hundred_per_cent() -> None:
    assert [plain(each) for each in numbers.parts_of_all([1, 1, 1, 0])] == ["33.4 %", "33.3 %", "33.3 %", "0 %"]
    assert numbers.parts_of_all([0, 0]) == ["–", "–"]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5).filter(any))
def test_whatever_the_counts_the_parts_add_up_and_are_a_tenth_off_at_most(counts: list[int]) -> None:
    said = [Decimal(each.split(numbers.SPACE)[0]) for each in numbers.parts_of_all(counts)]
    assert sum(said) == 100
    assert all(abs(float(shown) - 100 * each / sum(counts)) < 0.1 + 1e-9 for shown, each in zip(said, counts, strict=True))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(45, "45 s"), (59.4, "59 s"), (720, "12 min"), (12_240, "3.4 h"), (90_000, "25.0 h"), (181_440, "2.1 d"), (None, "–")],
)
def test_a_duration_has_the_unit_that_fits(seconds: float | None, said: str) -> None:
    assert plain(numbers.duration(seconds)) == said


def test_hours_money_and_large_counts() -> None:
    assert plain(numbers.hours(112_320)) == "31.2 h"
    assert plain(numbers.hours(-1440)) == "−0.4 h"
    assert plain(numbers.hours(-10)) == "0.0 h"
    assert plain(numbers.money(Decimal("12.4"), "EUR")) == "12.40 EUR"
    assert plain(numbers.money(Decimal("0.0042"), "EUR")) == "0.0042 EUR"
    assert [plain(numbers.large(each)) for each in (950, 12_400, 3_100_000)] == ["950", "12.4 k", "3.1 M"]
    assert plain(numbers.points(-0.021)) == "2.1 points"
    assert plain(numbers.points(0.01)) == "1.0 point"

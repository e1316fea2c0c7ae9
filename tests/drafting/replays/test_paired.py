"""The paired test against values that can be worked out by hand."""

from math import isclose

import pytest

from drafting.replays import paired


@pytest.mark.parametrize(
    ("better", "worse", "p"),
    [(0, 0, 1.0), (1, 0, 1.0), (6, 0, 2 / 64), (5, 5, 1.0), (12, 3, 2 * (1 + 15 + 105 + 455) / 2**15), (3, 12, 0.03515625)],
)
def test_the_p_value_is_that_of_a_fair_coin_on_both_sides(better: int, worse: int, p: float) -> None:
    assert isclose(paired.sign_test(better=better, worse=worse), p)


def test_large_counts_do_not_overflow() -> None:
    assert 0 < paired.sign_test(better=5200, worse=4800) < 0.001


@pytest.mark.parametrize(
    ("better", "worse", "words"),
    [
        (12, 3, "12 better, 3 worse: unlikely by chance (p = 0.035)"),
        (7, 4, "7 better, 4 worse: may well be chance (p = 0.549)"),
        (0, 40, "0 better, 40 worse: unlikely by chance (p < 0.001)"),
        (5, 0, "5 better, 0 worse: too few to tell"),
    ],
)
def test_it_is_said_in_words(better: int, worse: int, words: str) -> None:
    assert paired.verdict(better=better, worse=worse) == words

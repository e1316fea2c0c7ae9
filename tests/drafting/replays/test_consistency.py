"""pass^k, and what makes two runs alike."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.replays.consistency import likeness, pass_hat
from drafting.replays.verdicts import atoms_of


@pytest.mark.parametrize(
    ("runs", "k", "expected"),
    [("aaaa", 4, 1.0), ("aaab", 4, 0.0), ("aaab", 3, 1 / 4), ("aaab", 2, 3 / 6), ("aabb", 2, 2 / 6), ("abcd", 1, 1.0)],
)
def test_it_is_the_share_of_draws_in_which_all_agree(runs: str, k: int, expected: float) -> None:
    assert pass_hat(runs, k) == pytest.approx(expected)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=7), st.data())
def test_it_equals_counting_every_draw(runs: list[str], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(runs)))
    draws = list(combinations(runs, k))
    assert pass_hat(runs, k) == pytest.approx(sum(len(set(draw)) == 1 for draw in draws) / len(draws))


def alike(one: str, other: str) -> bool:
    texts = [likeness(category="price", is_hand_over=not text, atoms=atoms_of(text)) for text in (one, other)]
    return texts[0] == texts[1]


def test_runs_that_word_the_same_facts_otherwise_agree() -> None:
    assert alike("Your order SO-1007 costs 12.50 EUR.", "It is €12.50 for order SO-1007, dear customer.")


def test_another_amount_or_a_hand_over_does_not_agree() -> None:
    assert not alike("Your order SO-1007 costs 12.50 EUR.", "Your order SO-1007 costs 12.60 EUR.")
    assert not alike("Thank you for your mail.", "")


def test_another_category_does_not_agree() -> None:
    first, second = (likeness(category=slug, is_hand_over=False, atoms=[]) for slug in ("price", "complaint"))
    assert first != second

"""Changes between two texts, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from review.desk.changes import CONTEXT, Change, changes


def test_words_that_changed_are_taken_out_and_put_in() -> None:
    assert changes("Within 30 days.", "Within 14 working days.") == [
        Change("Within", "same"),
        Change(" 30", "taken"),
        Change(" 14 working", "put"),
        Change(" days.", "same"),
    ]


def test_equal_texts_have_no_change() -> None:
    assert changes("Same.", "Same.") == [Change("Same.", "same")]
    assert changes("", "") == []


def test_long_runs_that_stayed_the_same_are_cut() -> None:
    long = " ".join(f"word{number}" for number in range(400))
    found = changes(f"{long} end", f"{long} other")
    assert len(found[0].text) < 2 * CONTEXT and found[0].text.startswith(" … ")


def test_very_long_texts_are_compared_by_lines() -> None:
    before = "\n".join(f"line {number} of many words that say nothing" for number in range(2_000))
    found = changes(before, before.replace("line 1000 ", "line X "))
    assert [one.kind for one in found] == ["same", "taken", "put", "same"]


@given(st.text("ab \n.", max_size=60), st.text("ab \n.", max_size=60))
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    found = changes(before, after)
    assert "".join(one.text for one in found if one.kind != "put") == before
    assert "".join(one.text for one in found if one.kind != "taken") == after

"""Changes between two texts, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from review.desk.changes import CONTEXT, Change, beside, changes


def test_words_that_changed_are_taken_out_and_put_in() -> None:
    assert changes("Within 30 days.", "Within 14 working days.") == [
        Change("Within ", "same"),
        Change("30", "taken"),
        Change("14 working", "put"),
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


def test_side_by_side_each_text_has_its_own_words_marked() -> None:
    left, right = beside("It left on 3 November.", "It left on 4 November.")
    assert [(one.text, one.kind) for one in left] == [("It left on ", "same"), ("3", "taken"), (" November.", "same")]
    assert [one.text for one in right if one.kind == "put"] == ["4"]


def test_of_very_long_texts_nothing_is_cut_side_by_side() -> None:
    before = "word " * 20_000
    left, right = beside(before, before + "end")
    assert ("".join(one.text for one in left), "".join(one.text for one in right)) == (before, before + "end")

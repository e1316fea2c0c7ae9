"""What differs between two texts."""

from hypothesis import given
from hypothesis import strategies as st

from review.desk.differing import differing

texts = st.text(alphabet="ab .,\n", max_size=40)


def test_words_that_differ_are_marked_on_either_side() -> None:
    left, right = differing("It left on 3 November.", "It left on 4 November.")
    assert [(piece.text, piece.is_other) for piece in left] == [("It left on ", False), ("3", True), (" November.", False)]
    assert [piece.text for piece in right if piece.is_other] == ["4"]


@given(texts, texts)
def test_no_word_is_lost(before: str, after: str) -> None:
    left, right = differing(before, after)
    assert ("".join(piece.text for piece in left), "".join(piece.text for piece in right)) == (before, after)
    assert [piece.text for piece in left if not piece.is_other] or not any(not piece.is_other for piece in right)

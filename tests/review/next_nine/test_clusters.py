"""Groups of texts that are alike."""

from review.next_nine.clusters import AT_MOST, Text, find, words

CABLE = "which voltage may the cable of the pump have and how long is the cable"
INVOICE = "please send the invoice again with our new address and the old invoice number"


def texts(*said: str, senders: int = 99) -> list[Text]:
    """Texts of so many senders, with a word that only each of them uses."""
    return [
        Text((*words(text), f"own{'abcdefghijklmnopqrstuvwxyz'[place % 26]}"), f"s{place % senders}") for place, text in enumerate(said)
    ]


def test_texts_that_are_alike_are_one_group_named_by_what_tells_it_apart() -> None:
    found = find(texts(*[CABLE] * 5, *[INVOICE] * 4))
    assert [one.members for one in found] == [(0, 1, 2, 3, 4), (5, 6, 7, 8)]
    assert {"cable", "voltage"} & set(found[0].words)
    assert "invoice" in found[1].words
    assert not {"the", "and"} & set(found[0].words)


def test_the_same_texts_make_the_same_groups() -> None:
    said = texts(*[CABLE, INVOICE, "where is my order it should have come on monday"] * 6)
    assert find(said) == find(said)


def test_what_is_like_nothing_else_is_in_no_group() -> None:
    found = find(texts(*[CABLE] * 4, "something else entirely", *[INVOICE] * 4))
    assert all(4 not in one.members for one in found)


def test_few_texts_or_few_senders_are_no_group() -> None:
    assert find([]) == []
    assert find(texts(*[CABLE] * 3)) == []
    assert find(texts(*[CABLE] * 8, *[INVOICE] * 8, senders=2)) == []


def test_no_group_is_named_by_a_word_of_one_customer() -> None:
    said = [Text((*one.words, *(["zephyr"] * 9 if one.sender == "s1" else [])), one.sender) for one in texts(*[CABLE] * 6, *[INVOICE] * 6)]
    assert all("zephyr" not in one.words for one in find(said))


def test_texts_without_any_words_are_left_alone() -> None:
    assert find([Text((), f"s{place}") for place in range(9)]) == []


def test_only_so_many_texts_are_compared() -> None:
    said = texts(*[CABLE] * 4, *[INVOICE] * 4) + [Text((), "x")] * AT_MOST + texts(*["new words here"] * 9)
    assert max(place for one in find(said) for place in one.members) < 8


def test_figures_are_no_words() -> None:
    assert words("Order SO-1007, 3 kg of Rohröl") == ["order", "rohröl"]

"""Slots of templates: what they are, what they take, and what is refused before it is saved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting import slots


def fits(sentence: str, template: str) -> bool:
    return slots.fits(sentence, slots.literals(template), is_harmless=lambda text: "refund" not in text)


def test_a_slot_has_a_name_and_a_kind() -> None:
    found = slots.parse("Order {order:id} of {day : date} goes to {customer.name}.")
    assert [(slot.name, slot.kind) for slot in found] == [("order", "id"), ("day", "date"), ("customer.name", "text")]
    assert found[0].start == 6 and found[0].end == 16


def test_a_template_is_taken_apart_at_its_slots() -> None:
    assert slots.literals("we refund {sum:amount} by {day:date}") == slots.Wording(("we refund ", " by ", ""), ("amount", "date"))
    assert slots.literals("no slots") == slots.Wording(("no slots",), ())


@pytest.mark.parametrize("text", ["Dear customer.", "{order}", "{Order number} and {day:date}", "{order:ID}", "{order}\n{order}"])
def test_good_templates_have_no_problems(text: str) -> None:
    assert slots.problems(text) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{order:datum}", "no kind “datum”"),
        ("{order:}", "no kind “”"),
        ("{order:id:id}", "no kind “id:id”"),
        ("Order {order is late", "is not closed"),
        ("Order {order\n} is late", "is not closed"),
        ("Order order} is late", "no “{” before it"),
        ("{}", "no name"),
        ("{: date}", "no name"),
        ("{{order}}", "is not closed"),
        ("{" + "x" * 61 + "}", "too long"),
        ("{first}{last}", "touch"),
        ("{day:date} and {day:text}", "two kinds"),
    ],
)
def test_what_is_wrong_is_said_before_it_is_saved(text: str, says: str) -> None:
    assert says in " ".join(slots.problems(text))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("amount", "12.50 eur"),
        ("amount", "€ 1.234,56"),
        ("date", "4 march 2026"),
        ("date", "4 may"),
        ("date", "2026-03-04"),
        ("id", "so-10423"),
        ("id", "so 10423"),
        ("id", "de89 3704 0044 0532 0130 00"),
        ("number", "14"),
        ("number", "two"),
        ("number", "19 %"),
        ("text", "the blue one"),
    ],
)
def test_a_typed_slot_takes_one_fact_of_its_kind(kind: str, text: str) -> None:
    assert slots.takes(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("amount", "12.50"),
        ("amount", "12.50 eur and 13 eur"),
        ("amount", "all 12.50 eur"),
        ("date", "soon"),
        ("date", "4 march 2026 or later"),
        ("id", "14"),
        ("number", "so-10423"),
        ("number", ""),
        ("text", " "),
        ("text", "x" * 61),
    ],
)
def test_a_slot_takes_nothing_else(kind: str, text: str) -> None:
    assert not slots.takes(kind, text)


def test_a_sentence_fits_the_template_that_it_fills() -> None:
    assert fits("we credit 12.50 eur by 4 march 2026", "we credit {sum:amount} by {day:date}")
    assert fits("we refund order 7 soon", "we refund {order} soon")
    assert fits("we refund it", "we refund it")


@pytest.mark.parametrize(
    ("sentence", "template"),
    [
        ("we credit 99 percent by 4 march 2026", "we credit {sum:amount} by {day:date}"),
        ("we credit 12.50 eur and 99 eur by 4 march 2026", "we credit {sum:amount} by {day:date}"),
        ("we refund and refund again soon", "we refund {order} soon"),
        ("we refund  soon", "we refund {order} soon"),
        ("we refund everything", "{anything}"),
        ("we refund it and more", "we refund it"),
        ("so we refund it", "we refund it"),
        (f"we refund {'x' * 61} soon", "we refund {order} soon"),
        ("we refund 4", "we refund {order:nothing}"),
    ],
)
def test_a_sentence_that_says_more_or_else_does_not_fit(sentence: str, template: str) -> None:
    assert not fits(sentence, template)


def test_an_amount_ends_where_it_ends_and_not_at_the_first_space() -> None:
    assert fits("we credit 12.50 eur to you", "we credit {sum:amount} {whom}")


def test_a_long_sentence_against_many_slots_is_settled_quickly() -> None:
    assert not fits(" ".join(["a"] * 5_000), " ".join(f"{{s{number}}}" for number in range(20)) + " end")


@given(
    st.lists(st.sampled_from(["so-10423", "4 march 2026", "12.50 eur", "blue boxes"]), min_size=1, max_size=4),
    st.lists(st.text("abc xyz.,", min_size=1, max_size=12), min_size=5, max_size=5),
)
def test_every_template_fits_itself_filled(values: list[str], between: list[str]) -> None:
    kinds = {"so-10423": "id", "4 march 2026": "date", "12.50 eur": "amount", "blue boxes": "text"}
    words = [f" {part} " for part in between]
    template = "say" + "".join(f"{word}{{slot:{kinds[value]}}}" for word, value in zip(words, values, strict=False)) + words[-1]
    filled = "say" + "".join(f"{word}{value}" for word, value in zip(words, values, strict=False)) + words[-1]
    assert fits(filled, template)


@given(st.text("{}:ab \n.", max_size=40))
def test_whatever_is_saved_without_problems_reads_back_as_written(text: str) -> None:
    apart = slots.literals(text)
    assert len(apart.literals) == len(apart.kinds) + 1
    if not slots.problems(text):
        assert not any(brace in literal for literal in apart.literals for brace in "{}")

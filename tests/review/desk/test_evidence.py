"""Evidence as cards."""

import pytest

from review.desk.evidence import Fact, contents, value


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (None, "–"),
        ("", "–"),
        (True, "yes"),
        (0, "0"),
        ("2026-11-03", "3 Nov 2026"),
        ("2026-13-45", "2026-13-45"),
        ([], "–"),
        (["a", 1], "a, 1"),
    ],
)
def test_values_are_put_in_words(thing: object, words: str) -> None:
    assert value(thing) == words


def test_an_object_becomes_facts_in_the_order_that_people_read() -> None:
    facts, tables = contents({"carrier": "Nordfracht", "status": "shipped", "number": "SO-1"})
    assert facts == [Fact("Number", "SO-1"), Fact("Status", "shipped"), Fact("Carrier", "Nordfracht")]
    assert tables == []


def test_an_amount_carries_its_currency() -> None:
    facts, _ = contents({"total": "93.10", "currency": "EUR"})
    assert facts == [Fact("Total", "93.10 EUR")]


def test_a_list_within_an_object_becomes_a_table() -> None:
    facts, (table,) = contents({"number": "SO-1", "lines": [{"sku": "B-1", "quantity": 4}, {"sku": "B-2", "quantity": 0}]})
    assert facts == [Fact("Number", "SO-1")]
    assert (table.title, table.head, table.rows) == ("Lines", ["SKU", "Quantity"], [["B-1", "4"], ["B-2", "0"]])


def test_one_thing_in_a_list_is_shown_as_itself() -> None:
    assert contents([{"name": "Bolt"}]) == ([Fact("Name", "Bolt")], [])


def test_a_long_list_says_how_much_more_there_is() -> None:
    _, (table,) = contents([{"number": number} for number in range(20)])
    assert len(table.rows) == 8
    assert table.more == "and 12 more"


def test_objects_within_objects_are_named_by_both() -> None:
    assert contents({"customer": {"name": "Nordic"}})[0] == [Fact("Customer: name", "Nordic")]


@pytest.mark.parametrize("odd", [None, [], {}, "", "words", 7, [1, 2], [{"a": 1}, 2], {"a": {}}, {"a": [[]]}])
def test_no_answer_breaks_a_page(odd: object) -> None:
    contents(odd)

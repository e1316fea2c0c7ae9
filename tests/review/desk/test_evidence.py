"""Evidence as cards."""

import pytest
from django.utils import timezone

from drafting.models import Evidence
from review.desk.evidence import Fact, Passage, card, contents, names, passages, value
from tests.review.factories import add_evidence, ready_draft


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
    _, (table,) = contents([{"number": number} for number in range(42)])
    assert len(table.rows) == 30
    assert table.more == "and 12 more"


def test_objects_within_objects_are_named_by_both() -> None:
    assert contents({"customer": {"name": "Nordic"}})[0] == [Fact("Customer: name", "Nordic")]


@pytest.mark.parametrize("odd", [None, [], {}, "", "words", 7, [1, 2], [{"a": 1}, 2], {"a": {}}, {"a": [[]]}])
def test_no_answer_breaks_a_page(odd: object) -> None:
    contents(odd)


def test_what_is_empty_is_left_out() -> None:
    assert contents({"number": "SO-1", "shipped_on": None, "carrier": "", "lines": []}) == ([Fact("Number", "SO-1")], [])
    _, (table,) = contents([{"sku": "B-1", "restock_on": None}, {"sku": "B-2", "restock_on": None}])
    assert table.head == ["SKU"]


def test_names_are_for_people() -> None:
    facts, _ = contents({"id": 20, "name": "Bolt", "language": "de"})
    assert facts == [Fact("Name", "Bolt"), Fact("Language", "German")]
    assert contents({"id": 20})[0] == [Fact("ID", "20")]


ARTICLES = [
    {"id": "warranty", "language": "en", "title": "Warranty", "body": "It lasts 24 months."},
    {"id": "times", "language": "en", "title": "Delivery times", "body": "Within 2 working days."},
]


def test_articles_are_shown_as_texts_with_what_the_draft_took_open() -> None:
    warranty, times = passages(ARTICLES, ["24"])
    assert warranty == Passage("Warranty", "English", "It lasts 24 months.", True)
    assert not times.is_open


def test_where_no_text_has_the_words_as_written_all_are_open() -> None:
    assert all(passage.is_open for passage in passages(ARTICLES, ["2 years"]))
    assert not any(passage.is_open for passage in passages(ARTICLES))


@pytest.mark.parametrize("other", [[{"title": "No text"}], [{"body": None}], {"body": "One"}, "body", None])
def test_what_is_no_text_is_not_taken_for_one(other: object) -> None:
    assert passages(other) == []


@pytest.mark.parametrize(
    ("question", "beside", "folded"),
    [({"query": ""}, "", ""), ({}, "", ""), ({"query": "SO-1"}, "SO-1", ""), ({"query": "word " * 30}, "", "word " * 30)],
)
@pytest.mark.django_db
def test_a_long_question_is_folded_and_an_empty_one_is_not_shown(question: object, beside: str, folded: str) -> None:
    shown = card(add_evidence(ready_draft(), question=question))
    assert (shown.question, shown.asked) == (beside, folded)


@pytest.mark.django_db
def test_what_supports_the_draft_comes_first_and_so_does_what_could_not_be_asked() -> None:
    draft = ready_draft()
    assert card(add_evidence(draft), ["SO-1007"]).is_first
    assert not card(add_evidence(draft)).is_first
    assert card(add_evidence(draft, outcome="unavailable", answer=None)).is_first


def test_a_long_value_does_not_stretch_its_row() -> None:
    _, (table,) = contents([{"number": 1, "lines": [{"name": "Bolt " * 100}]}, {"number": 2}])
    assert len(table.rows[0][1]) == 201


def test_a_text_says_which_version_it_is_and_whether_passages_are_left_out() -> None:
    article = {"id": "pumps", "title": "Pumps", "body": "Tested.", "language": "de"}
    assert passages([article | {"version": "v3"}])[0].about == "German, version 3"
    assert passages([article | {"version": "v0", "is_excerpt": True}])[0].about == "German, passages"
    assert passages([article])[0].about == "German"


def test_a_template_is_named_by_itself_and_found_on_the_page() -> None:
    lookup = Evidence(pk=7, tool="templates", source="Templates", outcome="found", at=timezone.now(), answer=ARTICLES)
    assert names(lookup) == ["evidence:7", "template:warranty", f"template:{ARTICLES[1]['id']}"]
    shown = card(lookup, ["24"])
    assert [(one.source, one.anchor, one.is_open) for one in shown.passages] == [
        ("template:warranty", "evidence-7-1", True),
        (f"template:{ARTICLES[1]['id']}", "evidence-7-2", False),
    ]

"""What is kept of an answer: the declared fields, in one spelling, bounded; and nothing of another customer's."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.connectors import fields
from drafting.errors import NotFound, Refused
from drafting.tools import FieldType, ToolField

TYPES = list(FieldType)


def keep(answer: Any, kind: str = "text", *, path: str = "x", rows: str = "", number: str | None = "K-1") -> Any:
    declared = [ToolField("x", path, FieldType(kind))]
    return fields.keep(answer, rows=rows, fields=declared, customer_number=number, source="Warehouse")


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("text", "  packed\r\n", "packed"),
        ("text", "a\x00b\x1b[31mc\u202ed\u200be\ud800", "ab[31mcde"),
        ("text", 12, "12"),
        ("text", ["a", 1, "b"], "a, 1, b"),
        ("text", "", None),
        ("text", None, None),
        ("number", 3, 3),
        ("number", "3", 3),
        ("number", Decimal("2.50"), "2.5"),
        ("number", Decimal("1E+3"), 1000),
        ("number", "1.234,5", "1234.5"),
        ("number", "-7", -7),
        ("amount", 12, "12.00"),
        ("amount", Decimal("1234.5"), "1234.50"),
        ("amount", 0.1, "0.10"),
        ("amount", "1.234,56", "1234.56"),
        ("amount", "1,234.56", "1234.56"),
        ("amount", "1234,5", "1234.50"),
        ("amount", "1 234 567,89", "1234567.89"),
        ("amount", "1.234.567", "1234567.00"),
        ("amount", "0.125", "0.125"),
        ("date", "2026-11-20", "2026-11-20"),
        ("date", "2026-11-20T23:30:00Z", "2026-11-20"),
        ("date", "20.11.2026", "2026-11-20"),
        ("yes_no", True, True),
        ("yes_no", "No", False),
        ("yes_no", 0, False),
        ("customer_number", "K-1", "K-1"),
    ],
)
def test_a_value_gets_the_spelling_of_the_built_in_tools(kind: str, value: Any, kept: Any) -> None:
    assert keep({"x": value}, kind) == {"x": kept}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", {"a": 1}),
        ("text", [{"a": 1}]),
        ("number", "1.234"),
        ("number", "1,234"),
        ("number", "many"),
        ("number", True),
        ("number", [1]),
        ("number", "1e999"),
        ("number", "1" * 50),
        ("amount", "NaN"),
        ("amount", "12 EUR"),
        ("amount", float("inf")),
        ("date", "11/20/2026"),
        ("date", "2026-13-01"),
        ("date", 20261120),
        ("date", "soon"),
        ("yes_no", "perhaps"),
        ("yes_no", 2),
    ],
)
def test_what_is_not_what_it_should_be_is_refused_in_words(kind: str, value: Any) -> None:
    with pytest.raises(Refused, match="in the field x, which is no"):
        keep({"x": value}, kind)


@pytest.mark.parametrize(
    "answer",
    [{"x": "K-2"}, {"x": None}, {}, {"x": "k-1"}, {"x": "K-1 "[:3] + "1"}, {"x": ["K-1", "K-2"]}, [{"x": "K-1"}, {"x": "K-2"}], "K-1"],
)
def test_another_customers_record_is_refused_and_nothing_of_it_kept(answer: Any) -> None:
    with pytest.raises(Refused) as caught:
        keep(answer, "customer_number")
    assert str(caught.value) == fields.FOREIGN


def test_nobodys_scope_owns_nothing() -> None:
    with pytest.raises(Refused):
        keep({"x": "K-1"}, "customer_number", number=None)


@pytest.mark.parametrize(
    ("path", "found"),
    [("a.b", 1), ("list.0.n", 2), ("list.1.n", 3), ("list.9.n", None), ("list.x", None), ("a.b.c", None), ("a b", 4), ("-1", None)],
)
def test_a_path_leads_through_objects_and_lists(path: str, found: Any) -> None:
    assert fields.at({"a": {"b": 1}, "list": [{"n": 2}, {"n": 3}], "a b": 4}, path) == found


def test_only_declared_fields_are_kept() -> None:
    assert keep({"x": "1", "secret": "2"}) == {"x": "1"}
    assert keep({"rows": [{"x": "1", "y": 2}, {"x": "3"}]}, rows="rows") == [{"x": "1"}, {"x": "3"}]


def test_an_answer_is_bounded() -> None:
    assert len(keep({"x": "a" * 5000})["x"]) == fields.LONGEST_TEXT
    with pytest.raises(NotFound, match="more than 20 records"):
        keep([{"x": 1}] * 21)
    with pytest.raises(NotFound, match="more than fits"):
        keep([{"x": "a" * 1000}] * 20)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.decimals(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["x", "y", "0"]), inner, max_size=3),
    max_leaves=12,
)


@given(
    answer=anything, kind=st.sampled_from(TYPES), path=st.sampled_from(["x", "x.y", "0.x", "y.0"]), rows=st.sampled_from(["", "x", "y.x"])
)
def test_whatever_a_system_answers_is_kept_plainly_or_refused(answer: Any, kind: str, path: str, rows: str) -> None:
    try:
        kept = keep(answer, kind, path=path, rows=rows)
    except (NotFound, Refused) as error:
        assert not fields.UNWANTED.search(str(error))
        return
    for record in kept if isinstance(kept, list) else [kept]:
        assert set(record) == {"x"}
        assert record["x"] is None or isinstance(record["x"], str | int | bool)
        assert not fields.UNWANTED.search(str(record["x"]))
        assert kind != "customer_number" or record["x"] == "K-1"
    json.dumps(kept, allow_nan=False).encode()

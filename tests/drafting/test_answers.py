"""Whatever a model answers: it holds, or it is refused with words; nothing else can happen."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.agent.answers import read_action, read_category, storable
from drafting.errors import NoAnswer

ACTION = {"action": "reply", "query": "", "body": "Hello", "asks": [], "reason": "", "words": ""}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(st.text() | JSON.map(json.dumps))
def test_anything_else_is_refused_with_words(text: str) -> None:
    with pytest.raises(NoAnswer, match=r".+"):
        read_action(text, tools=["order"])
    with pytest.raises(NoAnswer, match=r".+"):
        read_category(text, slugs=["order-status"])


@given(st.sampled_from(sorted(ACTION)), JSON)
def test_a_field_of_another_kind_is_refused_or_holds(name: str, value: object) -> None:
    try:
        action = read_action(json.dumps(ACTION | {name: value}), tools=["order"])
    except NoAnswer as error:
        assert len(str(error)) < 1000
    else:
        assert action.action in {"order", "reply", "hand_over"}


@given(st.text(alphabet=st.characters()))
def test_what_is_kept_can_be_stored(text: str) -> None:
    kept = storable(text)
    assert "\x00" not in kept
    kept.encode("utf-8")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("Sure! Here is the JSON:", "no JSON"),
        (ACTION | {"action": "refund"}, "not one of: order, reply, hand_over"),
        (ACTION | {"body": ""}, '"body" is empty'),
        (ACTION | {"body": "x" * 6001}, '"body" does not match'),
        (ACTION | {"asks": [{"ask": "?", "answered": "yes"}]}, '"asks.0.answered" does not match'),
        (ACTION | {"to": "mallory@evil.example"}, '"to" does not match'),
        ({key: value for key, value in ACTION.items() if key != "query"}, '"query" does not match'),
    ],
)
def test_the_words_say_what_to_mend(answer: object, words: str) -> None:
    with pytest.raises(NoAnswer, match=words.replace(".", r"\.")):
        read_action(answer if isinstance(answer, str) else json.dumps(answer), tools=["order"])

"""Which words of a mail a pattern finds, and that no mail and no pattern holds it up."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.tools import patterns


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"PW\d{9}", "Tracking:PW123456789. And again pw123456789!", ["PW123456789"]),
        (r"PC \d{3} \d{3}", "It says PC 778\n991, I think", ["PC 778 991"]),
        (r"VT-\d+", "VT-1, VT-2; (VT-3) <VT-4> VT-5", ["VT-1", "VT-2", "VT-3", "VT-4"]),
        (r"\d{4}", "12345 and 123", []),
        (r"a|b", "ab a", ["a"]),
        ("", "anything", []),
        (r"ß\w", "ßx", ["ßx"]),
    ],
)
def test_whole_words_are_found_as_they_are_written(pattern: str, text: str, found: list[str]) -> None:
    assert patterns.find(pattern, text) == found


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "a " * 50_000, "9" * 100_000, "a-" * 50_000 + "!", "aaaaaaaaa " * 10_000, "\u0301" * 100_000]
)
@pytest.mark.parametrize("pattern", [r"(a+)+b", r"(a|a)*c", r"(\d+)+x", r"([a-z ]+)*9", r"(.*)*\d\d\d$"])
def test_a_hostile_mail_does_not_hold_a_pattern_up(pattern: str, text: str) -> None:
    started = time.monotonic()
    assert patterns.find(pattern, text) == []
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "pattern", [r"(a)\1", "(?=a)b", "(?<!a)b", "a)|(b", "[", "*", r"(\w{500}){500}", ".*", "a?", "", "x" * 201, "(?x)a #", "a(?#b)"]
)
def test_a_pattern_that_cannot_be_used_is_named(pattern: str) -> None:
    assert patterns.fault(pattern).startswith("The pattern")


@given(pattern=st.text(max_size=60), text=st.text(max_size=60))
def test_any_pattern_is_named_or_can_be_used(pattern: str, text: str) -> None:
    if not patterns.fault(pattern):
        assert all(len(found) <= patterns.LONGEST_HIT for found in patterns.find(pattern, text))

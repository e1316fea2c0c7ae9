"""Subjects without what mail programs put in front of them."""

import pytest

from inbox.subjects import base_subject, topic


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Re: Fwd: AW: My order", "My order"),
        ("RE[2]: SV: Antw: My order", "My order"),
        ("回复:你好", "你好"),
        ("Ответ: Re: Заказ", "Заказ"),
        ("[EXTERNAL] Re: My order", "My order"),
        ("Re:", ""),
        ("  Regarding:  my   order ", "Regarding: my order"),
        ("Invoice: 4711", "Invoice: 4711"),
        ("[Order 12] Re: late", "[Order 12] Re: late"),
    ],
)
def test_the_marks_of_replies_are_no_part_of_a_subject(subject: str, base: str) -> None:
    assert base_subject(subject) == base


@pytest.mark.parametrize("subject", ["My order", "RE: my  Order", "[parts-list] Re: My order", "Re: [Ticket#12] AW: My order"])
def test_marks_tags_and_capitals_do_not_change_a_topic(subject: str) -> None:
    assert topic(subject) == "my order"

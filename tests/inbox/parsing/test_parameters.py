"""The parameters of MIME fields as programs write them."""

import pytest

from inbox.parsing import parse
from inbox.parsing.parameters import read_parameters


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("filename*=utf-8''whole; filename*0=in; filename*1=pieces", "whole"),
        ("filename*0=in; filename*=utf-8''whole; filename*1=pieces", "whole"),
        ("filename*=utf-8''whole; filename=plain", "whole"),
        ('filename*0=in; filename*1=" pieces"; filename=plain', "in pieces"),
        ("filename*=utf-8'Gr%C3%BC%C3%9Fe", "Grüße"),
        ("filename*=Bo's%20file", "Bo's file"),
        ("filename*0*=utf-8''a'%20b; filename*1=c", "a' bc"),
    ],
)
def test_the_extended_form_of_a_parameter_is_preferred(value: str, name: str) -> None:
    assert read_parameters("attachment; " + value) == ("attachment", {"filename": name})


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("charset=iso-8859-2 (Polish)", {"charset": "iso-8859-2"}),
        ("charset=utf-8 format=flowed", {"charset": "utf-8", "format": "flowed"}),
        ('boundary=b charset=utf-8; name="a b=c; name=d"', {"boundary": "b", "charset": "utf-8", "name": "a b=c; name=d"}),
        ("name=a charset=b.txt", {"name": "a", "charset": "b.txt"}),
        ("filename=order (1)", {"filename": "order (1)"}),
        ("filename*0=in  filename*1=pieces", {"filename": "inpieces"}),
        ("filename*\N{SUPERSCRIPT TWO}=a", {"filename": "a"}),
    ],
)
def test_a_lost_semicolon_and_a_comment_are_forgiven(value: str, found: dict[str, str]) -> None:
    assert read_parameters("x/y; " + value) == ("x/y", found)


def test_a_commented_type_is_read() -> None:
    raw = (
        b"From: bo@example.com\nSubject: order\nContent-Type: (as) text / html (ever); charset=utf-8 (or so)\n\n<p>Gr\xc3\xbc\xc3\x9fe</p>"
    )
    assert parse(raw).text == "Grüße"

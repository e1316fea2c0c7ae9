"""Addresses as RFC 5322 allows them and as programs break them."""

import pytest

from inbox.parsing import parse
from inbox.parsing.addresses import Address, read_addresses


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Bo <bo @ office (the old one) . example>", [("Bo", "bo@office.example")]),
        ("bo@office  . example, al@example.com", [("", "bo@office.example"), ("", "al@example.com")]),
        ("Bo <bo@office(old).  example>", [("Bo", "bo@office.example")]),
        ("<bo@example.com> (Bo Lee)", [("Bo Lee", "bo@example.com")]),
        ("bo@example.com (Bo (Sales) Lee)", [("Bo (Sales) Lee", "bo@example.com")]),
        ("Bo Lee (bo@example.com)", [("Bo Lee", "bo@example.com")]),
        ('"Bo "the pump" Lee" <bo@example.com>', [('Bo "the pump" Lee', "bo@example.com")]),
        ("=?utf-8?Q?Lee:_Bo_<sales>,_J=C3=BCrgen?= <bo@example.com>", [("Lee: Bo <sales>, Jürgen", "bo@example.com")]),
        ("(old)bo(x)@(y)example(z).(w)com(Bo (the pump) Lee)", [("Bo (the pump) Lee", "bo@example.com")]),
        ('Bo "<bo@example.net>" <bo@example.com>', [("Bo <bo@example.net>", "bo@example.com")]),
        ("=?utf-8?Q?Lee,?= <bo@example.com>", [("Lee,", "bo@example.com")]),
        ("bo@example.com.", [("", "bo@example.com")]),
        ("<mailto:bo@example.com?subject=order>", [("", "bo@example.com")]),
        ("mailto:bo@example.com", [("", "bo@example.com")]),
        ("Bo Lee <bo@example.com<mailto:bo@example.com>>", [("Bo Lee", "bo@example.com")]),
        ('"<sales>" <bo@example.com>', [("<sales>", "bo@example.com")]),
        ('"Bo <bo@example.net>" <bo@example.com>', [("Bo <bo@example.net>", "bo@example.com")]),
    ],
)
def test_an_address_and_its_name_are_told_apart(value: str, found: list[tuple[str, str]]) -> None:
    assert read_addresses(value) == [Address(*one) for one in found]


@pytest.mark.parametrize(
    "value",
    [
        "Bo <bo@example.com> Al <al@example.net>",
        '"Bo" <bo@example.com>:<al@example.net>',
        "<bo@example.com> <al@example.net>",
        "bo@example.com al@example.net",
    ],
)
def test_addresses_that_no_comma_parts_are_several_and_the_first_is_the_sender(value: str) -> None:
    mail = parse(f"From: {value}\nSubject: order\n\nHello".encode())
    assert (mail.from_addr, mail.sender_addrs, "several_from" in mail.flags) == (
        "bo@example.com",
        ("bo@example.com", "al@example.net"),
        True,
    )


@pytest.mark.parametrize("value", ["Bo Lee <[bo]@[example]>", "Bo Lee <bo>", '"Bo Lee" <bo>', "Bo Lee"])
def test_a_local_user_has_a_name_and_no_address(value: str) -> None:
    mail = parse(f"From: {value}\nSubject: order\n\nHello".encode())
    assert (mail.from_name, mail.from_addr, "no_from" in mail.flags) == ("Bo Lee", "", True)

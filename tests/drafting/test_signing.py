"""Names that a mail tells by how it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.signing import names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dear Ms Lee,\n\nwhere is it?", ["Ms Lee"]),
        ("Hi Tom!\nThanks", ["Tom"]),
        ("Sehr geehrte Frau Dr. Köhler,\n\nwo ist es?", ["Frau Dr. Köhler"]),
        ("Szanowny Panie Kowalski,", ["Kowalski"]),
        ("Where is it?\n\nKind regards\nAnn Lee", ["Ann Lee"]),
        (
            "Wo ist es?\n\nMit freundlichen Grüßen,\n\ni. A. Jörg Müller\nHafenbau GmbH\nTel. 040 123456",
            ["A. Jörg Müller", "Hafenbau GmbH"],
        ),
        ("Cordialement,\nJean-Luc d'Arcy", ["Jean-Luc"]),
        ("¿Dónde está?\nUn saludo\nMaría", ["María"]),
        ("Dear Ann,\nfine.\nRegards,\nAnn", ["Ann"]),
    ],
)
def test_whom_a_mail_greets_and_who_signs_it(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Dear customer,",
        "Sehr geehrte Damen und Herren,",
        "Hello,",
        "Dear all,\nwe need 20 pieces.",
        "Kind regards",
        "Kind regards\nwe will write to you again",
        "Thanks\n\n1 Market Street",
        "Thank you for your order of 4 March, it has left our house and is on its way to you.",
        "hallo zusammen",
    ],
)
def test_nobody_is_named_where_nobody_is(text: str) -> None:
    assert names(text) == []


@given(st.text("Dear regards,\n AbcÄ.-'", max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert all(isinstance(name, str) and name for name in names(text))

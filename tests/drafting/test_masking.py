"""Masking: nothing that tells whose mail it is survives, and what it was can still be read."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drafting.masking import fold, mask, words_of

IDS = {"SO-10423": "order number", "PC 778 991": "tracking number", "K-7001": "customer number", "INV-2026": "invoice number"}


def masked(text: str, *, amounts: bool = False) -> str:
    """As Ann's mails are masked."""
    names, addresses = ["Ann Lee", "Müller & Söhne GmbH"], ["Hafenstr. 12, 20457 Hamburg"]
    return mask(text, names=names, addresses=addresses, ids=IDS, amounts=amounts)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("Dear Ann Lee,", "Dear [name],"),
        ("dear ANN, dear lee", "dear [name], dear [name]"),
        ("Hello A\u0301nn", "Hello [name]"),
        ("An\u200bn wrote", "[name] wrote"),
        ("Müllers Auftrag", "[name] Auftrag"),
        ("Firma Mueller & Soehne", "Firma [name]"),
        ("Muller und Sohne", "[name] und [name]"),
        ("planning an annual fee", "planning an annual fee"),
        ("to Hafenstr. 12, 20457 Hamburg", "to [address]"),
        ("to Hamburg, 12 boxes", "to [address] boxes"),
        ("Hafenstraße 12", "[address]"),
        ("12 boxes", "12 boxes"),
        ("order SO-10423", "order [order number]"),
        ("order so 10423, no. 10423", "order [order number], no. [order number]"),
        ("parcel PC778991 or 778 991", "parcel [tracking number] or [tracking number]"),
        ("customer 7001 in 2026", "customer [customer number] in 2026"),
        ("invoice inv-2026", "invoice [invoice number]"),
        ("write to ann@customer.example", "write to [e-mail]"),
        ("see https://customer.example/a?b=1.", "see [link]."),
        ("call +49 40 5550 140", "call [phone number]"),
        ("call (555) 123-4567", "call [phone number]"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [bank account]"),
        ("iban de89370400440532013000", "iban [bank account]"),
        ("serial XK-99812-B", "serial [number]"),
        ("claim 774512", "claim [number]"),
        ("claim ٧٧٤٥١٢", "claim [number]"),
    ],
)
def test_what_tells_whose_mail_it_is_becomes_what_it_was(text: str, becomes: str) -> None:
    assert masked(text) == becomes


@pytest.mark.parametrize("text", ["12 pieces for 93.10 EUR by 4 March 2026 at 14:30, 19 % off", "", "Two belts.", "Best regards"])
def test_what_a_reply_is_about_stays(text: str) -> None:
    assert masked(text) == text


def test_amounts_are_masked_if_asked_for() -> None:
    assert mask("It costs 93.10 EUR.", amounts=True) == "It costs [amount]."


def test_names_in_scripts_without_spaces_are_masked() -> None:
    assert mask("您好王小明先生", names=["王小明"]) == "您好[name]先生"


def test_a_name_of_two_letters_is_masked_where_it_is_written_as_a_name() -> None:
    assert mask("Li asks where to li", names=["Li Wei"]) == "[name] asks where to li"


def test_the_words_of_a_name_that_are_nobodys_own_stay() -> None:
    assert words_of("The Müller Service GmbH") == ["muller"]
    assert mask("the service was good", names=["The Müller Service GmbH"]) == "the service was good"


PLACEHOLDERS = {"name", "address", "number", "order", "link", "phone", "account", "bank", "mail", "amount", "customer"}
names = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=3, max_size=12).filter(
    lambda word: words_of(word) == [fold(word)] and fold(word) not in PLACEHOLDERS and unicodedata.normalize("NFC", word) == word
)
numbers = st.integers(1000, 9_999_999)
between = st.text("abc xyz.,;:!?()\n'\"-/", max_size=8)


@st.composite
def mails(draw: st.DrawFn) -> tuple[str, list[str], str, int, str]:
    """A mail with a name, an order and an address in it, spelled in some way."""
    first, last, town, number = draw(names), draw(names), draw(names), draw(numbers)
    said = [draw(st.sampled_from([word.upper(), word.lower(), word.title(), word])) for word in (first, last, town)]
    order = draw(st.sampled_from([f"SO-{number}", f"so {number}", f"SO{number}", f"So/{number}"]))
    others = [f"{first.lower()}.x@shop.example", f"0049 40 {number}", f"www.{number}.example/x", order, *said]
    pieces = draw(st.permutations(others))
    return " ".join(piece + " " + draw(between) for piece in pieces), [first, last], town, number, order


@given(mails())
@example((" Aß ASS aß ", ["Aß", "Straßer"], "Oßu", 1234, "SO-1234"))
def test_nothing_of_the_given_customer_survives(mail: tuple[str, list[str], str, int, str]) -> None:
    text, people, town, number, _order = mail
    address = f"{town} 7"
    result = mask(text, names=[" ".join(people)], addresses=[address], ids={f"SO-{number}": "order number"})
    survivors = {fold(word) for word in re.findall(r"[^\W_]+", result)}
    assert survivors.isdisjoint(word for name in (*people, town) for word in words_of(name))
    assert str(number) not in re.sub(r"\W", "", result)
    assert "@" not in result


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = masked(text)
    assert masked(once) == once


@given(st.text("aA1 -.@/:+0(),\n€", max_size=80))
def test_any_text_can_be_masked(text: str) -> None:
    assert isinstance(masked(text, amounts=True), str)

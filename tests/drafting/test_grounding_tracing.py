"""Which atoms of a reply come from what was looked up and said."""

import pytest

from drafting.grounding import Json, Source, atoms, trace

ORDER = {
    "number": "SO-10423",
    "ordered_on": "2026-03-04",
    "total": "1234.50",
    "currency": "EUR",
    "lines": [{"sku": "KL-2040", "quantity": 3, "price": "411.50"}],
    "tracking_number": "00340434161094042557",
    "note": "ring +49 30 1234567 before 14:30, see https://www.carrier.example/t?n=7",
}


def untraced(text: str, *values: Json, language: str = "") -> list[str]:
    sources = [Source(f"evidence:{position}", value) for position, value in enumerate(values, start=1)]
    return [one.atom.text for one in trace(atoms(text, language=language), sources, language=language) if not one.is_traced]


@pytest.mark.parametrize(
    "text",
    [
        "Order SO-10423, so10423, SO 10423",
        "of 4 March 2026, 04.03.2026, 4.3., March 4th, am 4. März, in March 2026",
        "1.234,50 €, EUR 1,234.50, 1 234,5 or 1234.50 Euro, 411,50 €",
        "3 pieces, drei Stück, three",
        "00340434161094042557 or 0034 0434 1610 9404 2557",
        "+49 30 1234567, 030 1234567, 0049 30 123 4567",
        "14:30, 2:30 pm, 14.30 Uhr",
        "https://carrier.example/t?n=7 or www.carrier.example/t?n=7",
    ],
)
def test_an_atom_is_traced_by_its_value_and_not_by_its_spelling(text: str) -> None:
    assert untraced(text, ORDER) == []


@pytest.mark.parametrize(
    ("text", "invented"),
    [
        ("SO-10424", "SO-10424"),
        ("SO-1042-3", "SO-1042-3"),
        ("5 March 2026", "5 March 2026"),
        ("4 March 2027", "4 March 2027"),
        ("5. März", "5. März"),
        ("April 2026", "April 2026"),
        ("1.234,51 €", "1.234,51 €"),
        ("$1,234.50", "$1,234.50"),
        ("CHF 411.50", "CHF 411.50"),
        ("seven", "seven"),
        ("4", "4"),
        ("+48 30 1234567", "+48 30 1234567"),
        ("030 1234568", "030 1234568"),
        ("14:45", "14:45"),
        ("https://carrier.example/t?n=8", "https://carrier.example/t?n=8"),
        ("a@b.example", "a@b.example"),
        ("5 % discount", "5 %"),
    ],
)
def test_what_nothing_says_is_not_traced(text: str, invented: str) -> None:
    assert untraced(text, ORDER) == [invented]


def test_nothing_is_computed() -> None:
    assert untraced("2.469,00 € in 11 days", ORDER) == ["2.469,00 €", "11"]
    assert untraced("2.469,00 € in 11 days", ORDER, {"calculate": "2469.00", "days": 11}) == []


def test_a_sum_counts_only_if_what_was_added_up_is_known() -> None:
    known = Source("evidence:1", {"price": "18.75", "quantity": 40})
    honest = Source("evidence:2", {"expression": "40 * 18.75", "result": "750.00"}, calculated="40 * 18.75")
    invented = Source("evidence:3", {"expression": "500 * 1", "result": "500"}, calculated="500 * 1")
    assert [one.source for one in trace(atoms("750 and 500"), [invented, honest, known])] == ["evidence:2", ""]
    assert trace(atoms("750"), [honest])[0].sources == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("40 €", {"stock": 40, "currency": "EUR"}),
        ("40 €", {"quantity": 40}),
        ("40 €", "40 chains"),
        ("40 %", {"stock": 40}),
        ("am 4.3.", {"price": "4.30"}),
        ("4. März", {"quantity": 4, "position": 3}),
        ("3 Tage", "2026-03-04"),
        ("14:30", {"price": "14.30"}),
        ("10423 €", "SO-10423"),
    ],
)
def test_nothing_answers_for_another_kind(text: str, value: Json) -> None:
    assert untraced(text, value, language="de") != []


def test_the_digits_of_an_id_may_stand_alone() -> None:
    assert untraced("order 10423", {"number": "SO-10423"}) == []
    assert untraced("order 10424", {"number": "SO-10423"}) == ["10424"]


def test_evidence_is_shown_before_what_the_customer_says() -> None:
    sources = [Source("mail", "order SO-10423, 93.10 EUR", is_claim=True), Source("evidence:1", ORDER)]
    (one,) = trace(atoms("SO-10423"), sources)
    assert (one.sources, one.trusted) == (("evidence:1", "mail"), ("evidence:1",))


def test_of_equal_numbers_the_one_in_the_same_context_is_shown() -> None:
    order = Source("evidence:1", {"sku": "KL-2040", "name": "Ball bearing", "quantity": 12})
    product = Source("evidence:2", {"sku": "KT-0812", "name": "Roller chain", "stock": 12})
    text = "Of the roller chain KT-0812 we have 12 in stock."
    assert [one.source for one in trace(atoms(text), [order, product], text=text)] == ["evidence:2", "evidence:2"]


def test_a_day_that_the_model_counted_to_needs_a_number_of_days() -> None:
    answer = {"today": "2026-03-02", "date": "2026-03-09"}
    asked = Source("evidence:2", answer, asked="5")
    assert trace(atoms("9 March 2026"), [Source("evidence:1", {"quantity": 5}), asked])[0].sources == ()
    assert trace(atoms("9 March 2026"), [Source("mail", "within 5 days", is_claim=True), asked])[0].sources == ()
    for language, known in (
        ("en", "We check goods within 5 working days."),
        ("de", "Das dauert 3 bis 5 Werktage."),
        ("en", "five business days"),
    ):
        told = Source("evidence:1", known)
        assert trace(atoms("9 March 2026"), [told, asked], language=language)[0].sources == ("evidence:2",)
    assert trace(atoms("9 March 2026"), [Source("evidence:1", {"working_days": 5}), asked])[0].sources == ("evidence:2",)


def test_other_days_are_no_working_days() -> None:
    """Else the 30 days of the terms of payment would make a day of delivery."""
    asked = Source("evidence:2", {"today": "2026-03-02", "date": "2026-04-13"}, asked="30")
    for terms in ({"terms": "30 days net"}, {"terms": "Zahlung 30 Tage netto"}, {"days": 30}):
        assert trace(atoms("13 April 2026"), [Source("evidence:1", terms), asked], language="en")[0].sources == ()


@pytest.mark.parametrize(
    "text",
    [
        "5 working days",
        "2 to 5 business days",
        "5 Arbeitstagen",
        "5 jours ouvrés",
        "5 días laborables",
        "5 giorni lavorativi",
        "5 werkdagen",
        "5 dni roboczych",
        "5 dias úteis",
        "3-5 Werktage",
    ],
)
def test_working_days_are_known_in_every_language(text: str) -> None:
    asked = Source("evidence:2", {"today": "2026-03-02", "date": "2026-03-09"}, asked="5")
    assert trace(atoms("9 March 2026"), [Source("evidence:1", f"Within {text} of arrival."), asked])[0].sources == ("evidence:2",)


def test_a_year_that_the_source_leaves_open_is_not_traced() -> None:
    assert untraced("by 15 March", "please by 15.3.") == []
    assert untraced("by 15 March 2026", "please by 15.3.") == ["15 March 2026"]


def test_both_readings_of_an_ambiguous_date_are_tried() -> None:
    assert untraced("04/03/2026", {"on": "2026-03-04"}) == []
    assert untraced("04/03/2026", {"on": "2026-04-03"}) == []
    assert untraced("04/03/2026", {"on": "2026-04-03"}, language="fr") == ["04/03/2026"]


def test_a_percentage_is_no_amount_of_money_but_may_be_a_bare_number() -> None:
    assert untraced("19 %", "19 €") == ["19 %"]
    assert untraced("19 %", {"vat": 19}) == []
    assert untraced("19 €", "19 %") == ["19 €"]


def test_a_machine_decimal_is_not_read_as_thousands() -> None:
    assert untraced("1500 pieces", {"weight": "1.500"}) == ["1500"]
    assert untraced("1.500 €", {"total": "1.500", "currency": "EUR"}) == ["1.500 €"]


def test_the_currency_of_an_object_holds_for_its_lines() -> None:
    assert untraced("411,50 $", {"currency": "EUR", "lines": [{"price": 411.5}]}) == ["411,50 $"]
    assert untraced("411,50 $", {"lines": [{"price": 411.5}]}) == []


def test_numbers_in_words_are_traced_in_the_language_of_the_reply() -> None:
    assert untraced("2 pezzi", "vorrei due pezzi", language="it") == []
    assert untraced("2 pieces", "payment is due", language="en") == ["2"]


def test_the_first_source_is_named_and_all_are_remembered() -> None:
    traced = trace(atoms("SO-10423"), [Source("mail", "where is SO-10423?"), Source("evidence:7", ORDER), Source("template:1", "no")])
    assert traced[0].source == "mail"
    assert traced[0].sources == ("mail", "evidence:7")


def test_a_traced_atom_is_kept_in_the_shape_of_the_draft() -> None:
    assert trace(atoms("am 4.3.2026"), [Source("evidence:1", ORDER)])[0].as_json() == {
        "kind": "date",
        "text": "4.3.2026",
        "start": 3,
        "end": 11,
        "traced": True,
        "source": "evidence:1",
    }


def test_keys_nulls_and_booleans_are_understood() -> None:
    assert untraced("SO-1 and 7", {"SO-1": None, "is_open": True, "count": 7}) == []
    assert untraced("1", {"is_open": True}) == ["1"]

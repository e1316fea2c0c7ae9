"""What atoms a text has, however they are spelt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.grounding import Kind, atoms, domain_of
from drafting.grounding.spelling import plain


def found(text: str, language: str = "") -> list[tuple[str, str, tuple[str, ...]]]:
    return [(atom.kind.value, atom.text, atom.value) for atom in atoms(text, language=language)]


def values(text: str, language: str = "") -> list[str]:
    return [" | ".join(atom.value) for atom in atoms(text, language=language)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("100 000", "100000"),
        ("1 000 050", "1000050"),
        ("1'234.56", "1234.56"),
        ("1’234.56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567.80", "1234567.8"),
        ("12", "12"),
        ("0", "0"),
        ("0,75", "0.75"),
        ("0.500", "0.5"),
        ("12345", "12345"),
        ("1.234", "1234 | 1.234"),
        ("1,234", "1234 | 1.234"),
        ("1234,500", "1234.5"),
        ("７５", "75"),
        ("٤٢", "42"),
        ("19 %", "19 %"),
        ("7,5%", "7.5 %"),
        ("20 Prozent", "20 %"),
        ("20 percent", "20 %"),
        ("20 pour cent", "20 %"),
        ("21st", "21"),
        ("3x", "3"),
        ("10kg", "10"),
        ("230V", "230"),
        ("3-day", "3"),
        ("24-Stunden-Service", "24"),
        ("#10423", "10423"),
        ("Order-10423", "10423"),
    ],
)
def test_a_number_is_read_in_the_spelling_of_many_countries(text: str, value: str) -> None:
    assert values(text) == [value]
    assert atoms(text)[0].kind is Kind.NUMBER


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [("de", "1.234", "1234"), ("de", "1,234", "1.234"), ("en", "1,234", "1234"), ("en", "1.234", "1.234"), ("fr", "1 234", "1234")],
)
def test_the_language_settles_what_a_single_mark_means(language: str, text: str, value: str) -> None:
    assert values(text, language) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,50 €", "12.5 EUR"),
        ("€12.50", "12.5 EUR"),
        ("€ 1,234.50", "1234.5 EUR"),
        ("EUR 1.234,50", "1234.5 EUR"),
        ("1.234,50 EUR", "1234.5 EUR"),
        ("1 234,50 €", "1234.5 EUR"),
        ("1.234 €", "1234 EUR"),
        ("50,- €", "50 EUR"),
        ("50,-- EUR", "50 EUR"),
        ("50,– €", "50 EUR"),
        ("12 Euro", "12 EUR"),
        ("12 euros", "12 EUR"),
        ("120eur", "120 EUR"),
        ("£5", "5 GBP"),
        ("5 GBP", "5 GBP"),
        ("CHF 1'234.50", "1234.5 CHF"),
        ("Fr. 20.00", "20 CHF"),
        ("1 299,00 zł", "1299 PLN"),
        ("99 PLN", "99 PLN"),
        ("US$ 7.20", "7.2 USD"),
        ("USD 7.20", "7.2 USD"),
        ("$7.20", "7.2 USD | 7.2 CAD | 7.2 AUD"),
        ("100 kr", "100 SEK | 100 NOK | 100 DKK"),
        ("250 Kč", "250 CZK"),
        ("５０ €", "50 EUR"),
    ],
)
def test_an_amount_has_its_currency_before_or_after(text: str, value: str) -> None:
    assert found(text) == [("amount", text, tuple(value.split(" | ")))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-04", "2026-03-04"),
        ("2026/03/04", "2026-03-04"),
        ("4.3.2026", "2026-03-04"),
        ("04.03.2026", "2026-03-04"),
        ("04.03.26", "2026-03-04"),
        ("4. 3. 2026", "2026-03-04"),
        ("04-03-2026", "2026-03-04 | 2026-04-03"),
        ("04/03/2026", "2026-03-04 | 2026-04-03"),
        ("14/03/2026", "2026-03-14"),
        ("03/14/2026", "2026-03-14"),
        ("4 March 2026", "2026-03-04"),
        ("4 Mar 2026", "2026-03-04"),
        ("04-Mar-2026", "2026-03-04"),
        ("4th of March, 2026", "2026-03-04"),
        ("March 4, 2026", "2026-03-04"),
        ("March 4th, 2026", "2026-03-04"),
        ("Sept. 5, 2026", "2026-09-05"),
        ("March 4th", "--03-04"),
        ("4 March", "--03-04"),
        ("4. März", "--03-04"),
        ("4. März 2026", "2026-03-04"),
        ("4.März 2026", "2026-03-04"),
        ("4. Jänner 2026", "2026-01-04"),
        ("4 mars", "--03-04"),
        ("1er avril 2026", "2026-04-01"),
        ("12 févr. 2026", "2026-02-12"),
        ("4 de marzo de 2026", "2026-03-04"),
        ("4 de marzo del 2026", "2026-03-04"),
        ("4 marzo 2026", "2026-03-04"),
        ("1º marzo", "--03-01"),
        ("4 de março de 2026", "2026-03-04"),
        ("4 maart 2026", "2026-03-04"),
        ("4 mrt", "--03-04"),
        ("4 marca 2026", "2026-03-04"),
        ("4 października", "--10-04"),
        ("4 марта 2026", "2026-03-04"),
        ("2026年3月4日", "2026-03-04"),
        ("3月4日", "--03-04"),
        ("March 2026", "2026-03"),
        ("März 2026", "2026-03"),
        ("marzo de 2026", "2026-03"),
        ("03/2026", "2026-03"),
        ("4.3.", "--03-04 | 4.3"),
        ("4/3", "--03-04 | --04-03"),
        ("29 February", "--02-29"),
    ],
)
def test_a_date_is_read_in_many_languages(text: str, value: str) -> None:
    assert found(f"am {text} bzw.") == [("date", text, tuple(value.split(" | ")))]


def test_where_the_day_always_comes_first_a_date_has_one_reading() -> None:
    assert values("04/03/2026", "fr") == ["2026-03-04"]
    assert values("04/03/2026", "en") == ["2026-03-04 | 2026-04-03"]


def test_a_span_of_days_is_two_dates() -> None:
    assert values("vom 4.–6. März 2026") == ["2026-03-04", "2026-03-06"]
    assert values("between 4 and 6 March") == ["4", "--03-06"]
    assert values("du 4 au 6 mars") == ["--03-04", "--03-06"]


def test_a_day_that_does_not_exist_is_no_date() -> None:
    assert all(atom.kind is not Kind.DATE for atom in atoms("30.02.2026 and 31 April"))


def test_the_verb_may_is_no_month() -> None:
    assert found("of these 10 may be returned") == [("number", "10", ("10",))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("14:30", "14:30"),
        ("14:30 Uhr", "14:30"),
        ("9.30 Uhr", "09:30"),
        ("14 Uhr", "14:00"),
        ("14h30", "14:30"),
        ("2 pm", "14:00"),
        ("2:30 p.m.", "14:30"),
        ("12 PM", "12:00"),
        ("12am", "00:00"),
    ],
)
def test_a_time_of_day_is_one_atom(text: str, value: str) -> None:
    assert [(atom.kind, *atom.value) for atom in atoms(f"um {text}")] == [(Kind.TIME, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SO-10423", "SO-10423"),
        ("so10423", "SO-10423"),
        ("SO 10423", "SO-10423 | 10423"),
        ("SO‑10423", "SO-10423"),
        ("A-1002/7", "A-1002-7"),
        ("RE-2026-00412", "RE-2026-00412"),
        ("RE-2026-03-04", "RE-2026-03-04"),
        ("KL-2040-B", "KL-2040-B"),
        ("M8x40", "M-8-X-40"),
        ("00123", "00123"),
        ("4500012345", "4500012345"),
        ("1Z999AA10123456784", "1-Z-999-AA-10123456784"),
        ("00340434161094042557", "00340434161094042557"),
        ("0034 0434 1610 9404 2557", "00340434161094042557"),
        ("DE89 3704 0044 0532 0130 00", "DE-89370400440532013000"),
        ("DE123456789", "DE-123456789"),
        ("302-1187450-7731920", "302-1187450-7731920"),
    ],
)
def test_an_id_is_read_whole(text: str, value: str) -> None:
    assert found(f"Nr. {text}.") == [("id", text, tuple(value.split(" | ")))]


def test_different_ids_never_read_the_same() -> None:
    assert values("A-1002/7") != values("A-10027")
    assert values("SO-10423") != values("SO-1042-3")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("jana.wolf@kunde.example", "email", "jana.wolf@kunde.example"),
        ("Jana.Wolf+x@Kunde.Example", "email", "jana.wolf+x@kunde.example"),
        ("+49 30 1234567", "phone", "+49301234567"),
        ("+49 (0)30 123 45-67", "phone", "+49301234567"),
        ("0049 30/1234567", "phone", "+49301234567"),
        ("(030) 123 45 67", "phone", "0301234567"),
        ("030/1234567", "phone", "0301234567"),
        ("020 7946 0958", "phone", "02079460958"),
        ("https://www.Shop.example/Track?id=SO-1", "url", "shop.example/Track?id=SO-1"),
        ("http://shop.example/", "url", "shop.example"),
        ("www.shop.example", "url", "shop.example"),
        ("shop.example/faq", "url", "shop.example/faq"),
        ("carrier.com", "url", "carrier.com"),
        ("EVIL.COM", "url", "evil.com"),
        ("bücher.example/x", "url", "bücher.example/x"),
        ("ftp://files.example/a", "url", "files.example/a"),
        ("javascript:alert(1)", "url", "javascript:alert(1)"),
    ],
)
def test_addresses_and_links_are_read_whole(text: str, kind: str, value: str) -> None:
    assert found(f"siehe {text}, danke") == [(kind, text, (value,))]


def test_punctuation_around_a_link_is_not_part_of_it() -> None:
    assert [atom.text for atom in atoms("(see https://a.example/x_(1)). Or [b](https://b.example/y).")] == [
        "https://a.example/x_(1)",
        "https://b.example/y",
    ]


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.shop.example/a", "shop.example"),
        ("shop.example:8080/a", "shop.example"),
        ("HTTPS://SHOP.EXAMPLE", "shop.example"),
        ("https://shop.example@evil.example/", ""),
        ("https://shop.example\\@evil.example/", ""),
        ("javascript:alert(1)", ""),
        ("https://[::1", ""),
        ("https://shop.example?x=@y", ""),
        ("https://shop.example/@y", "shop.example"),
    ],
)
def test_the_domain_of_a_link_is_what_a_browser_opens(url: str, domain: str) -> None:
    assert domain_of(url) == domain


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("de", "zwei Stück", "2"),
        ("de", "zwölf Stück", "12"),
        ("en", "three boxes", "3"),
        ("fr", "cinq pièces", "5"),
        ("es", "once cajas", "11"),
        ("it", "due pezzi", "2"),
        ("nl", "vijf stuks", "5"),
        ("pl", "trzy sztuki", "3"),
        ("pt", "duas caixas", "2"),
        ("", "zwei boxes", "2"),
    ],
)
def test_small_numbers_in_words_are_numbers(language: str, text: str, value: str) -> None:
    assert values(text, language) == [value]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "one box is due, once"),
        ("de", "eine Kiste"),
        ("fr", "un objet neuf"),
        ("it", "sei gentile"),
        ("", "the due date, once"),
        ("de", "Achtung"),
    ],
)
def test_words_that_mean_something_else_are_no_numbers(language: str, text: str) -> None:
    assert values(text, language) == []


def test_ordinals_of_a_list_are_no_atoms_but_a_number_that_begins_a_line_is() -> None:
    assert values("Please\n1. pack it\n2. label it\n3) send it\n") == []
    assert values("We pay you\n50. Euros it is", "en") == ["50"]


def test_round_the_clock_is_no_atom() -> None:
    assert values("We are there 24/7.") == []


def test_two_numbers_of_a_range_are_two_atoms() -> None:
    assert values("2-3 days, 10–12 Stück") == ["2", "3", "10", "12"]


def test_a_sentence_with_everything() -> None:
    text = "Ihre Bestellung SO-10423 vom 4.3.2026 über 1.234,50 € (3 x KL-2040) geht am 6. März an +49 30 1234567, s. https://shop.example/t?n=7."
    assert [atom.kind.value for atom in atoms(text, language="de")] == ["id", "date", "amount", "number", "id", "date", "phone", "url"]


@given(st.text(), st.sampled_from(["", "en", "de", "it", "xx"]))
def test_any_text_can_be_read_and_atoms_never_overlap(text: str, language: str) -> None:
    end = 0
    for atom in atoms(text, language=language):
        assert end <= atom.start < atom.end
        assert text[atom.start : atom.end] == atom.text
        assert atom.value and all(atom.value)
        end = atom.end


@given(st.text(alphabet="0123456789.,-/:'€$% abSO@\n+()#hxpm٤", max_size=60))
def test_no_digit_escapes(text: str) -> None:
    sentence = f"x {text}".replace("24/7", "")
    covered = {position for atom in atoms(sentence) for position in range(atom.start, atom.end)}
    missed = [position for position, character in enumerate(plain(sentence)) if "0" <= character <= "9" and position not in covered]
    assert all(_begins_a_line(sentence, position) for position in missed)


def _begins_a_line(text: str, position: int) -> bool:
    return text[:position].rsplit("\n", maxsplit=1)[-1].strip(" (0123456789٤") == ""


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 111 ",
        "1.",
        "1,111,",
        "a@",
        "a.",
        "http://",
        "+1 2 3 4 5 ",
        "(0",
        " ",
        "4 may ",
        "1-",
        "a1-",
        "4/4/",
        "DE99 9999 ",
        "\n",
        "1.\n",
        "€1 ",
    ],
)
def test_a_long_text_is_read_in_reasonable_time(piece: str) -> None:
    atoms(piece * (100_000 // len(piece)))

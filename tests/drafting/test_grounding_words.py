"""Numbers and fractions in words, in the eight languages of the gate: else a model could name any number without a digit."""

import random

import pytest

from drafting.gate.wording import LANGUAGES
from drafting.grounding import Kind, atoms
from drafting.grounding.numerals import FRACTIONS, numerals


def values(text: str, language: str) -> list[str]:
    return [" | ".join(atom.value) for atom in atoms(text, language=language)]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "twenty-five", "25"),
        ("en", "a dozen", "12"),
        ("en", "two hundred and fifty", "250"),
        ("en", "one hundred thousand", "100000"),
        ("de", "fünfundzwanzig", "25"),
        ("de", "fuenfzig", "50"),
        ("de", "zweitausenddreihundert", "2300"),
        ("de", "ein Dutzend", "12"),
        ("fr", "vingt et un", "21"),
        ("fr", "soixante-quinze", "75"),
        ("fr", "quatre-vingt-dix-sept", "97"),
        ("fr", "neuf cents", "900"),
        ("es", "treinta y cinco", "35"),
        ("es", "doscientos cincuenta", "250"),
        ("it", "ventotto", "28"),
        ("it", "duecentocinquanta", "250"),
        ("nl", "drieëntwintig", "23"),
        ("nl", "tweehonderdvijftig", "250"),
        ("pl", "dwadzieścia pięć", "25"),
        ("pl", "dwudziestu", "20"),
        ("pt", "trinta e cinco", "35"),
        ("pt", "duzentos e cinquenta", "250"),
        ("en", "half", "0.5"),
        ("en", "two thirds", "2/3"),
        ("de", "die Hälfte", "0.5"),
        ("de", "ein Drittel", "1/3"),
        ("fr", "un tiers", "1/3"),
        ("es", "la mitad", "0.5"),
        ("it", "la metà", "0.5"),
        ("nl", "de helft", "0.5"),
        ("pl", "połowę", "0.5"),
        ("pt", "um terço", "1/3"),
        ("en", "½", "0.5"),
        ("en", "2½", "2.5"),
        ("fr", "⅔", "2/3"),
    ],
)
def test_a_number_in_words_is_an_atom(language: str, text: str, value: str) -> None:
    assert values(f"x {text}.", language) == [value]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "two hundred and fifty euros", "250 EUR"),
        ("de", "zwanzig Euro", "20 EUR"),
        ("fr", "mille euros", "1000 EUR"),
        ("pl", "sto złotych", "100 PLN"),
    ],
)
def test_an_amount_in_words_has_its_currency(language: str, text: str, value: str) -> None:
    assert [(atom.kind, *atom.value) for atom in atoms(text, language=language)] == [(Kind.AMOUNT, value)]


def test_a_percentage_in_words_is_a_percentage() -> None:
    assert values("twenty percent", "en") == ["20 %"]
    assert values("zwanzig Prozent", "de") == ["20 %"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "grazie mille"),
        ("de", "tausend Dank"),
        ("es", "mil gracias"),
        ("fr", "mille mercis"),
        ("en", "a thousand thanks"),
        ("de", "Achtung"),
        ("", "onze bestelling"),
    ],
)
def test_what_is_said_for_politeness_is_no_number(language: str, text: str) -> None:
    assert values(text, language) == []


def test_numbers_that_only_stand_beside_each_other_are_two() -> None:
    assert values("two three", "en") == ["2", "3"]


def test_one_half_in_figures_may_be_a_day_or_a_half() -> None:
    assert values("1/2", "de") == ["--02-01 | 0.5"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_numbers_up_to_ninety_nine_and_fractions(language: str) -> None:
    known = set(numerals(language).values())
    left_out = {"fr": {9}, "it": {6}}.get(language, set())
    assert set(range(2, 100)) - known <= left_out
    assert {"0.5", "0.25", "1/3", "2/3"} <= set(FRACTIONS[language].values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_hundreds_and_thousands_go_with_every_small_number(language: str) -> None:
    chance = random.Random(language)
    words = {value: word for word, value in numerals(language).items()}
    glue = "" if language in ("de", "it", "nl") else " "
    for value in chance.sample([number for number in range(10, 100) if number in words], 20):
        assert values(f"{words[1000] if language != 'it' else 'mille'}{glue}{words[value]}", language) == [str(1000 + value)]

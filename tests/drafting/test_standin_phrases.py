"""What the stand-in can say is complete in every language, and says nothing that it does not know."""

import re

import pytest

from drafting.standin.languages import STYLES, join, write_amount, write_date
from drafting.standin.phrases import PHRASES, say

SLOT = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", PHRASES)
def test_every_language_can_say_the_same(language: str) -> None:
    assert PHRASES[language].keys() == PHRASES["en"].keys()
    assert language in STYLES


@pytest.mark.parametrize("language", PHRASES)
def test_no_phrase_knows_facts_that_the_english_one_does_not(language: str) -> None:
    for key, wordings in PHRASES[language].items():
        assert set(SLOT.findall(" ".join(wordings))) <= set(SLOT.findall(" ".join(PHRASES["en"][key]))), key


@pytest.mark.parametrize("language", PHRASES)
def test_phrases_hold_no_digits_and_no_exclamations_of_their_own(language: str) -> None:
    for key, wordings in PHRASES[language].items():
        assert not re.search(r"\d", " ".join(wordings)), key
        assert key.startswith("greeting") or "!" not in " ".join(wordings), key


def test_a_part_without_its_fact_is_left_out() -> None:
    facts = {"number": "QX-1", "carrier": "Roadrunner"}
    assert say("delivered", "en", facts) == "According to our records, your order QX-1 was delivered by Roadrunner."


def test_a_phrase_without_a_fact_that_it_needs_is_not_said() -> None:
    assert say("tracking", "en", {"tracking_number": ""}) == ""


def test_the_same_case_gets_the_same_wording_and_cases_differ() -> None:
    said = [say("thanks", "en", case=str(number)) for number in range(20)]
    assert said == [say("thanks", "en", case=str(number)) for number in range(20)]
    assert len(set(said)) > 1


@pytest.mark.parametrize(
    ("language", "day", "amount"),
    [
        ("en", "1 March 2026", "€1,234.50"),
        ("de", "1. März 2026", "1.234,50 €"),
        ("fr", "1er mars 2026", "1 234,50 €"),
        ("es", "1 de marzo de 2026", "1.234,50 €"),
        ("it", "1 marzo 2026", "1.234,50 €"),
        ("nl", "1 maart 2026", "€ 1.234,50"),
        ("pl", "1 marca 2026", "1 234,50 €"),
    ],
)
def test_dates_and_amounts_are_written_in_the_ways_of_the_language(language: str, day: str, amount: str) -> None:
    assert write_date("2026-03-01", language) == day
    assert write_amount("1234.5", "EUR", language).replace("\u00a0", " ") == amount


def test_other_currencies_keep_their_code() -> None:
    assert write_amount("99", "SEK", "en").replace("\u00a0", " ") == "SEK 99.00"


def test_lists_end_in_and() -> None:
    assert join(["a", "b", "c"], "de") == "a, b und c"
    assert join(["a"], "de") == "a"

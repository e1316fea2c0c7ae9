"""Days in words: a weekday or "tomorrow" in a reply is a date, and comes from evidence as dates do."""

from datetime import date

import pytest

from drafting.grounding import Json, Source, atoms, lies_ahead, trace

WEDNESDAY = date(2026, 3, 4)
ORDER: Json = {"promised_on": "2026-03-06", "shipped_on": "2026-03-04"}


def untraced(text: str, *sources: Source, language: str = "en", today: date = WEDNESDAY) -> list[str]:
    return [
        one.atom.text
        for one in trace(atoms(text, language=language), sources, language=language, text=text, today=today)
        if not one.is_traced
    ]


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("en", "On Friday, tomorrow or the day after tomorrow.", ["weekday 5", "day +1", "day +2"]),
        ("en", "Closed on Sundays; it left yesterday, today nothing.", ["weekday 7", "day -1", "day +0"]),
        ("de", "Morgen, übermorgen oder am Freitagnachmittag, sonst montags.", ["day +1", "day +2", "weekday 5", "weekday 1"]),
        ("de", "Am Sonnabend, heute Morgen oder gestern.", ["weekday 6", "day +0", "day -1"]),
        ("fr", "Hier, demain, après-demain ou vendredi.", ["day -1", "day +1", "day +2", "weekday 5"]),
        ("es", "El miércoles, mañana por la mañana o pasado mañana.", ["weekday 3", "day +1", "day +2"]),
        ("it", "Entro venerdì o lunedì, dopodomani.", ["weekday 5", "weekday 1", "day +2"]),
        ("nl", "Morgenochtend, overmorgen of vrijdag.", ["day +1", "day +2", "weekday 5"]),
        ("pl", "W środę, w piątek lub jutro.", ["weekday 3", "weekday 5", "day +1"]),
        ("pt", "Na segunda-feira, até sexta ou amanhã.", ["weekday 1", "weekday 5", "day +1"]),
        ("", "Am Freitag, demain.", ["weekday 5", "day +1"]),
    ],
)
def test_a_day_in_words_is_a_date(language: str, text: str, named: list[str]) -> None:
    found = atoms(text, language=language)
    assert [value for atom in found for value in atom.value] == named
    assert {atom.kind.value for atom in found} == {"date"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Guten Morgen Herr Freitag, guten Morgen Frau Sonntag, die Montage steht hier."),
        ("en", "Dear Mr. Friday, dear Ms Sunday,"),
        ("es", "Por la mañana le escribimos."),
        ("nl", "Goedemorgen, goede morgen,"),
        ("pt", "A segunda encomenda."),
        ("", "Es steht hier."),
    ],
)
def test_greetings_and_names_are_no_days(language: str, text: str) -> None:
    assert atoms(text, language=language) == []


@pytest.mark.parametrize(
    "text", ["It comes on Friday.", "It left today.", "It comes on Friday, the 6th of March.", "On Friday (6 March 2026)."]
)
def test_a_day_in_words_is_traced_by_the_date_that_it_means(text: str) -> None:
    assert untraced(text, Source("evidence:1", ORDER)) == []


@pytest.mark.parametrize(
    ("text", "invented"),
    [
        ("It comes on Thursday.", "Thursday"),
        ("It comes tomorrow.", "tomorrow"),
        ("It left yesterday.", "yesterday"),
        ("It comes on Thursday, 6 March 2026.", "Thursday"),
        ("It comes on Friday, tomorrow.", "tomorrow"),
    ],
)
def test_a_day_in_words_that_nothing_says_is_not_traced(text: str, invented: str) -> None:
    assert untraced(text, Source("evidence:1", ORDER)) == [invented]


def test_a_weekday_means_one_of_the_next_two_weeks_or_of_the_last() -> None:
    for day, is_meant in [(date(2026, 2, 20), False), (date(2026, 2, 27), True), (date(2026, 3, 13), True), (date(2026, 3, 20), False)]:
        assert (untraced("On Friday.", Source("evidence:1", {"on": day.isoformat()})) == []) is is_meant


def test_what_an_article_says_of_weekdays_is_known_in_any_week() -> None:
    article = Source("evidence:1", "Our office is open Monday to Thursday, not on Fridays.")
    assert untraced("We are closed on Friday.", article) == []
    assert untraced("We are closed on Saturday.", article) == ["Saturday"]


@pytest.mark.parametrize("value", ["2026-03-04", "2026-03", "--03-05", "--01-10", "weekday 3", "day +0", "2027-01-01"])
def test_days_from_today_on_lie_ahead(value: str) -> None:
    assert lies_ahead(value, today=WEDNESDAY if value != "--01-10" else date(2025, 12, 1))


@pytest.mark.parametrize("value", ["2026-03-03", "2026-02", "--03-03", "--11-20", "day -1", "4.3", "1/2"])
def test_what_is_over_or_no_date_does_not(value: str) -> None:
    assert not lies_ahead(value, today=WEDNESDAY)

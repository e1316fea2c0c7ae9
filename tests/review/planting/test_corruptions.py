"""Deliberately wrong drafts."""

from datetime import date
from decimal import Decimal

import pytest

from drafting import grounding
from drafting.gate.wording import folded
from review.planting.corruptions import corrupt, possible
from review.planting.figures import like, redated, slipped
from review.planting.material import Corruption, Kind, Material
from review.planting.sentences import LAST_NAMES, LINKS, MONTHS, REFUNDS, REFUSALS
from tests.review.planting.drafts import LANGUAGES, clean


def wrong_parts(material: Material, kind: Kind) -> list[str]:
    """What would be wrong in the draft, of one kind."""
    return [one.body[one.start : one.end].strip() for one in possible(material) if one.kind == kind]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_planted_draft_differs_from_the_clean_one_exactly_where_it_says(language: str) -> None:
    material = clean(language)
    for planted in possible(material):
        behind = len(planted.body) - planted.end
        assert planted.body[: planted.start] == material.body[: planted.start]
        assert planted.body[planted.end :] == material.body[len(material.body) - behind :]
        assert planted.body[planted.start : planted.end].strip()
        assert folded(planted.body) != folded(material.body)
        assert planted.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_details_are_marked_as_those_of_a_clean_draft(language: str) -> None:
    material = clean(language)
    for planted in possible(material):
        for atom in planted.atoms:
            assert planted.body[atom["start"] : atom["end"]] == atom["text"]
            assert atom["traced"]
            assert atom["source"] == "evidence:1"
        assert [atom["start"] for atom in planted.atoms] == sorted(atom["start"] for atom in planted.atoms)
        assert marked(planted) == [(one.start, one.end) for one in grounding.atoms(planted.body, language=language)]


def marked(planted: Corruption) -> list[tuple[int, int]]:
    """Where its details are."""
    return [(atom["start"], atom["end"]) for atom in planted.atoms]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_error_fits_a_draft_that_has_everything(language: str) -> None:
    kinds = {planted.kind for planted in possible(clean(language))}
    without_name = {"pl"}
    assert kinds == set(Kind) - ({Kind.NAME} if language in without_name else set())


def test_a_wrong_value_is_never_one_that_the_draft_has_already() -> None:
    for language in LANGUAGES:
        material = clean(language)
        right = {value for one in grounding.atoms(material.body, language=language) for value in one.value}
        for planted in possible(material):
            if planted.kind in {Kind.AMOUNT, Kind.DATE, Kind.ID, Kind.OTHER_ORDER}:
                wrong = grounding.atoms(planted.body[planted.start : planted.end], language=language)
                assert not {value for one in wrong for value in one.value} & right


def test_the_same_seed_makes_the_same_error_and_seeds_make_all_kinds() -> None:
    material = clean("en")
    made = [corrupt(material, seed=seed) for seed in range(300)]
    assert made == [corrupt(material, seed=seed) for seed in range(300)]
    assert {one.kind for one in made if one} == set(Kind)


def test_a_draft_that_nothing_fits_stays_as_it_is() -> None:
    assert corrupt(Material("Hei,\n\nkiitos viestistä.", [], "fi"), seed=1) is None


def test_an_amount_is_taken_from_the_evidence_or_has_a_slip_and_keeps_its_spelling() -> None:
    wrong = wrong_parts(clean("de"), Kind.AMOUNT)
    assert {"18,75\u00a0€", "93,10\u00a0€", "1.811,50\u00a0€"} <= set(wrong)


def test_a_date_is_another_one_of_the_evidence_or_some_days_off_in_the_same_spelling() -> None:
    assert {"12 de octubre de 2026", "7 de noviembre de 2026"} <= set(wrong_parts(clean("es"), Kind.DATE))


def test_a_number_is_that_of_another_order_or_has_a_slip() -> None:
    assert {"SO-10399", "SO-10432", "SO-10424", "RE-88132"} <= set(wrong_parts(clean("en"), Kind.ID))
    assert "SO-88123" not in wrong_parts(clean("en"), Kind.ID)


def test_the_order_of_another_customer_stands_in_place_of_the_right_one() -> None:
    assert set(wrong_parts(clean("fr"), Kind.OTHER_ORDER)) == {"SO-10777", "SO-10501"}


def test_the_greeting_names_a_colleague_or_a_stranger() -> None:
    assert wrong_parts(clean("de"), Kind.NAME) == ["Holm", *LAST_NAMES["de"].split()]
    assert "Erik" in wrong_parts(clean("en", "Hello Marta,\n\nit is on its way."), Kind.NAME)


@pytest.mark.parametrize(
    ("language", "refused", "promised"),
    [
        ("en", "Your return is not possible.", "no problem"),
        ("en", "We cannot take it back.", "can certainly"),
        ("de", "Eine Rückgabe ist leider nicht möglich.", "gern möglich"),
        ("fr", "Un retour n’est plus possible.", "est encore possible"),
        ("es", "Ya no podemos cambiarlo.", "Todavía"),
        ("it", "Non possiamo più cambiarlo.", "Possiamo ancora"),
        ("nl", "Wij kunnen dat niet meer wijzigen.", "nog wel"),
        ("pl", "Nie możemy już tego zmienić.", "Możemy jeszcze"),
        ("pt", "Não é possível alterar.", "É perfeitamente possível"),
    ],
)
def test_a_refusal_is_turned_into_a_promise(language: str, refused: str, promised: str) -> None:
    assert wrong_parts(clean(language, refused), Kind.REFUSAL) == [promised]


def test_what_was_not_found_is_no_refusal() -> None:
    assert wrong_parts(clean("en", "Unfortunately we cannot find an order."), Kind.REFUSAL) == []


def test_a_link_leads_to_a_domain_that_only_looks_like_ours() -> None:
    assert "https://shop-service.example/track" in wrong_parts(clean("en", "See https://shop.example/track."), Kind.LINK)
    assert all("shop" in part for part in wrong_parts(clean("pl"), Kind.LINK))


@pytest.mark.parametrize(
    ("figure", "value", "said"),
    [
        ("1,181.50", "93.10", "93.10"),
        ("1.181,50", "2000", "2.000,00"),
        ("93,10", "1181.5", "1.181,50"),
        ("1181.50", "2345.60", "2345.60"),
        ("50", "60", "60"),
        ("50", "60.25", ""),
    ],
)
def test_an_amount_is_written_like_another(figure: str, value: str, said: str) -> None:
    assert like(figure, Decimal(value)) == said


def test_slips_are_one_digit_off_or_two_exchanged_and_keep_the_cents() -> None:
    assert set(slipped("€1,234.50")) == {"€1,324.50", "€1,243.50", *(f"€1,{n}.50" for n in (334, 134, 244, 224, 235, 233))}
    assert "0" not in {one[0] for one in slipped("10")}


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "November 5, 2026", "December 24, 2026"),
        ("de", "05.11.2026", "24.12.2026"),
        ("de", "5.11.", "24.12."),
        ("de", "5. November", "24. Dezember"),
        ("nl", "5-11-26", "24-12-26"),
        ("en", "2026-11-05", "2026-12-24"),
        ("en", "5th of November 2026", ""),
        ("fr", "5 novembre 2026", "24 décembre 2026"),
    ],
)
def test_a_date_is_written_like_another(language: str, text: str, said: str) -> None:
    assert redated(text, date(2026, 11, 5), date(2026, 12, 24), language) == said


def test_every_language_of_the_gate_has_its_sentences() -> None:
    assert set(REFUNDS) == set(LINKS) == set(REFUSALS) == set(MONTHS) == set(LAST_NAMES) == set(LANGUAGES)

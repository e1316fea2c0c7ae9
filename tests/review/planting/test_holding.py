"""Whether an edited text still has the error."""

import pytest

from review.models import PlantedDraft
from review.planting.corruptions import possible
from review.planting.holding import holds
from tests.review.planting.drafts import LANGUAGES, clean


def planted(kind: str, body: str, wrong: str) -> PlantedDraft:
    """A planted text with this in it."""
    start = body.index(wrong)
    return PlantedDraft(kind=kind, body=body, start=start, end=start + len(wrong))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_planted_text_has_the_error_and_the_clean_one_has_not(language: str) -> None:
    material = clean(language)
    for one in possible(material)[::3]:
        row = PlantedDraft(kind=one.kind, body=one.body, start=one.start, end=one.end)
        assert holds(one.body, row, language=language), one.words
        assert not holds(material.body, row, language=language), one.words


AMOUNT = ("amount", "That makes €118.50 in all.", "€118.50")
DATE = ("date", "It leaves on 5 November 2026.", "5 November 2026")
REFUND = ("refund", "It left. We will refund the shipping costs to you. Bye.", " We will refund the shipping costs to you.")
REFUSAL = ("refusal", "We can certainly take it back.", "can certainly")
NAME = ("name", "Hello Erik,\n\nit left.", "Erik")
LINK = ("link", "It left. See https://shop-service.example/a", "See https://shop-service.example/a")


@pytest.mark.parametrize(
    ("error", "text", "still"),
    [
        (AMOUNT, "In all: EUR 118.5.", True),
        (AMOUNT, "That makes €181.50 in all.", False),
        (DATE, "It leaves on 2026-11-05.", True),
        (DATE, "It leaves on 6 November 2026.", False),
        (REFUND, "It left. We will gladly refund the shipping costs.", True),
        (REFUND, "It left. Bye.", False),
        (REFUSAL, "We can certainly take back the goods.", True),
        (REFUSAL, "We cannot take it back.", False),
        (REFUSAL, "We can, alas, not take it back.", False),
        (NAME, "Dear Erik, it left.", True),
        (NAME, "Dear Erika, it left.", False),
        (LINK, "It left, as https://www.shop-service.example/b says.", True),
        (LINK, "It left. See https://shop.example/a", False),
    ],
)
def test_an_error_counts_by_what_it_means(error: tuple[str, str, str], text: str, still: bool) -> None:
    assert holds(text, planted(*error), language="en") is still

"""Whether an edited text still has the error."""

import pytest

from review.models import PlantedDraft
from review.planting import promising
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
        assert holds(one.body, row, clean=material.body, language=language), one.words
        assert not holds(material.body, row, clean=material.body, language=language), one.words


AMOUNT = ("amount", "That makes €118.50 in all.", "€118.50", "€181.50")
PRICE = ("amount", "The total is 4.95 EUR with shipping.", "4.95 EUR", "49.90 EUR")
SHORT = ("amount", "The total is 19.90 EUR.", "19.90 EUR", "91.90 EUR")
DATE = ("date", "It leaves on 5 November 2026.", "5 November 2026", "6 November 2026")
ORDER = ("id", "Hello Ann,\n\nyour order SO-1070 left our warehouse.", "SO-1070", "SO-1007")
FOREIGN = ("other_order", *ORDER[1:])
TWICE = ("id", "Your order SO-1007 left. You can follow order SO-1070 on our page.", "SO-1070", "SO-1007")
REFUND = ("refund", "It left. We will refund the shipping costs to you. Bye.", " We will refund the shipping costs to you.", "")
PAID = (
    "refund",
    "It left. We will refund 20.00 EUR to you within five working days. Bye.",
    " We will refund 20.00 EUR to you within five working days.",
    "",
)
REFUSAL = ("refusal", "We can certainly take it back.", "can certainly", "cannot")
CHANGE = ("refusal", "The order can still be changed. Bye.", "still", "no longer")
NAME = ("name", "Hello Laura,\n\nyour order left.", "Laura", "Ann")
LINK = ("link", "It left. See https://shop-service.example/a", "See https://shop-service.example/a", "See https://shop.example/a")


@pytest.mark.parametrize(
    ("error", "text", "still"),
    [
        (AMOUNT, "In all: EUR 118.5.", True),
        (AMOUNT, "That makes 118.50 in all.", True),
        (AMOUNT, "That makes €181.50 in all.", False),
        (PRICE, "The total is 49.90 EUR, 4.95 EUR of it shipping.", False),
        (PRICE, "Of it, 4.95 EUR are for shipping. The total is 49.90 EUR with shipping.", False),
        (PRICE, "The total is just 4.95 EUR with shipping, and not 49.90 EUR.", True),
        (PRICE, "We look into it.", False),
        (SHORT, "The total is 119.90 EUR.", False),
        (SHORT, "The total: 19,90 EUR.", True),
        (DATE, "It leaves on 2026-11-05.", True),
        (DATE, "It leaves on 5 November.", True),
        (DATE, "It leaves on 6 November 2026.", False),
        (DATE, "It leaves on 6 November 2026. On 5 November 2026 we pack it.", False),
        (ORDER, "Hello Ann,\n\norder so 1070 has left.", True),
        (ORDER, "Hello Ann,\n\nyour parcel 1070 left.", True),
        (ORDER, "Hello Ann,\n\nyour order SO-10705 left our warehouse.", False),
        (ORDER, "Hello Ann,\n\nyour order SO-1007 left our warehouse, SO-1070 follows.", False),
        (ORDER, "Hello Ann, about SO-1007: your order SO-1070 left our warehouse.", True),
        (FOREIGN, "Hello Ann,\n\nyour order SO-1007 left our warehouse, SO-1070 follows.", True),
        (TWICE, "You can follow it on our page. Your order SO-1007 left.", False),
        (TWICE, "Your order SO-1007 is gone. Follow SO-1070 if you like.", True),
        (REFUND, "It left. We will gladly refund the shipping costs.", True),
        (REFUND, "It left. Shipping will be refunded.", True),
        (REFUND, "It left and comes on Friday at the latest.", False),
        (REFUND, "It left. Bye.", False),
        (PAID, "It left. You get 20.00 EUR back soon.", True),
        (PAID, "It left. The invoice was about 20.00 EUR.", False),
        (REFUSAL, "We can certainly take back the goods.", True),
        (REFUSAL, "We can of course take it back.", True),
        (REFUSAL, "We cannot take it back.", False),
        (REFUSAL, "We can, alas, not take it back.", False),
        (CHANGE, "The order can of course be changed. Bye.", True),
        (CHANGE, "The order can no longer be changed, but you can still return it.", False),
        (CHANGE, "Bye.", False),
        (NAME, "Dear Laura, it left.", True),
        (NAME, "Good news!\n\nDear Laura,\n\nit left.", True),
        (NAME, "Dear Lauras, it left.", False),
        (NAME, "Hello Ann,\n\nit left. My colleague Laura will call you.\n\nKind regards\nLaura", False),
        (NAME, "Hello,\n\nit left. My colleague Laura will call you.", False),
        (LINK, "It left, as https://www.shop-service.example/b says.", True),
        (LINK, "It left. See https://shop.example/a or shop-service.example.", True),
        (LINK, "It left. See https://shop.example/a", False),
    ],
)
def test_an_error_counts_by_what_it_means_where_it_was_planted(error: tuple[str, str, str, str], text: str, still: bool) -> None:
    *about, right = error
    clean = error[1].replace(error[2], right)
    assert holds(text, planted(*about), clean=clean, language="en") is still


@pytest.mark.parametrize("known", ["What became of SO-1070, my other order?", "so 1070"])
def test_what_the_customer_names_may_stand_elsewhere(known: str) -> None:
    row, clean = planted(*ORDER[:3]), ORDER[1].replace("SO-1070", "SO-1007")
    assert not holds("We look into SO-1070.", row, clean=clean, language="en", known=known)
    assert holds("Your order SO-1070 left today.", row, clean=clean, language="en", known=known)
    assert holds("We look into SO-1070.", row, clean=clean, language="en")


def test_the_drafts_own_promise_in_other_words_is_no_new_one() -> None:
    clean = "It left. The guarantee covers the repair of the pump. Bye."
    assert promising.added("The guarantee covers a repair of your pump.", clean) == []
    assert promising.added("It comes on Friday at the latest.", clean) == ["it comes on friday at the latest"]


@pytest.mark.parametrize(
    ("error", "text", "still"),
    [
        (("Das kann noch geändert werden.", "noch", "nicht mehr"), "Das kann selbstverständlich geändert werden.", True),
        (("Das kann noch geändert werden.", "noch", "nicht mehr"), "Das kann leider nicht geändert werden.", False),
        (("Un retour est encore possible.", "est encore possible", "n'est plus possible"), "Un retour est possible.", True),
    ],
)
def test_a_refusal_turned_around_is_seen_in_other_languages(error: tuple[str, str, str], text: str, still: bool) -> None:
    body, wrong, right = error
    language = "de" if "Das" in body else "fr"
    assert holds(text, planted("refusal", body, wrong), clean=body.replace(wrong, right), language=language) is still

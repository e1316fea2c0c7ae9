"""Mails whose words are alike become a cause of their own, and stay one."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from inbox.models import Message
from review.models import Miss, Theme
from review.next_nine import themes
from tests.review.next_nine.rows import decided

pytestmark = pytest.mark.django_db

VOLTAGE = "Hello, which voltage may the pump have, and is there a cable for 400 volts?"
ADDRESS = "Please change the billing address of our company on every invoice from now on."


def ask(question: str, *, by: User, times: int, first: int = 0, **about: Any) -> None:
    """So many mails of different customers that were changed."""
    for number in range(first, first + times):
        decided("edited", by=by, question=question, sender=f"{'abcdefghij'[number]}@customer.example", **about)


def causes() -> dict[str, int]:
    """How many mails each cause has."""
    found: dict[str, int] = {}
    for cause in Miss.objects.values_list("cause", flat=True):
        found[cause] = found.get(cause, 0) + 1
    return found


def test_mails_without_a_reason_are_grouped_by_their_words(ana: User) -> None:
    ask(VOLTAGE, by=ana, times=5)
    ask(ADDRESS, by=ana, times=4)
    assert themes.find() == 2
    first, second = Theme.objects.order_by("pk")
    assert causes() == {f"unexplained+{first.pk}": 5, f"unexplained+{second.pk}": 4}
    assert {"voltage", "pump", "cable", "volts"} & set(first.words)
    assert {"invoice", "address", "billing", "company"} & set(second.words)


def test_what_was_changed_tells_mails_apart_too(ana: User) -> None:
    for number, text in enumerate(["The warranty lasts two years.", "Our office is closed on Friday."] * 4):
        decided("edited", by=ana, question="Please help.", text=text, sender=f"{'abcdefgh'[number]}@customer.example")
    assert themes.find() == 2
    assert sorted(causes().values()) == [4, 4]


def test_a_theme_lives_on_as_mails_come_in(ana: User) -> None:
    ask(VOLTAGE, by=ana, times=4)
    ask(ADDRESS, by=ana, times=4)
    themes.find()
    before = set(Theme.objects.values_list("pk", flat=True))
    ask(VOLTAGE, by=ana, times=3, first=4)
    themes.find()
    assert set(Theme.objects.values_list("pk", flat=True)) == before
    assert sorted(causes().values()) == [4, 7]


def test_finding_them_again_changes_nothing(ana: User) -> None:
    ask(VOLTAGE, by=ana, times=4)
    ask(ADDRESS, by=ana, times=4)
    themes.find()
    before = causes()
    themes.find()
    assert causes() == before


def test_causes_that_say_enough_are_left_alone(ana: User) -> None:
    ask(VOLTAGE, by=ana, times=5, edit_reason="tone")
    assert themes.find() == 0
    assert causes() == {"edit:tone": 5}


def test_each_cause_is_grouped_by_itself(ana: User) -> None:
    ask(VOLTAGE, by=ana, times=4, edit_reason="policy")
    ask(ADDRESS, by=ana, times=4, edit_reason="policy")
    ask(VOLTAGE, by=ana, times=2)
    themes.find()
    assert {cause.partition("+")[0] for cause in causes() if "+" in cause} == {"edit:policy"}


def test_a_theme_is_not_named_after_a_customer(ana: User) -> None:
    for number in range(5):
        decided("edited", by=ana, question=f"{VOLTAGE} Yours, Zephyrine", sender=f"zephyrine@shop{number}.example")
    ask(ADDRESS, by=ana, times=4)
    themes.find()
    assert all("zephyrine" not in theme.words for theme in Theme.objects.all())


def test_old_mails_are_not_compared(ana: User) -> None:
    ask(VOLTAGE, by=ana, times=4, days_ago=themes.WINDOW.days + 1)
    assert themes.find() == 0


GERMAN = "Welche Spannung darf die Pumpe haben, und gibt es das Kabel auch für 400 Volt, bitte?"


def test_languages_are_grouped_each_by_itself(ana: User) -> None:
    ask(VOLTAGE, by=ana, times=4)
    ask(ADDRESS, by=ana, times=4)
    ask(GERMAN, by=ana, times=4)
    Message.objects.filter(text=GERMAN).update(language="de")
    themes.find()
    among = [set(Miss.objects.filter(cause=cause).values_list("decision__draft__message__language", flat=True)) for cause in causes()]
    assert sorted(among, key=sorted) == [{"de"}, {"en"}, {"en"}]


def test_words_that_every_mail_has_name_no_theme(ana: User) -> None:
    ask(f"{VOLTAGE} Our thanks to you, for what you have done.", by=ana, times=5)
    ask(ADDRESS, by=ana, times=4)
    themes.find()
    assert not {word for theme in Theme.objects.all() for word in theme.words} & {"the", "our", "you", "for", "have", "and", "what", "from"}

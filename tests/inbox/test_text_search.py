"""What a search over mail finds."""

import pytest

from inbox import text_search
from inbox.models import Message
from tests.inbox.factories import make_mailbox, receive

pytestmark = pytest.mark.django_db


def finds(typed: str) -> bool:
    return Message.objects.filter(search=text_search.typed(typed)).exists()


@pytest.mark.parametrize(
    ("text", "subject", "typed"),
    [
        ("Where are my orders? I wait since Monday.", "Help", "order"),
        ("Wo bleiben meine Lieferungen? Ich habe sie letzte Woche bei Ihnen bestellt.", "Anfrage", "Lieferung"),
        ("I wait for SO-10234 since Monday.", "Help", "SO-10234"),
        ("I wait for SO-10234 since Monday.", "Help", "so-102"),
        ("Nothing here.", "Broken belt of the machine", "belt machine"),
        ("The green one is broken, the red one is not.", "Help", '"green one"'),
        ("The green one is broken.", "Help", "the broken"),
        ("Hello", "Help", "ana@customer.example"),
        ("Hello", "Help", "customer.example"),
        ("Hello", "Help", "ana@"),
        ("It's broken; \\ and ' and : and * and ( stay", "Help", "broken ' \\ : * ( & | !"),
    ],
)
def test_a_mail_is_found_by_its_words(text: str, subject: str, typed: str) -> None:
    receive(make_mailbox(), text=text, subject=subject)
    assert finds(typed)


@pytest.mark.parametrize("typed", ["bicycle", '"one green"', "broken -green", "SO-10235"])
def test_a_mail_is_not_found_by_what_it_does_not_say(typed: str) -> None:
    receive(make_mailbox(), text="The green one of SO-10234 is broken.")
    assert not finds(typed)


@pytest.mark.parametrize("typed", ["", "   ", "'", ":*", "!!", "a" * 5000, "\x01", "-", '"', "or", "x' | 'y", "<->", "日本語"])
def test_nothing_that_is_typed_is_an_error(typed: str) -> None:
    finds(typed)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("running", "('run':*)"),
        ("SO-10234", "('-10234':*)"),
        ("pumps pump", "('pump' & 'pump') | ('pumps' & 'pump')"),
        ("pump or valve", "('pump' | 'valv') | ('pump' | 'valve')"),
    ],
)
def test_readings_that_others_cover_are_not_asked_for(typed: str, read: str) -> None:
    assert text_search.typed(typed).written == read


def test_a_mail_of_endless_different_words_is_stored() -> None:
    message = receive(make_mailbox(), text=" ".join(f"wörd{number}é" for number in range(200_000)))
    assert Message.objects.filter(pk=message.pk, search=text_search.typed("wörd17é")).exists()

"""Rolls and the search for themes write the same rows at once: none of it is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from review.models import Decision, Miss, Theme
from review.next_nine import misses, themes
from tests.locks import closing, wait_until_somebody_waits
from tests.review.factories import make_person
from tests.review.next_nine.rows import decided

pytestmark = pytest.mark.django_db(transaction=True)


def ask(question: str, *, times: int) -> list[Decision]:
    """So many mails of different customers that were changed."""
    ana = make_person("reviewer")
    return [decided("edited", by=ana, question=question, sender=f"{'abcdefghij'[number]}@customer.example") for number in range(times)]


def test_themes_wait_for_a_roll_without_holding_what_it_needs_next() -> None:
    first, *_ = ask("Please change the billing address of our company on every invoice from now on.", times=4)
    *_, last = ask("Hello, which voltage may the pump have, and is there a cable for 400 volts?", times=5)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Miss.objects.select_for_update().get(pk=first.pk)
            found = pool.submit(closing, themes.find)
            wait_until_somebody_waits()
            assert Miss.objects.select_for_update(nowait=True).get(pk=last.pk).cause == "unexplained"
        assert found.result(60) == 2
    assert set(Miss.objects.values_list("cause", flat=True)) == {f"unexplained+{theme.pk}" for theme in Theme.objects.all()}


def test_a_theme_that_is_found_while_a_roll_makes_the_miss_again_stays() -> None:
    [decision] = ask("Hello, which voltage may the pump have?", times=1)
    talk = decision.draft.conversation_id
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Miss.objects.filter(pk=decision.pk).update(cause="unexplained+7")
            made = pool.submit(closing, lambda: misses.make_again(conversations=[talk]))
            wait_until_somebody_waits()
        made.result(60)
    assert Miss.objects.get().cause == "unexplained+7"


def test_a_roll_waits_for_themes_without_holding_what_they_need_next() -> None:
    first, second = ask("Hello, which voltage may the pump have?", times=2)
    Decision.objects.filter(pk=second.pk).update(undone_at=second.decided_at)
    talks = [one.draft.conversation_id for one in (first, second)]
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Miss.objects.select_for_update().get(pk=first.pk)
            made = pool.submit(closing, lambda: misses.make_again(conversations=talks))
            wait_until_somebody_waits()
            assert Miss.objects.select_for_update(nowait=True).get(pk=second.pk).cause == "unexplained"
        made.result(60)
    assert Miss.objects.get().decision == first

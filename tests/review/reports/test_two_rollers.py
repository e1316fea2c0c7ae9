"""Several workers may roll at once, and people go on working meanwhile."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from inbox.models import Message
from review.models import Outcome, Tally, Touched
from review.reports import histories, rolling
from tests.drafting.factories import make_conversation, make_draft, make_message
from tests.locks import closing
from tests.review.reports import plain

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_roll_at_once_count_everything_once() -> None:
    talks = [make_conversation() for _ in range(4)]
    for talk in talks * 5:
        make_message(conversation=talk)
    with ThreadPoolExecutor(3) as pool:
        rolled = [pool.submit(closing, lambda: rolling.roll_all(most=3)) for _ in range(3)]
        assert sum(int(str(one.result(60))) for one in rolled) == 20
    assert Outcome.objects.count() == 20
    assert plain.kept_tallies() == plain.tallies("UTC")
    assert plain.kept_spreads() == plain.spreads("UTC")


def test_the_sweep_leaves_it_to_who_rolls_already() -> None:
    rolling.follow_zone()
    make_message()
    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        assert rolling.roll(most=1) == 1
        make_message()
        assert pool.submit(closing, rolling.sweep).result(30) == 0
    assert rolling.sweep() == 1


def test_who_has_everything_made_again_waits_for_who_rolls() -> None:
    """Otherwise each could wait for rows that the other takes away."""
    make_message()
    rolling.roll_all()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert rolling.roll() == 0
            touched = pool.submit(closing, rolling.touch_all)
            with pytest.raises(TimeoutError):
                touched.result(0.5)
        assert touched.result(30) == 1
    assert Touched.objects.count() == 1


def test_what_happens_while_a_conversation_is_read_is_counted_by_the_next_roll(monkeypatch: pytest.MonkeyPatch) -> None:
    message, load = make_message(), histories.load

    def overtaken(*about: object) -> object:
        found = load(*about)  # type: ignore[arg-type]
        with ThreadPoolExecutor(1) as pool:
            pool.submit(closing, lambda: make_draft(message)).result(30)
        return found

    monkeypatch.setattr(histories, "load", overtaken)
    assert rolling.roll() == 1
    monkeypatch.undo()
    assert Touched.objects.count() == 1
    assert rolling.roll() == 1


def test_a_change_that_was_rolled_back_leaves_nothing() -> None:
    message = make_message()
    rolling.roll_all()

    def write_and_give_up() -> None:
        with transaction.atomic():
            make_message(conversation=message.conversation)
            transaction.set_rollback(True)

    write_and_give_up()
    assert not Touched.objects.exists()
    assert Message.objects.count() == Tally.objects.get(span="day").inbound == 1

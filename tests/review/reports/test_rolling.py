"""Whatever happens, in whatever order it is counted: the sums are what the raw rows say."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import DataError, connection
from django.utils import timezone
from pytest_django import Settings

from drafting.models import Draft, ModelCall
from inbox.models import Message, OutgoingMail
from review.models import Outcome, ReportZone, Spread, Tally, Touched
from review.reports import outcomes, rolling
from review.reports.histories import History
from tests.drafting.factories import make_category, make_message
from tests.review.factories import make_outgoing, ready_draft
from tests.review.reports import plain
from tests.review.reports.random_mail import RandomMail

pytestmark = pytest.mark.django_db
ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Chatham")


def counted(zone: str) -> None:
    """The sums equal a plain count."""
    assert plain.kept_tallies() == plain.tallies(zone)
    assert plain.kept_spreads() == plain.spreads(zone)


@pytest.mark.parametrize("seed", range(6))
def test_sums_equal_the_raw_rows_after_any_order_of_events_and_rolls(seed: int, settings: Settings) -> None:
    random, settings.TIME_ZONE = Random(seed), ZONES[seed % len(ZONES)]
    mail = RandomMail(seed)
    for _ in range(160):
        mail.step()
        if random.random() < 0.15:
            rolling.roll(most=random.choice((1, 5, 500)))
    rolling.roll_all(most=random.choice((3, 500)))
    assert Outcome.objects.count() > 5
    counted(settings.TIME_ZONE)
    rolling.touch_all()
    rolling.roll_all()
    counted(settings.TIME_ZONE)


def test_rolling_twice_changes_nothing() -> None:
    mail = RandomMail(7)
    for _ in range(80):
        mail.step()
    rolling.roll_all()
    before = versions()
    rolling.touch_all()
    assert rolling.roll_all()
    assert versions() == before


def test_a_late_event_moves_the_figures_of_its_old_day(ana: User) -> None:
    long_ago = timezone.now() - timedelta(days=100)
    draft = ready_draft(message=make_message(received_at=long_ago))
    rolling.roll_all()
    assert figures("waiting", "by_hand", "bounced") == {(1, 0, 0)}
    mail = make_outgoing(by=ana, message=draft.message)
    rolling.roll_all()
    assert figures("waiting", "by_hand", "bounced") == {(0, 1, 0)}
    OutgoingMail.objects.filter(pk=mail.pk).update(last_error="It came back: ann@customer.example cannot be reached for good.")
    rolling.roll_all()
    assert figures("waiting", "by_hand", "bounced") == {(0, 1, 1)}
    assert set(Tally.objects.values_list("on", flat=True)) == {long_ago.date(), long_ago.date().replace(day=1)}


def test_what_moves_to_another_category_leaves_nothing_behind() -> None:
    draft = ready_draft()
    rolling.roll_all()
    Draft.objects.filter(pk=draft.pk).update(category=make_category("returns"))
    rolling.roll_all()
    assert set(Tally.objects.values_list("category__slug", flat=True)) == {"returns"}
    assert set(Spread.objects.values_list("category__slug", flat=True)) == {"returns"}


def test_sums_of_deleted_mail_go_with_it() -> None:
    talk = make_message().conversation
    make_message(conversation=talk)
    rolling.roll_all()
    Message.objects.all().delete()
    rolling.roll_all()
    assert not Tally.objects.exists()
    assert not Spread.objects.exists()


def test_the_newest_changes_are_counted_first() -> None:
    older, newer = make_message(), make_message()
    assert rolling.roll(most=1) == 1
    assert set(Outcome.objects.values_list("pk", flat=True)) == {newer.pk}
    rolling.roll_all()
    assert Outcome.objects.filter(pk=older.pk).exists()


def test_days_follow_the_installations_time_zone(settings: Settings) -> None:
    make_message(received_at=datetime(2026, 3, 31, 23, 30, tzinfo=UTC))
    rolling.sweep()
    assert set(Tally.objects.values_list("span", "on")) == {("day", date(2026, 3, 31)), ("month", date(2026, 3, 1))}
    assert not rolling.follow_zone()
    settings.TIME_ZONE = "Europe/Berlin"
    rolling.sweep()
    assert set(Tally.objects.values_list("span", "on")) == {("day", date(2026, 4, 1)), ("month", date(2026, 4, 1))}
    assert ReportZone.objects.get().name == "Europe/Berlin"


def test_sums_of_tokens_outgrow_four_bytes() -> None:
    spent = {"purpose": "draft", "request": {}, "milliseconds": 1, "prompt_tokens": 2_000_000_000, "completion_tokens": 2_100_000_000}
    draft = ready_draft()
    for position in range(2):
        ModelCall.objects.create(draft=draft, position=position, **spent)
    rolling.roll_all()
    assert figures("prompt_tokens", "completion_tokens") == {(4_000_000_000, 4_200_000_000)}


def test_a_conversation_that_cannot_be_counted_keeps_no_other_waiting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    messages = [make_message() for _ in range(7)]
    broken = messages[3].conversation_id

    def judge_all_but_one(history: History) -> list[Outcome]:
        if history.conversation == broken:
            raise DataError("integer out of range")
        return outcomes.judge(history)

    monkeypatch.setattr(rolling, "judge", judge_all_but_one)
    rolling.sweep()
    assert set(Outcome.objects.values_list("pk", flat=True)) == {message.pk for message in messages} - {messages[3].pk}
    assert f"Conversation {broken} cannot be counted" in caplog.text
    assert rolling.roll_all() == 0
    monkeypatch.undo()
    assert rolling.roll_all() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert rolling.roll_all() == 1
    assert not Touched.objects.exists()
    counted("UTC")


def versions() -> list[set[tuple[int, str]]]:
    """The rows of each table, with the transaction that wrote them."""
    found = []
    for model in (Outcome, Tally, Spread):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {model._meta.pk.column}, xmin::text || cmin::text FROM {model._meta.db_table}")  # noqa: S608 - tables of ours
            found.append(set(cursor.fetchall()))
    return found


def figures(*measures: str) -> set[tuple[int, ...]]:
    """The measures of each sum."""
    return set(Tally.objects.values_list(*measures))

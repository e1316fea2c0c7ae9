"""Before and after a remedy, honestly compared."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from inbox.models import Mailbox
from review.models import Miss, Remedy, Tally
from review.next_nine.effects import Effect, Span, effects, histories, verdict, weeks
from review.next_nine.themes import WINDOW
from review.reports.reading import Scope
from tests.drafting.factories import make_mailbox
from tests.review.next_nine.rows import decided

DAY = date(2026, 9, 1)
TODAY = DAY + timedelta(days=28)


def at(days: int) -> date:
    """So many days after the remedy."""
    return DAY + timedelta(days=days)


def remedy(days: int = 0) -> Remedy:
    """One that was put in at noon, so many days after the first."""
    return Remedy(cause="edit:tone", kind="elsewhere", words="We talked.", at=datetime(2026, 9, 1, 12, tzinfo=UTC) + timedelta(days=days))


def every_day(count: int, *, first: int, last: int) -> dict[date, int]:
    """So many mails on each day."""
    return {at(day): count for day in range(first, last + 1)}


def span(mails: int, needed: int, days: int = 28) -> Span:
    return Span(DAY, DAY + timedelta(days=days - 1), mails, needed)


def test_fewer_mails_after_a_remedy_are_fewer() -> None:
    mails = every_day(2, first=-60, last=-1) | {at(3): 1}
    [found] = effects([remedy()], mails, every_day(20, first=-60, last=28), today=TODAY)
    assert found.after
    assert (found.before.first, found.before.last, found.before.mails) == (at(-56), at(-1), 112)
    assert (found.after.first, found.after.last, found.after.mails) == (at(1), at(27), 1)
    assert (found.before.a_week, found.before.per_hundred, found.verdict) == (14.0, 10.0, "fewer")


def test_the_day_of_the_remedy_counts_for_neither_side() -> None:
    [found] = effects([remedy()], {at(0): 99}, every_day(5, first=-60, last=28), today=TODAY)
    assert found.after
    assert (found.before.mails, found.after.mails) == (0, 0)


def test_a_quiet_time_is_no_success() -> None:
    """Half as many mails of the cause, and half as many mails altogether."""
    assert verdict(span(80, 800), span(40, 400)) == "same"
    assert verdict(span(80, 800), span(40, 800)) == "fewer"
    assert verdict(span(40, 800), span(80, 800)) == "more"


def test_as_many_mails_in_a_busier_time_are_fewer() -> None:
    assert verdict(span(80, 400), span(80, 1600)) == "fewer"


@pytest.mark.parametrize("days", [1, 13])
def test_some_days_are_too_early(days: int) -> None:
    assert verdict(span(80, 800), span(0, 400, days=days)) == "early"


def test_too_few_mails_tell_nothing() -> None:
    assert verdict(span(3, 800), span(0, 800)) == "early"
    assert verdict(span(0, 0), span(9, 800)) == "early"
    assert verdict(span(9, 800), span(0, 0)) == "early"


def test_a_cause_that_comes_up_anew_is_more_than_before() -> None:
    assert verdict(span(0, 800), span(20, 800)) == "more"


def test_today_there_is_no_after_yet() -> None:
    [found] = effects([remedy()], {}, every_day(5, first=-60, last=0), today=DAY)
    assert (found.after, found.verdict) == (None, "early")


def test_each_remedy_is_compared_with_the_time_since_the_one_before() -> None:
    first, second = effects([remedy(), remedy(14)], every_day(1, first=-60, last=28), every_day(9, first=-60, last=28), today=TODAY)
    assert first.after
    assert second.after
    assert (first.after.first, first.after.last) == (at(1), at(13))
    assert (second.before.first, second.before.last) == (at(1), at(13))
    assert (second.after.first, second.after.last) == (at(15), at(27))


def test_two_remedies_of_one_day_are_judged_alike() -> None:
    first, second = effects([remedy(), remedy()], every_day(1, first=-60, last=28), every_day(9, first=-60, last=28), today=TODAY)
    assert (first.before, first.after) == (second.before, second.after)


def test_before_there_was_any_mail_nothing_is_counted() -> None:
    [found] = effects([remedy()], every_day(1, first=-10, last=28), every_day(9, first=-10, last=28), today=TODAY)
    assert (found.before.first, found.before.days) == (at(-10), 10)


def test_large_numbers_can_be_told_apart() -> None:
    assert verdict(span(90_000, 900_000), span(80_000, 900_000)) == "fewer"


def test_weeks_begin_on_monday_and_the_last_one_is_under_way() -> None:
    found = weeks({date(2026, 9, 2): 3, date(2026, 9, 14): 1}, {date(2026, 9, 2): 30}, today=date(2026, 9, 15))
    assert [(week.on, week.days, week.mails, week.needed) for week in found] == [
        (date(2026, 8, 31), 7, 3, 30),
        (date(2026, 9, 7), 7, 0, 0),
        (date(2026, 9, 14), 2, 1, 0),
    ]
    assert weeks({}, {}, today=TODAY) == ()


@pytest.mark.django_db
def test_a_theme_has_no_past_before_its_first_mail(ana: User) -> None:
    decided("edited", by=ana, days_ago=60)
    for days_ago in (15, 1):
        decided("edited", by=ana, days_ago=days_ago)
        Miss.objects.filter(cause="unexplained", day__gte=timezone.localdate() - timedelta(days=20)).update(cause="unexplained+3")
    found = histories(["unexplained+3", "unexplained"], scope=Scope(), today=timezone.localdate())
    assert len(found["unexplained+3"].weeks) < 5
    assert len(found["unexplained"].weeks) > 7


def needed(count: int, *days_ago: int, mailbox: Mailbox) -> None:
    """So many mails needed a reply on each of these days."""
    today = timezone.localdate()
    Tally.objects.bulk_create(Tally(span="day", on=today - timedelta(days=days), mailbox=mailbox, needed=count) for days in days_ago)


def noted(cause: str, *, by: User, days_ago: int) -> None:
    """Somebody did something about it, so many days ago."""
    made = Remedy.objects.create(cause=cause, kind="elsewhere", words="We talked.", by=by)
    Remedy.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(days=days_ago))


def judged(cause: str) -> list[Effect]:
    """What came of what was done about it."""
    return list(histories([cause], scope=Scope(), today=timezone.localdate())[cause].effects)


@pytest.mark.django_db
def test_a_theme_that_is_found_makes_no_remedy_of_its_cause_look_successful(ana: User) -> None:
    mailbox = make_mailbox()
    for days_ago in range(20, 44, 2):
        decided("edited", by=ana, days_ago=days_ago, mailbox=mailbox)
    noted("unexplained", by=ana, days_ago=19)
    after = [decided("edited", by=ana, days_ago=days_ago, mailbox=mailbox).pk for days_ago in range(2, 18, 2)]
    needed(10, *range(1, 44), mailbox=mailbox)
    assert [one.verdict for one in judged("unexplained")] == ["same"]
    Miss.objects.filter(pk__in=after).update(cause="unexplained+7")
    assert [one.verdict for one in judged("unexplained")] == ["same"]
    found = histories(["unexplained", "unexplained+7"], scope=Scope(), today=timezone.localdate())
    assert [(one.with_themes, sum(week.mails for week in one.weeks)) for one in found.values()] == [(True, 20), (False, 8)]


@pytest.mark.django_db
def test_a_theme_is_compared_within_the_days_that_tell_it_from_others(ana: User) -> None:
    mailbox = make_mailbox()
    for days_ago in (100, 80, 50, 30, 20):
        decided("edited", by=ana, days_ago=days_ago, mailbox=mailbox)
    Miss.objects.update(cause="unexplained+7")
    needed(10, *range(1, 110), mailbox=mailbox)
    noted("unexplained+7", by=ana, days_ago=40)
    [within] = judged("unexplained+7")
    assert (within.before.days, within.before.mails, within.verdict) == (WINDOW.days - 40, 1, "early")
    Remedy.objects.update(at=timezone.now() - WINDOW)
    assert [one.verdict for one in judged("unexplained+7")] == ["untold"]


@pytest.mark.django_db
def test_what_was_before_a_remedy_of_long_ago_is_still_counted(ana: User) -> None:
    mailbox = make_mailbox()
    for days_ago in range(401, 431, 3):
        decided("edited", by=ana, days_ago=days_ago, edit_reason="tone", mailbox=mailbox)
    noted("edit:tone", by=ana, days_ago=400)
    needed(10, *range(401, 431), 390, 200, 3, mailbox=mailbox)
    needed(100, 300, 150, mailbox=mailbox)
    [found] = judged("edit:tone")
    assert (found.before.mails, found.before.needed, found.verdict) == (10, 300, "fewer")

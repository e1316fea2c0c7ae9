"""Causes are sized by mails and minutes."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from review.next_nine.groups import Group, groups
from review.reports.periods import Period
from review.reports.reading import Scope
from tests.drafting.factories import make_category, make_mailbox
from tests.review.next_nine.rows import decided

pytestmark = pytest.mark.django_db


def found(*, scope: Scope | None = None, minutes: float = 6, causes: tuple[str, ...] = ()) -> list[Group]:
    """The causes of the last 28 days."""
    today = timezone.localdate()
    return groups(period=Period(today - timedelta(days=27), today), scope=scope or Scope(), minutes_by_hand=minutes, causes=causes)


def test_most_work_comes_first(ana: User) -> None:
    for _ in range(3):
        decided("edited", by=ana, edit_reason="tone", seconds=30)
    decided("edited", by=ana, edit_reason="policy", seconds=600)
    assert [(one.cause, one.mails, one.seconds) for one in found()] == [("edit:policy", 1, 600), ("edit:tone", 3, 90)]
    assert (found()[1].mails_a_week, found()[1].minutes_a_week) == (0.75, 0.375)


def test_a_reply_by_hand_takes_the_minutes_that_are_assumed(ana: User) -> None:
    decided("by_hand", by=ana, seconds=30)
    assert [(one.seconds, one.mails) for one in found(minutes=10)] == [(630, 1)]


def test_time_that_is_not_known_counts_as_none(ana: User) -> None:
    decided("edited", by=ana, seconds=None)
    assert found()[0].seconds == 0


def test_the_period_before_is_counted_apart(ana: User) -> None:
    for days_ago in (0, 27, 28, 55, 56):
        decided("edited", by=ana, days_ago=days_ago)
    assert [(one.mails, one.earlier) for one in found()] == [(2, 2)]


def test_a_cause_of_the_period_before_alone_is_not_shown(ana: User) -> None:
    decided("edited", by=ana, days_ago=30)
    assert found() == []


def test_each_category_has_its_mails(ana: User) -> None:
    returns = make_category("return")
    for category in (returns, returns, make_category(), None):
        decided("edited", by=ana, category=category)
    [one] = found()
    assert one.categories[0] == (returns.pk, 2)
    assert sorted(one.categories[1:]) == [(0, 1), (make_category().pk, 1)]


def test_a_scope_and_chosen_causes_leave_others_out(ana: User, django_assert_num_queries: Any) -> None:
    mailbox = make_mailbox()
    decided("edited", by=ana, mailbox=mailbox, edit_reason="tone")
    decided("edited", by=ana, edit_reason="policy")
    with django_assert_num_queries(1):
        assert [one.cause for one in found(scope=Scope(mailboxes=frozenset({mailbox.pk})))] == ["edit:tone"]
    assert [one.cause for one in found(causes=("edit:policy",))] == ["edit:policy"]
    assert found(scope=Scope(mailboxes=frozenset())) == []

"""The figures of a period as plain data."""

from datetime import date
from typing import Any

import pytest
import time_machine

from inbox.models import Mailbox
from review.models import Spread
from review.reports.periods import Period
from review.reports.reading import Scope
from review.reports.summary import Line, Summary, summary
from tests.drafting.factories import make_category, make_mailbox
from tests.review.reports.tallies import make_spread, make_tally

pytestmark = pytest.mark.django_db
WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))
IN_IT, BEFORE = date(2026, 3, 10), date(2026, 3, 4)


@pytest.fixture
def mailbox(db: None) -> Mailbox:
    return make_mailbox()


def lines(said: Summary) -> dict[str, Line]:
    return {line.figure.key: line for line in said.figures}


def test_a_share_has_its_numerator_its_denominator_and_its_change(mailbox: Mailbox) -> None:
    make_tally(IN_IT, mailbox=mailbox, inbound=10, needed=8, automated=6)
    make_tally(BEFORE, mailbox=mailbox, inbound=10, needed=10, automated=5)
    line = lines(summary(period=WEEK, scope=Scope()))["automation"]
    assert (line.now.numerator, line.now.denominator, line.now.value) == (6, 8, 0.75)
    assert (line.before.numerator, line.before.denominator, line.before.value) == (5, 10, 0.5)
    assert line.change == 0.25


def test_a_share_of_nothing_has_no_value_and_no_change(mailbox: Mailbox) -> None:
    make_tally(IN_IT, mailbox=mailbox, inbound=10, needed=8, automated=6)
    found = lines(summary(period=WEEK, scope=Scope()))
    assert found["automation"].change is None
    assert found["error"].now.value is None
    assert found["error"].now.interval is None
    assert found["inbound"].change == 10


WAITED = ("responded", "in_time", "auto", "by_hand", "first_resp", "resolution")
"""What the slow replies are still missing from while mails wait."""


def compared(said: Summary) -> set[str]:
    """The keys of what is compared with the period before."""
    lines = {line.figure.key for line in (*said.figures, *said.left) if not line.open}
    return lines | {one.key for one in said.durations if not one.open}


def test_what_says_how_things_are_now_is_never_compared(mailbox: Mailbox) -> None:
    make_tally(IN_IT, mailbox=mailbox, needed=8, waiting=2, maybe_sent=1)
    make_tally(BEFORE, mailbox=mailbox, needed=8)
    found = lines(summary(period=WEEK, scope=Scope()))
    assert (found["waiting"].change, found["maybe_sent"].change) == (None, None)
    assert "older mails have had longer" in found["waiting"].open


@pytest.mark.parametrize(
    ("needed", "waiting", "before", "is_open"),
    [
        (8, 0, 1, False),
        (8, 1, 0, False),  # the newest mail, or one that nobody will answer
        (8, 2, 0, True),
        (8, 2, 2, False),
        (800, 16, 0, False),
        (800, 17, 0, True),
        (800, 17, 1, False),
    ],
)
def test_how_fast_it_was_is_compared_unless_clearly_more_mails_wait_than_before(
    needed: int, waiting: int, before: int, is_open: bool, mailbox: Mailbox
) -> None:
    make_tally(IN_IT, mailbox=mailbox, needed=needed, opened=8, responded=8, in_time=8, waiting=waiting)
    make_tally(BEFORE, mailbox=mailbox, needed=400 if needed > 8 else 8, opened=8, responded=8, in_time=4, waiting=before)
    said = summary(period=WEEK, scope=Scope())
    assert compared(said).intersection(WAITED) == (set() if is_open else set(WAITED))
    assert lines(said)["in_time"].change == (None if is_open else 0.5)
    assert {"coverage", "approval", "review"} <= compared(said)


@pytest.mark.parametrize(("today", "is_open"), [("2026-03-21", True), ("2026-03-22", False)])
def test_what_a_week_may_change_is_compared_after_it(today: str, is_open: bool, mailbox: Mailbox) -> None:
    with time_machine.travel(f"{today}T12:00:00Z", tick=False):
        said = summary(period=WEEK, scope=Scope())
    assert {"automation", "error", "bounced"} & compared(said) == (set() if is_open else {"automation", "error", "bounced"})


def test_an_estimated_rate_has_its_interval(mailbox: Mailbox) -> None:
    make_tally(IN_IT, mailbox=mailbox, audited=200, unsafe=1)
    found = lines(summary(period=WEEK, scope=Scope()))
    interval = found["error"].now.interval
    # Clopper and Pearson for 1 of 200, as printed in tables.
    assert interval is not None
    assert interval == pytest.approx((0.000127, 0.027548), abs=1e-5)
    assert found["coverage"].now.interval is None


def test_categories_come_by_how_many_mails_they_had_and_add_up_to_the_whole(mailbox: Mailbox) -> None:
    stock = make_category("stock")
    make_tally(IN_IT, mailbox=mailbox, inbound=3, needed=3)
    make_tally(IN_IT, mailbox=mailbox, category=stock, inbound=5, needed=4, auto_sent=2)
    make_tally(BEFORE, mailbox=mailbox, category=make_category("returns"), inbound=9)
    said = summary(period=WEEK, scope=Scope())
    assert [(group.id, group.slug, group.name, group.figures["inbound"].now.numerator) for group in said.groups] == [
        (stock.pk, "stock", "Stock", 5),
        (0, "", "Without category", 3),
    ]
    assert said.groups[0].left["auto"].now.numerator == 2
    assert lines(said)["inbound"].now.numerator == 8
    assert lines(said)["inbound"].before.numerator == 9


def test_only_mails_in_scope_are_counted(mailbox: Mailbox) -> None:
    make_tally(IN_IT, mailbox=mailbox, inbound=3)
    make_tally(IN_IT, mailbox=make_mailbox(), inbound=40)
    assert lines(summary(period=WEEK, scope=Scope(mailboxes=frozenset({mailbox.pk}))))["inbound"].now.numerator == 3
    assert lines(summary(period=WEEK, scope=Scope(mailboxes=frozenset())))["inbound"].now.numerator == 0


def test_what_occurred_how_often_is_there_by_its_kind(mailbox: Mailbox) -> None:
    make_spread(IN_IT, Spread.Kind.EDIT_REASON, "tone", 4, mailbox=mailbox)
    assert summary(period=WEEK, scope=Scope()).spreads[Spread.Kind.EDIT_REASON] == {"tone": 4}


def test_durations_have_their_median_and_the_time_within_which_nine_of_ten_were_done(mailbox: Mailbox) -> None:
    make_spread(IN_IT, Spread.Kind.FIRST_RESPONSE, "10", 8, mailbox=mailbox)
    make_spread(IN_IT, Spread.Kind.FIRST_RESPONSE, "30", 2, mailbox=mailbox)
    make_spread(BEFORE, Spread.Kind.FIRST_RESPONSE, "5", 1, mailbox=make_mailbox())
    [first, resolution, review] = summary(period=WEEK, scope=Scope()).durations
    assert (first.name, first.now.count, first.now.median, first.now.p90) == ("First response time", 10, 10, 30)
    assert (first.before.count, first.before.median) == (1, 5)
    assert (resolution.now.count, resolution.now.median, review.now.p90) == (0, None, None)


def test_it_takes_four_queries_however_much_there_is(mailbox: Mailbox, django_assert_num_queries: Any) -> None:
    for number in range(12):
        make_tally(IN_IT, mailbox=mailbox, category=make_category(f"kind-{number}"), inbound=1)
    with django_assert_num_queries(4):
        summary(period=WEEK, scope=Scope())

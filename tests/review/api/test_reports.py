"""The figures of the report, for programs."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from inbox.models import Mailbox
from review.models import Spread, Touched
from review.reports.periods import Period
from review.reports.reading import Scope
from review.reports.summary import summary
from tests.drafting.factories import make_category, make_mailbox, make_setup
from tests.review.reports.tallies import make_spread, make_tally

pytestmark = pytest.mark.django_db
WEEK = "from=2026-03-09&to=2026-03-15"
IN_IT, BEFORE = date(2026, 3, 10), date(2026, 3, 4)


def figures(api: Client, query: str = WEEK) -> dict[str, Any]:
    answer = api.get(f"/api/v1/reports/figures?{query}")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def of_key(found: list[dict[str, Any]], key: str) -> dict[str, Any]:
    return next(one for one in found if one["key"] == key)


@pytest.fixture
def mailbox(db: None) -> Mailbox:
    """One with mails in this week and in the one before."""
    mailbox = make_mailbox()
    make_tally(IN_IT, mailbox=mailbox, category=make_category("stock"), inbound=10, needed=8, automated=6, audited=200, unsafe=1, by_hand=2)
    make_tally(BEFORE, mailbox=mailbox, inbound=10, needed=10, automated=5)
    make_spread(IN_IT, Spread.Kind.FIRST_RESPONSE, "30", 2, mailbox=mailbox)
    return mailbox


def test_a_figure_has_its_parts_its_meaning_and_the_period_before(api: Client, mailbox: Mailbox) -> None:
    report = figures(api)
    assert (report["first"], report["last"], report["time_zone"]) == ("2026-03-09", "2026-03-15", "UTC")
    rate = of_key(report["figures"], "automation")
    assert (rate["name"], rate["numerator"], rate["denominator"], rate["value"], rate["change"]) == ("Automation rate", 6, 8, 0.75, 0.25)
    assert rate["definition"].startswith("Replies that left with no person")
    assert (rate["before"]["numerator"], rate["before"]["denominator"], rate["before"]["value"]) == (5, 10, 0.5)
    assert rate["interval"] is None
    error = of_key(report["figures"], "error")
    assert error["interval"]["low"] < error["value"] < error["interval"]["high"]
    assert error["change"] is None
    assert of_key(report["left"], "by_hand")["numerator"] == 2
    assert of_key(report["durations"], "first_resp")["now"] == {"count": 2, "median_seconds": 30, "p90_seconds": 30}


def test_it_says_how_many_conversations_are_not_counted_yet(api: Client, mailbox: Mailbox) -> None:
    assert figures(api)["uncounted_conversations"] == 0
    Touched.objects.create(conversation_id=7, at=timezone.now() - timedelta(minutes=5))
    assert figures(api)["uncounted_conversations"] == 1


def test_categories_have_figures_of_their_own(api: Client, mailbox: Mailbox) -> None:
    make_tally(IN_IT, mailbox=mailbox, inbound=3)
    stock, without = figures(api)["categories"]
    assert (stock["category"], without["category"]) == ({"slug": "stock", "name": "Stock"}, None)
    assert of_key(stock["figures"], "automation")["value"] == 0.75
    assert of_key(without["figures"], "inbound")["numerator"] == 3


def test_they_are_those_of_the_report(api: Client, mailbox: Mailbox) -> None:
    said = summary(period=Period(date(2026, 3, 9), date(2026, 3, 15)), scope=Scope())
    found = [(one["key"], one["numerator"], one["denominator"], one["value"]) for one in figures(api)["figures"]]
    assert found == [(line.figure.key, line.now.numerator, line.now.denominator, line.now.value) for line in said.figures]


def test_a_token_for_some_mailboxes_counts_those_alone(program: Callable[..., Client], mailbox: Mailbox) -> None:
    other = make_mailbox()
    make_tally(IN_IT, mailbox=other, inbound=7)
    limited = program("reports:read", mailboxes=[other])
    assert of_key(figures(limited)["figures"], "inbound")["numerator"] == 7
    assert of_key(figures(limited, f"{WEEK}&mailbox={other.pk}")["figures"], "inbound")["numerator"] == 7
    assert limited.get(f"/api/v1/reports/figures?{WEEK}&mailbox={mailbox.pk}").status_code == 404
    assert of_key(figures(program())["figures"], "inbound")["numerator"] == 17


def test_a_token_whose_mailboxes_are_all_gone_counts_nothing(program: Callable[..., Client], mailbox: Mailbox) -> None:
    assert of_key(figures(program("reports:read", mailboxes=[]))["figures"], "inbound")["numerator"] == 0


def test_mails_of_one_mailbox_category_or_setup_can_be_asked_for(api: Client, mailbox: Mailbox) -> None:
    setup = make_setup()
    make_tally(IN_IT, mailbox=make_mailbox(), category=make_category("returns"), setup=setup, inbound=7)
    assert of_key(figures(api, f"{WEEK}&mailbox={mailbox.pk}")["figures"], "inbound")["numerator"] == 10
    assert of_key(figures(api, f"{WEEK}&category=returns")["figures"], "inbound")["numerator"] == 7
    assert of_key(figures(api, f"{WEEK}&setup={setup.pk}")["figures"], "inbound")["numerator"] == 7


@pytest.mark.parametrize("query", ["mailbox=999999", "category=nothing", "setup=999999"])
def test_what_is_not_there_is_missing(api: Client, query: str) -> None:
    assert api.get(f"/api/v1/reports/figures?{query}").status_code == 404


@time_machine.travel("2026-03-15T12:00:00Z", tick=False)
@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("", "2026-02-14", "2026-03-15"),
        ("from=2026-03-09", "2026-03-09", "2026-03-15"),
        ("from=2026-04-02", "2026-04-02", "2026-04-02"),
        ("to=2026-01-31", "2026-01-02", "2026-01-31"),
    ],
)
def test_days_that_are_not_said_are_the_usual_ones(api: Client, query: str, first: str, last: str) -> None:
    found = figures(api, query)
    assert (found["first"], found["last"]) == (first, last)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-03-10&to=2026-03-09", "ends before it begins"),
        ("from=2010-03-10&to=2026-03-09", "ten years"),
        ("to=0001-01-01", "from 1970 to 2999"),
        ("from=9999-12-31", "from 1970 to 2999"),
        ("from=yesterday", "query"),
    ],
)
def test_what_is_no_period_is_said(api: Client, query: str, said: str) -> None:
    answer = api.get(f"/api/v1/reports/figures?{query}")
    assert answer.status_code == 422
    assert said in answer.json()["detail"]

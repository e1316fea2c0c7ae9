"""Who decided how much in a period, and how long it took: by name."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from drafting.models import Draft
from review.models import Decision
from review.reports import load
from review.reports.load import Load
from review.reports.periods import Period
from review.reports.reading import Scope
from tests.drafting.factories import make_category
from tests.review.factories import ready_draft

pytestmark = pytest.mark.django_db
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
IN_IT = datetime(2026, 3, 10, 12, tzinfo=UTC)


def decided(kind: str, by: User, *, at: datetime = IN_IT, seconds: int | None = 30, **about: Any) -> Decision:
    draft = ready_draft(state=Draft.State.DECIDED, **about.pop("draft", {}))
    made = Decision.objects.create(draft=draft, kind=kind, by=by, seconds_open=seconds, **about)
    Decision.objects.filter(pk=made.pk).update(decided_at=at)
    return made


def of(period: Period = MARCH, **scope: Any) -> list[Load]:
    return load.load(period=period, scope=Scope(**scope))


def test_each_person_has_their_decisions_by_kind_and_the_time_on_them(ana: User, ben: User) -> None:
    for kind, seconds in (("approved", 10), ("approved", None), ("edited", 50), ("no_reply", 5)):
        decided(kind, ana, seconds=seconds)
    decided("rejected", ben)
    decided("taken_over", ben, undone_at=IN_IT)
    assert of() == [Load(ana, 4, (2, 1, 0, 0, 1), 3, 65), Load(ben, 1, (0, 0, 1, 0, 0), 1, 30)]


def test_people_stand_by_name_however_much_they_did(ana: User, ben: User) -> None:
    decided("approved", ana)
    for _ in range(3):
        decided("approved", ben, seconds=1)
    assert [one.person for one in of()] == [ana, ben]


def test_a_day_ends_at_midnight_in_the_time_zone_of_the_installation(ana: User, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    # Summer time has begun there on 29 March: midnight is at 22:00 UTC.
    decided("approved", ana, at=datetime(2026, 3, 31, 21, 59, tzinfo=UTC))
    decided("approved", ana, at=datetime(2026, 3, 31, 22, 0, tzinfo=UTC))
    decided("approved", ana, at=datetime(2026, 2, 28, 23, 0, tzinfo=UTC))
    assert [one.decisions for one in of()] == [2]


def test_of_a_long_period_its_last_days_are_told() -> None:
    assert load.told_of(MARCH) == MARCH
    assert load.told_of(Period(date(2025, 1, 1), date(2026, 3, 31))) == Period(date(2025, 12, 30), date(2026, 3, 31))


def test_only_mails_in_scope_count(ana: User) -> None:
    made = decided("approved", ana, draft={"category": make_category("return")})
    decided("approved", ana, draft={"category": make_category("stock")})
    assert [one.decisions for one in of(category=made.draft.category_id)] == [1]
    assert [one.decisions for one in of(mailboxes=frozenset({made.draft.conversation.mailbox_id}))] == [1]
    assert of(setup=0) == []
    assert of(category=0) == []


def test_a_manager_of_some_mailboxes_costs_no_look_into_drafts_or_conversations(ana: User, django_assert_num_queries: Any) -> None:
    made = decided("approved", ana)
    with django_assert_num_queries(2) as asked:
        of(mailboxes=frozenset({made.draft.conversation.mailbox_id}))
    assert not [query for query in asked.captured_queries if "drafting_draft" in query["sql"] or "inbox_conversation" in query["sql"]]


def test_it_takes_two_queries(ana: User, django_assert_num_queries: Any) -> None:
    decided("approved", ana)
    with django_assert_num_queries(2):
        of()

"""What waits now: by mailbox, with the oldest, whatever kind of waiting it is."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from drafting.models import Draft
from review import conversation_acts, decisions
from review.reports import backlog
from review.reports.backlog import Waiting
from review.reports.reading import Scope
from tests.drafting.factories import make_category, make_conversation, make_mailbox, make_message
from tests.review.factories import handed_over_draft, make_outgoing, ready_draft, waiting_draft

pytestmark = pytest.mark.django_db


def told(**scope: Any) -> dict[str, Waiting]:
    return {one.name: one for one in backlog.waiting(Scope(**scope))}


def test_each_kind_of_waiting_is_counted_in_its_mailbox_with_the_oldest_mail(ana: User) -> None:
    now = timezone.now()
    service, orders = make_mailbox(name="Service"), make_mailbox(name="Orders")

    def mail(mailbox: Any, hours: int) -> Any:
        return make_message(conversation=make_conversation(mailbox=mailbox), received_at=now - timedelta(hours=hours))

    ready_draft(message=mail(service, 3))
    ready_draft(message=mail(service, 1))
    handed_over_draft(message=mail(service, 5))
    waiting_draft(message=mail(service, 2))
    decisions.take_over(draft=ready_draft(message=mail(service, 9)), by=ana)
    ready_draft(message=mail(orders, 20))
    ready_draft(message=mail(orders, 30), state=Draft.State.DECIDED)
    found = told()
    assert list(found) == ["Orders", "Service"]
    one = found["Service"]
    assert (one.drafts, one.hand_overs, one.replies, one.writing, one.snoozed) == (2, 1, 1, 1, 0)
    assert one.oldest == now - timedelta(hours=9)
    assert (found["Orders"].drafts, found["Orders"].oldest) == (1, now - timedelta(hours=20))


def test_a_reply_that_was_sent_waits_no_more(ana: User) -> None:
    draft = ready_draft()
    decisions.take_over(draft=draft, by=ana)
    assert [one.replies for one in told().values()] == [1]
    make_outgoing(by=ana, message=draft.message)
    assert told() == {}


def test_what_is_snoozed_is_counted_apart_and_does_not_age(ana: User) -> None:
    draft = ready_draft()
    conversation_acts.snooze(conversation=draft.conversation, until=timezone.now() + timedelta(days=1), by=ana)
    (one,) = told().values()
    assert (one.drafts, one.snoozed, one.oldest) == (0, 1, None)


def test_only_what_is_in_scope_counts() -> None:
    draft = ready_draft(category=make_category("return"))
    ready_draft(category=make_category("stock"))
    box = draft.conversation.mailbox
    assert list(told(mailboxes=frozenset({box.pk}))) == [box.name]
    assert list(told(category=draft.category_id)) == [box.name]
    assert told(category=0) == {}
    assert told(setup=0) == {}
    assert told(mailboxes=frozenset()) == {}


def test_it_takes_one_query(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        ready_draft()
    with django_assert_num_queries(1):
        assert len(backlog.waiting(Scope())) == 3

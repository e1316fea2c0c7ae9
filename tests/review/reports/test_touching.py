"""Whatever changes in what reports count leaves its conversation to be counted again; what only keeps workers apart does not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from drafting.models import CheckResult, Draft, ModelCall
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from review.models import Decision, Flag, LedgerEntry, Outcome, Touched
from review.reports import rolling
from tests.drafting.factories import make_draft, make_message
from tests.review.factories import make_outgoing, ready_draft
from tests.review.ledger.rows import entered, make_attempt

pytestmark = pytest.mark.django_db


def left(act: Callable[[], object]) -> set[int]:
    """The conversations that are left to be counted after an act."""
    Touched.objects.all().delete()
    act()
    return set(Touched.objects.values_list("conversation_id", flat=True))


def updated(row: OutgoingMail | Draft | Message | Conversation | Mailbox | Decision | LedgerEntry | Flag, **values: object) -> set[int]:
    """The conversations that are left after an update of a row."""
    return left(lambda: type(row)._base_manager.filter(pk=row.pk).update(**values))


def test_a_mail_leaves_its_conversation_once_it_was_read() -> None:
    message = make_message()
    talk = message.conversation
    assert left(lambda: make_message(conversation=talk)) == {message.conversation_id}
    Message.objects.filter(pk=message.pk).update(conversation=None, state="received")
    assert updated(message, conversation=talk, state="parsed") == {message.conversation_id}
    assert updated(message, kind="own") == {message.conversation_id}


def test_a_mail_that_moves_leaves_both_conversations() -> None:
    message, other = make_message(), make_message()
    assert updated(message, conversation=other.conversation) == {message.conversation_id, other.conversation_id}


def test_reading_attempts_and_taking_up_leave_nothing() -> None:
    message = make_message()
    now = timezone.now()
    assert not updated(message, parse_attempts=3, read_due_at=now, weighed_at=now)
    assert not updated(message, taken_up_at=now + timedelta(seconds=1))


def test_a_draft_leaves_its_conversation_with_each_state_but_the_claim() -> None:
    draft = make_draft()
    here = {draft.conversation_id}
    assert left(lambda: make_draft(draft.message, state="superseded")) == here
    assert not updated(draft, state="writing", lease_until=timezone.now(), attempts=1)
    assert not updated(draft, lease_until=timezone.now() + timedelta(minutes=1))
    assert not updated(draft, rung_at=timezone.now(), due_at=timezone.now(), announced_at=timezone.now(), routed_at=timezone.now())
    assert updated(draft, state="queued") == here
    assert updated(draft, state="handed_over", hand_over_reason="unsure") == here


def test_what_a_draft_cost_and_failed_leaves_its_conversation() -> None:
    draft = make_draft()
    here = {draft.conversation_id}
    assert left(lambda: ModelCall.objects.create(draft=draft, position=1, purpose="draft", request={}, milliseconds=1)) == here
    assert left(lambda: CheckResult.objects.create(draft=draft, position=1, code="links", passed=False, reason="No.")) == here


def test_a_decision_leaves_its_conversation(ana: User) -> None:
    draft = ready_draft()
    here = {draft.conversation_id}
    assert left(lambda: Decision.objects.create(draft=draft, by=ana, kind="edited")) == here
    decision = Decision.objects.get()
    assert updated(decision, edit_reason="tone") == here
    assert updated(decision, undone_at=timezone.now()) == here
    assert not updated(decision, weighed_at=timezone.now(), announced_at=timezone.now())
    assert left(decision.delete) == here


def test_a_reply_leaves_its_conversation_when_it_leaves_and_not_on_the_way(ana: User) -> None:
    message = make_message()
    here = {message.conversation_id}
    assert left(lambda: make_outgoing(by=ana, message=message, state="held")) == here
    mail = OutgoingMail.objects.get()
    now = timezone.now()
    for state in ("ready", "claimed", "dot_sent", "retry"):
        assert not updated(mail, state=state, lease_until=now, dot_sent_at=now, attempts=2, due_at=now)
    assert updated(mail, state="sent", sent_at=now) == here
    assert not updated(mail, filed_at=now, announced_at=now, file_attempts=1)
    assert updated(mail, last_error="It came back: ann@customer.example cannot be reached for good.") == here
    assert updated(mail, state="failed") == here


def test_a_verdict_leaves_its_conversation() -> None:
    entry = entered(make_attempt())
    assert entry.draft is not None
    assert updated(entry, unsafe=True, settled_at=timezone.now()) == {entry.draft.conversation_id}
    assert not updated(entry, opened_at=timezone.now())


def test_a_flag_leaves_its_conversation(ana: User) -> None:
    draft = ready_draft()
    here = {draft.conversation_id}
    assert left(lambda: Flag.objects.create(draft=draft, kind="complaint")) == here
    assert updated(Flag.objects.get(), cleared_at=timezone.now(), cleared_by=ana) == here
    assert not updated(Flag.objects.get(), words="Spoke to them.")


def test_closing_a_conversation_leaves_it_and_snoozing_does_not() -> None:
    talk = make_message().conversation
    assert talk is not None
    assert not updated(talk, state="snoozed", snoozed_until=timezone.now())
    assert not updated(talk, state="open", snoozed_until=None, led_by="person")
    assert updated(talk, state="closed") == {talk.pk}


def test_another_reply_target_leaves_all_conversations_of_the_mailbox() -> None:
    message, _elsewhere = make_message(), make_message()
    assert updated(message.mailbox, reply_target_minutes=5) == {message.conversation_id}
    assert not updated(message.mailbox, fetch_lease_until=timezone.now(), uid_watermark=7)


def test_outcomes_that_go_with_their_messages_leave_their_day() -> None:
    message = make_message()
    rolling.roll_all()
    day = Outcome.objects.get().day
    message.delete()
    assert Touched.objects.filter(day=day).exists()

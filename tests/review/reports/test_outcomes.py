"""What became of a message: what its measures say, notion by notion."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone

from drafting.models import Draft
from inbox import outbox
from inbox.models import Message, OutgoingMail
from review import decisions, ledger
from review.models import Decision, Flag, Outcome
from review.reports import rolling
from tests.drafting.factories import make_conversation, make_draft, make_message
from tests.review.factories import BODY, handed_over_draft, make_outgoing, ready_draft
from tests.review.ledger.rows import left_by_itself, make_attempt

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
Row = TypeVar("Row", bound=Model)


def outcome(message: Message, *measures: str) -> Any:
    """What is counted of a message after everything was made again."""
    rolling.touch_all()
    rolling.roll_all()
    found = Outcome.objects.filter(pk=message.pk).values_list(*measures).get()
    return found if len(found) > 1 else found[0]


def decided(draft: Draft, kind: str, by: User, *, at: datetime = NOW, mail: OutgoingMail | None = None, **about: Any) -> Decision:
    """A decision, made at a time."""
    Draft.objects.filter(pk=draft.pk).update(state="decided")
    decision = Decision.objects.create(draft=draft, kind=kind, by=by, outgoing=mail, **about)
    return moved(decision, decided_at=at)


def reply(message: Message, by: User, *, at: datetime = NOW, **about: Any) -> OutgoingMail:
    """A reply that left ten seconds after it was queued."""
    return moved(make_outgoing(by=by, message=message, **{"sent_at": at + timedelta(seconds=10), **about}), created_at=at)


def moved(row: Row, **times: datetime) -> Row:
    type(row)._base_manager.filter(pk=row.pk).update(**times)
    return row


def automatic(*, at: datetime = NOW) -> Decision:
    """A reply that left by itself."""
    attempt = make_attempt()
    draft = ready_draft(message=make_message(received_at=at - timedelta(minutes=5)), body=BODY)
    entry = ledger.enter(attempt=attempt, draft=draft, route="auto", why="chosen", at=at)
    decision = left_by_itself(entry)
    assert decision.outgoing is not None
    moved(decision.outgoing, sent_at=at)
    return decision


def test_a_mail_that_the_customer_followed_up_needs_no_reply_of_its_own() -> None:
    talk = make_conversation()
    first = make_message(conversation=talk, received_at=NOW - timedelta(hours=2))
    ready_draft(message=first, state="superseded")
    second = make_message(conversation=talk, received_at=NOW)
    assert outcome(first, "needed", "overtaken", "opened", "drafts", "offered", "waiting") == (0, 1, 0, 1, 0, 0)
    assert outcome(second, "needed", "overtaken", "opened", "waiting") == (1, 0, 1, 1)


def test_a_mail_whose_draft_still_waits_is_not_overtaken() -> None:
    talk = make_conversation()
    first = make_message(conversation=talk, received_at=NOW - timedelta(hours=2))
    ready_draft(message=first)
    make_message(conversation=talk, received_at=NOW)
    assert outcome(first, "needed", "overtaken", "waiting") == (1, 0, 1)


def test_no_reply_counts_until_somebody_replies_all_the_same(ana: User) -> None:
    draft = ready_draft()
    decided(draft, "no_reply", ana)
    assert outcome(draft.message, "no_reply", "needed", "shadow", "shadow_approved") == (1, 0, 1, 0)
    reply(draft.message, ana)
    assert outcome(draft.message, "no_reply", "needed", "by_hand") == (0, 1, 1)


def test_a_hand_over_offers_nothing_and_does_not_fare(ana: User) -> None:
    draft = handed_over_draft()
    decided(draft, "taken_over", ana)
    assert outcome(draft.message, "handed_over", "offered", "drafts", "taken_over", "waiting") == (1, 0, 0, 0, 1)
    assert Outcome.objects.get().hand_over_reason == "missing_fact"


def test_a_draft_offered_after_a_hand_over_covers_the_mail() -> None:
    draft = handed_over_draft(state="superseded")
    ready_draft(message=draft.message)
    assert outcome(draft.message, "handed_over", "offered", "hand_over_reason") == (0, 1, "")


def test_what_was_taken_over_before_it_was_written_does_not_fare(ana: User) -> None:
    draft = make_draft()
    decided(draft, "taken_over", ana)
    assert outcome(draft.message, "drafts", "taken_over", "handed_over") == (0, 0, 0)


def test_a_rewritten_reply_is_neither_approved_nor_edited_at_first(ana: User) -> None:
    first = ready_draft()
    decided(first, "rejected", ana, at=NOW - timedelta(hours=1))
    second = ready_draft(message=first.message)
    decided(second, "edited", ana, mail=reply(first.message, ana), edit_reason="tone")
    counted = outcome(first.message, "rejected", "edited", "drafts", "by_rewrite", "by_edit", "by_approval", "edit_reasons")
    assert counted == (1, 1, 2, 1, 0, 0, ["tone"])


def test_an_undone_decision_counts_for_nothing(ana: User) -> None:
    draft = ready_draft()
    decided(draft, "approved", ana, mail=reply(draft.message, ana, state="cancelled", sent_at=None), seconds_open=9)
    Decision.objects.update(undone_at=NOW)
    Draft.objects.update(state="ready")
    assert outcome(draft.message, "approved", "reviews", "by_approval", "waiting") == (0, 0, 0, 1)


def test_a_reply_that_failed_leaves_the_mail_waiting(ana: User) -> None:
    draft = ready_draft()
    decided(draft, "approved", ana, mail=reply(draft.message, ana, state="failed", sent_at=None))
    assert outcome(draft.message, "approved", "waiting", "by_approval") == (1, 1, 0)


def test_one_reply_answers_what_was_taken_over_before(ana: User) -> None:
    talk = make_conversation()
    first = make_message(conversation=talk, received_at=NOW - timedelta(hours=3))
    second = make_message(conversation=talk, received_at=NOW - timedelta(hours=2))
    for message in (first, second):
        decided(ready_draft(message=message), "taken_over", ana)
    reply(second, ana)
    assert outcome(first, "waiting", "by_hand", "first_response_seconds", "resolution_seconds") == (0, 0, 10810, 10810)
    assert outcome(second, "waiting", "by_hand", "opened", "first_response_seconds") == (0, 1, 0, None)


def test_first_response_is_measured_against_the_target_as_it_is_now(ana: User) -> None:
    message = make_message(received_at=NOW - timedelta(minutes=30))
    reply(message, ana)
    assert outcome(message, "responded", "in_time", "resolved") == (1, 1, 1)
    type(message.mailbox).objects.update(reply_target_minutes=30)
    assert outcome(message, "responded", "in_time") == (1, 0)


def test_a_conversation_is_resolved_once_every_mail_that_needed_one_had_a_reply(ana: User) -> None:
    talk = make_conversation()
    first = make_message(conversation=talk, received_at=NOW - timedelta(hours=9))
    reply(first, ana, at=NOW - timedelta(hours=8))
    second = make_message(conversation=talk, received_at=NOW - timedelta(hours=1))
    assert outcome(first, "resolved", "responded") == (0, 1)
    reply(second, ana, at=NOW)
    assert outcome(first, "resolved", "resolution_seconds") == (1, 9 * 3600 + 10)


def test_a_reply_that_left_by_itself_is_automated_while_nobody_was_needed() -> None:
    decision = automatic()
    assert outcome(decision.draft.message, "auto_sent", "automated", "by_approval", "waiting", "shadow") == (1, 1, 0, 0, 0)


def test_a_reply_that_was_maybe_sent_has_not_left_by_itself(ana: User) -> None:
    mail = automatic().outgoing
    assert mail is not None and mail.in_reply_to is not None
    OutgoingMail.objects.filter(pk=mail.pk).update(state="maybe_sent", sent_at=None, dot_sent_at=NOW)
    assert outcome(mail.in_reply_to, "auto_sent", "automated", "maybe_sent", "waiting") == (0, 0, 1, 0)
    decisions.resolve(mail=mail, was_sent=True, by=ana)
    assert outcome(mail.in_reply_to, "auto_sent", "automated", "maybe_sent") == (1, 0, 0)


def test_a_reply_that_the_sent_folder_tells_of_needed_nobody() -> None:
    mail = automatic().outgoing
    assert mail is not None and mail.in_reply_to is not None
    OutgoingMail.objects.filter(pk=mail.pk).update(state="maybe_sent", sent_at=None, dot_sent_at=NOW)
    assert outbox.found_in_sent(mail=mail)
    assert outcome(mail.in_reply_to, "auto_sent", "automated") == (1, 1)


@pytest.mark.parametrize("days", [1, 9])
def test_a_reply_that_left_by_itself_and_came_back_is_not_automated(days: int) -> None:
    mail = automatic(at=NOW - timedelta(days=20)).outgoing
    assert mail is not None and mail.in_reply_to is not None
    assert outcome(mail.in_reply_to, "auto_sent", "automated", "bounced", "responded") == (1, 1, 0, 1)
    notice: dict[str, Any] = {"kind": "bounce", "references": [mail.message_id], "received_at": NOW - timedelta(days=20 - days)}
    make_message(conversation=mail.conversation, **notice)
    assert outcome(mail.in_reply_to, "auto_sent", "automated", "bounced", "responded") == (1, 0, 1, 1)


def test_a_reply_that_only_says_that_it_came_back_is_not_automated() -> None:
    mail = automatic().outgoing
    assert mail is not None and mail.in_reply_to is not None
    OutgoingMail.objects.filter(pk=mail.pk).update(last_error="It came back: nobody there.")
    assert outcome(mail.in_reply_to, "auto_sent", "automated", "bounced") == (1, 0, 1)


@pytest.mark.parametrize(("days", "automated"), [(3, 0), (8, 1)])
def test_a_person_who_writes_within_seven_days_was_needed(days: int, automated: int, ana: User) -> None:
    decision = automatic(at=NOW - timedelta(days=20))
    reply(decision.draft.message, ana, at=NOW - timedelta(days=20 - days))
    assert outcome(decision.draft.message, "auto_sent", "automated") == (1, automated)


@pytest.mark.parametrize(("state", "automated"), [("queued", 1), ("ready", 0), ("handed_over", 0)])
def test_a_mail_of_the_customer_that_waits_for_a_person_needed_one(state: str, automated: int) -> None:
    decision = automatic(at=NOW - timedelta(days=2))
    again = make_message(conversation=decision.draft.conversation, received_at=NOW)
    draft = ready_draft(message=again) if state == "ready" else handed_over_draft(message=again)
    Draft.objects.filter(pk=draft.pk).update(state=state)
    assert outcome(decision.draft.message, "automated") == automated


def test_a_flag_takes_the_automation_back_until_it_is_cleared(ana: User) -> None:
    decision = automatic()
    flag = moved(Flag.objects.create(draft=decision.draft, kind="complaint"), at=NOW + timedelta(days=1))
    assert outcome(decision.draft.message, "auto_sent", "automated") == (1, 0)
    Flag.objects.filter(pk=flag.pk).update(cleared_at=NOW, cleared_by=ana)
    assert outcome(decision.draft.message, "automated") == 1


def test_history_and_mail_that_no_person_wrote_is_not_counted() -> None:
    make_message(taken_up_at=NOW - timedelta(days=1))
    for kind in ("automatic", "bounce", "list", "own"):
        make_message(kind=kind)
    rolling.roll_all()
    assert not Outcome.objects.exists()


def test_a_delay_counts_as_no_bounce(ana: User) -> None:
    message = make_message()
    mail = make_outgoing(by=ana, message=message)
    make_message(conversation=message.conversation, kind="bounce", references=[mail.message_id], bounce_is_delay=True)
    assert outcome(message, "bounced") == 0


def test_a_bounce_counts_for_the_mail_that_it_names(ana: User) -> None:
    message = make_message()
    mail, _other = reply(message, ana), reply(message, ana)
    make_message(conversation=message.conversation, kind="bounce", references=[mail.message_id])
    assert outcome(message, "bounced") == 1

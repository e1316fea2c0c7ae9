"""What was to leave by itself and failed, or maybe left: it goes back to people, and never leaves by itself a second time."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from inbox import outbox
from inbox.errors import TooLate as MailTooLate
from inbox.models import Conversation, Message, OutgoingMail
from review import autosend, decisions, ledger
from review.autosend import switch
from review.errors import AlreadyDecided, TooLate
from review.models import Attempt, Decision, LedgerEntry, LogEntry
from review.privacy import hindrances, matters
from tests.review.autosend.factories import mail_of, sent

pytestmark = pytest.mark.django_db
State = OutgoingMail.State


def became(attempt: Attempt, state: State, **about: Any) -> Decision:
    """A reply that was to leave by itself, and what became of its mail."""
    decision = sent(attempt)
    now = timezone.now()
    values = {"check_at": None, "dot_sent_at": now, "sent_at": now, "lease_until": now if state == State.DOT_SENT else None} | about
    for step in [State.READY, State.CLAIMED, State.DOT_SENT][: 3 if state == State.DOT_SENT else 0]:
        OutgoingMail.objects.filter(decision=decision).update(state=step, **values | {"lease_until": now})
    OutgoingMail.objects.filter(decision=decision).update(state=state, **values)
    return decision


def is_with_people(decision: Decision) -> bool:
    draft = Draft.objects.get(pk=decision.draft_id)
    decision.refresh_from_db()
    is_open = Conversation.objects.get(pk=draft.conversation_id).state == Conversation.State.OPEN
    return is_open and draft.state == Draft.State.READY and decision.undone_at is not None and mail_of(decision).state == State.CANCELLED


@pytest.fixture(params=["unlocked", "suspended", "stopped"])
def whatever_stands(request: pytest.FixtureRequest, auto: Attempt, dana: User) -> str:
    """Whether the category may still send by itself by the time somebody looks after the mail; it makes no difference."""
    return str(request.param)


def then(standing: str, attempt: Attempt, by: User) -> None:
    if standing == "suspended":
        autosend.states.suspend(attempt=attempt, cause=Attempt.Cause.PERSON, words="Wait.", by=by)
    if standing == "stopped":
        switch.stop_all(by=by)


def test_a_failed_one_is_not_tried_again_but_a_persons_draft(whatever_stands: str, auto: Attempt, dana: User, ana: User) -> None:
    decision = became(auto, State.FAILED, last_error="550 no such user")
    then(whatever_stands, auto, dana)
    assert mail_of(decision).state == State.FAILED, "nobody has looked after it yet"
    assert decisions.retry(mail=mail_of(decision), by=ana) is False
    assert is_with_people(decision)
    assert "550 no such user" in Draft.objects.get(pk=decision.draft_id).note
    assert LogEntry.objects.get(act="decision.undone").by == ana
    again = decisions.approve(draft=Draft.objects.get(pk=decision.draft_id), by=ana)
    assert again.outgoing is not None
    assert not again.outgoing.is_automatic


def test_one_that_was_maybe_sent_and_was_not_is_a_persons_draft(whatever_stands: str, auto: Attempt, dana: User, ana: User) -> None:
    decision = became(auto, State.MAYBE_SENT)
    then(whatever_stands, auto, dana)
    assert decisions.resolve(mail=mail_of(decision), was_sent=False, by=ana) is False
    assert is_with_people(decision)
    assert "ana says that it was not sent" in Draft.objects.get(pk=decision.draft_id).note
    assert {entry.act for entry in LogEntry.objects.filter(by=ana)} == {"mail.resolved_not_sent", "decision.undone"}


def test_one_that_was_maybe_sent_and_was_stays_sent(auto: Attempt, ana: User) -> None:
    decision = became(auto, State.MAYBE_SENT)
    assert decisions.resolve(mail=mail_of(decision), was_sent=True, by=ana) is False
    assert mail_of(decision).state == State.SENT
    assert Draft.objects.get(pk=decision.draft_id).state == Draft.State.DECIDED


def test_the_outbox_itself_sends_none_a_second_time(auto: Attempt, ana: User) -> None:
    failed, maybe = became(auto, State.FAILED), became(auto, State.MAYBE_SENT)
    with pytest.raises(MailTooLate):
        outbox.retry(mail=mail_of(failed), by=ana)
    outbox.resolve(mail=mail_of(maybe), was_sent=False, by=ana)
    assert {mail_of(failed).state, mail_of(maybe).state} == {State.FAILED}


def test_a_failed_one_can_be_undone(auto: Attempt, ana: User) -> None:
    decision = became(auto, State.FAILED)
    decisions.undo(decision=decision, by=ana)
    assert is_with_people(decision)


def test_what_was_maybe_sent_is_given_back_on_nobodys_guess(auto: Attempt, ana: User) -> None:
    decision = became(auto, State.MAYBE_SENT)
    with pytest.raises(TooLate):
        decisions.undo(decision=decision, by=ana)
    assert autosend.return_held_back() == 0
    assert mail_of(decision).state == State.MAYBE_SENT


def test_a_failed_one_holds_up_no_count_and_shows_nothing(auto: Attempt, ana: User) -> None:
    decision = became(auto, State.FAILED)
    ledger.settle_overdue()
    entry = LedgerEntry.objects.get(draft=decision.draft_id)
    assert (entry.unsafe, entry.counts) == (None, False)
    assert entry.settled_at
    assert entry.verdicts.get().words == "It could not be sent."
    auto.refresh_from_db()
    assert (auto.settled_to, auto.n, auto.k) == (entry.position, 0, 0)
    decisions.retry(mail=mail_of(decision), by=ana)
    assert is_with_people(decision)


@pytest.mark.parametrize(
    ("is_settled", "act", "counted"), [(True, "reject", (1, 1)), (True, "approve", (0, 0)), (False, "approve", (1, 0))]
)
def test_what_a_person_finds_unsafe_of_a_failed_one_counts_and_what_they_find_safe_only_if_it_was_not_left_out_before(
    auto: Attempt, ana: User, is_settled: bool, act: str, counted: tuple[int, int]
) -> None:
    failed = became(auto, State.FAILED)
    if is_settled:
        ledger.settle_overdue()
    decisions.retry(mail=mail_of(failed), by=ana)
    entry, draft = LedgerEntry.objects.get(draft=failed.draft_id), Draft.objects.get(pk=failed.draft_id)
    assert (entry.route, entry.why) == ("person", "held_back")
    about = {"reason": "No."} if act == "reject" else {}
    decision = getattr(decisions, act)(draft=draft, by=ana, **about)
    Decision.objects.filter(pk=decision.pk).update(seconds_open=60)
    ledger.settle_decision(decision=Decision.objects.get(pk=decision.pk))
    auto.refresh_from_db()
    assert (auto.n, auto.k) == counted


@pytest.mark.parametrize("state", [State.DOT_SENT, State.SENT])
def test_who_answers_by_hand_is_told_where_it_has_just_left(state: State, auto: Attempt, ana: User) -> None:
    decision = became(auto, state)
    talk = decision.draft.conversation
    with pytest.raises(AlreadyDecided) as error:
        decisions.answer(conversation=talk, to=decision.draft.message, text="By hand.", by=ana)
    assert error.value.decision == decision
    assert OutgoingMail.objects.count() == 1
    autosend.weigh_due()
    OutgoingMail.objects.update(state=State.SENT, lease_until=None)
    autosend.weigh_due()
    assert decisions.answer(conversation=talk, to=decision.draft.message, text="One more thing.", by=ana)


def test_what_was_typed_is_kept_where_the_automatic_reply_has_just_left(auto: Attempt, desk: Client) -> None:
    decision = became(auto, State.DOT_SENT)
    typed = {"text": "Dear Ann, by hand.", "answers": f"message:{decision.draft.message_id}"}
    page = desk.post(f"/conversations/{decision.draft.conversation_id}/answer/", typed).content.decode()
    assert "Dear Ann, by hand." in page
    assert "was sent automatically" in page
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("state", [State.FAILED, State.MAYBE_SENT])
def test_who_answers_by_hand_need_not_wait_for_what_is_stuck(state: State, auto: Attempt, ana: User) -> None:
    decision = became(auto, state)
    assert decisions.answer(conversation=decision.draft.conversation, to=decision.draft.message, text="By hand.", by=ana)


def test_the_page_says_that_it_is_not_sent_again(auto: Attempt, desk: Client) -> None:
    failed, maybe = became(auto, State.FAILED), became(auto, State.MAYBE_SENT)
    page = desk.get("/outgoing/").content.decode()
    assert page.count("It does not leave by itself a second time") == 2
    assert "Mend the cause" not in page
    for mail, act, said in [(mail_of(failed), "retry", {}), (mail_of(maybe), "resolve", {"was_sent": "no"})]:
        answer = desk.post(f"/outgoing/{mail.pk}/{act}/", said, follow=True).content.decode()
        assert "Its draft waits for a person in the queue" in answer
    assert is_with_people(failed)
    assert is_with_people(maybe)


def test_a_failed_one_is_none_of_the_sweeps(auto: Attempt) -> None:
    decision = became(auto, State.FAILED)
    Decision.objects.filter(pk=decision.pk).update(decided_at=timezone.now() - timedelta(hours=1))
    autosend.reconcile()
    assert mail_of(decision).state == State.FAILED


def stands_against_erasing(decision: Decision) -> set[str]:
    return {one.words for one in hindrances.against(matters.of_conversations([decision.draft.conversation_id]))}


def test_a_failed_one_can_be_erased_once_its_draft_was_given_back_and_decided(auto: Attempt, ana: User) -> None:
    decision = became(auto, State.FAILED)
    Message.objects.update(taken_up_at=timezone.now(), weighed_at=timezone.now())
    assert stands_against_erasing(decision) - {hindrances.COUNTED} == {hindrances.FAILED}
    decisions.retry(mail=mail_of(decision), by=ana)
    decisions.no_reply(draft=Draft.objects.get(pk=decision.draft_id), by=ana)
    autosend.weighing.weigh_due()
    assert stands_against_erasing(decision) == {hindrances.COUNTED}


def test_one_that_waits_to_be_given_back_is_told_apart_from_one_that_failed(auto: Attempt) -> None:
    found = stands_against_erasing(became(auto, State.CANCELLED))
    assert hindrances.GIVEN_BACK in found and hindrances.FAILED not in found

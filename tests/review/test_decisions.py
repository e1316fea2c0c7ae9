"""The ways a draft leaves the queue."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from drafting.models import Draft, HandOverReason
from inbox.models import Conversation, OutgoingMail
from review import claims, decisions, errors
from review.models import Claim, Decision
from tests.drafting.factories import make_draft, make_message
from tests.review.factories import handed_over_draft, ready_draft, waiting_draft

pytestmark = pytest.mark.django_db


def state(draft: Draft) -> str:
    draft.refresh_from_db()
    return draft.state


def test_an_approved_draft_is_queued_as_it_stands(ana: User) -> None:
    draft = ready_draft()
    decision = decisions.approve(draft=draft, by=ana)
    assert decision.kind == Decision.Kind.APPROVED
    assert decision.outgoing is not None
    assert decision.outgoing.state == OutgoingMail.State.HELD
    assert decision.outgoing.body.startswith(draft.body)
    assert decision.final_text == draft.body
    assert state(draft) == Draft.State.DECIDED


def test_an_approval_knows_how_long_the_draft_was_open(ana: User) -> None:
    draft = ready_draft(finished_at=timezone.now() - timedelta(minutes=5))
    claims.claim(draft=draft, by=ana)
    Claim.objects.update(opened_at=timezone.now() - timedelta(seconds=42))
    assert decisions.approve(draft=draft, by=ana).seconds_open == 42
    assert not Claim.objects.exists()


def test_the_time_before_the_draft_was_there_is_no_time_to_read_it(ana: User) -> None:
    draft = ready_draft(finished_at=timezone.now() - timedelta(seconds=2))
    claims.claim(draft=draft, by=ana)
    Claim.objects.update(opened_at=timezone.now() - timedelta(seconds=42))
    assert decisions.approve(draft=draft, by=ana).seconds_open == 2


def test_an_edited_draft_leaves_with_the_reviewers_text(ana: User) -> None:
    draft = ready_draft()
    decision = decisions.edit(draft=draft, text="Something else.", by=ana)
    assert decision.kind == Decision.Kind.EDITED
    assert decision.outgoing is not None
    assert "Something else." in decision.outgoing.body


def test_an_edit_that_changes_nothing_is_an_approval(ana: User) -> None:
    draft = ready_draft()
    assert decisions.edit(draft=draft, text=draft.body + "\n", by=ana).kind == Decision.Kind.APPROVED


def test_why_an_edit_was_made_is_noted_by_its_maker_only(ana: User, ben: User) -> None:
    decision = decisions.edit(draft=ready_draft(), text="Something else.", by=ana)
    decisions.say_why(decision=decision, edit_reason="tone", by=ben)
    decision.refresh_from_db()
    assert decision.edit_reason == ""
    decisions.say_why(decision=decision, edit_reason="tone", by=ana)
    decision.refresh_from_db()
    assert decision.edit_reason == "tone"


def test_a_rejected_draft_is_written_again_with_the_reason(ana: User) -> None:
    draft = ready_draft()
    decisions.reject(draft=draft, reason="The date is wrong.", by=ana)
    new = Draft.objects.get(redraft_of=draft)
    assert (new.instruction, new.state) == ("The date is wrong.", Draft.State.QUEUED)
    assert not OutgoingMail.objects.exists()


def test_taking_over_stops_the_assistant_in_the_conversation(ana: User) -> None:
    draft = handed_over_draft()
    decisions.take_over(draft=draft, by=ana)
    assert Conversation.objects.get().led_by == Conversation.Leader.PERSON
    assert list(decisions.reply_missing().filter(by=ana).values_list("draft", flat=True)) == [draft.pk]


def test_a_mail_whose_draft_is_not_written_can_be_taken_over(ana: User) -> None:
    draft = waiting_draft()
    decisions.take_over(draft=draft, by=ana)
    assert state(draft) == Draft.State.DECIDED


def test_a_reply_by_hand_belongs_to_the_take_over(ana: User) -> None:
    draft = handed_over_draft()
    taken = decisions.take_over(draft=draft, by=ana)
    replied = decisions.reply(draft=draft, text="By hand.", by=ana)
    assert replied.pk == taken.pk
    assert replied.outgoing is not None
    assert "By hand." in replied.outgoing.body
    assert not decisions.reply_missing().exists()


def test_only_who_took_over_replies(ana: User, ben: User) -> None:
    draft = handed_over_draft()
    decisions.take_over(draft=draft, by=ana)
    with pytest.raises(errors.AlreadyDecided):
        decisions.reply(draft=draft, text="By hand.", by=ben)


def test_no_reply_is_sent_twice_by_hand(ana: User) -> None:
    draft = handed_over_draft()
    decisions.take_over(draft=draft, by=ana)
    decisions.reply(draft=draft, text="By hand.", by=ana)
    with pytest.raises(errors.AlreadyDecided):
        decisions.reply(draft=draft, text="By hand.", by=ana)
    assert OutgoingMail.objects.count() == 1


def test_a_later_reply_in_the_conversation_answers_what_was_taken_over(ana: User) -> None:
    first = handed_over_draft()
    decisions.take_over(draft=first, by=ana)
    second = handed_over_draft(message=_another_message(first), hand_over_reason=HandOverReason.LED_BY_PERSON)
    decisions.take_over(draft=second, by=ana)
    decisions.reply(draft=second, text="To both mails.", by=ana)
    assert not decisions.reply_missing().exists()


def test_no_reply_needed_sends_nothing_and_closes(ana: User) -> None:
    draft = ready_draft()
    decisions.no_reply(draft=draft, by=ana)
    assert Conversation.objects.get().state == Conversation.State.CLOSED
    assert not OutgoingMail.objects.exists()


def test_a_person_may_find_that_a_mail_they_took_over_needs_no_reply(ana: User) -> None:
    draft = handed_over_draft()
    decisions.take_over(draft=draft, by=ana)
    decisions.no_reply(draft=draft, by=ana)
    assert [one.kind for one in Decision.objects.filter(undone_at=None)] == [Decision.Kind.NO_REPLY]
    assert not decisions.reply_missing().exists()


@pytest.mark.parametrize("verb", ["approve", "edit", "reject", "take_over", "no_reply"])
def test_nobody_decides_twice(verb: str, ana: User, ben: User) -> None:
    draft = ready_draft()
    decisions.approve(draft=draft, by=ana)
    with pytest.raises(errors.AlreadyDecided) as error:
        _decide(verb, draft, ben)
    assert error.value.decision.by == ana
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("verb", ["approve", "edit", "reject", "take_over", "no_reply"])
def test_nobody_decides_what_a_colleague_is_on(verb: str, ana: User, ben: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ben)
    with pytest.raises(claims.ClaimedByOther):
        _decide(verb, draft, ana)
    assert state(draft) == Draft.State.READY


@pytest.mark.parametrize("verb", ["approve", "edit", "reject", "take_over", "no_reply"])
def test_nothing_is_decided_on_a_draft_that_was_replaced(verb: str, ana: User) -> None:
    draft = ready_draft(state=Draft.State.SUPERSEDED)
    with pytest.raises(errors.Superseded):
        _decide(verb, draft, ana)


@pytest.mark.parametrize("verb", ["approve", "edit", "reject"])
def test_a_draft_that_is_not_written_cannot_be_sent_or_rejected(verb: str, ana: User) -> None:
    with pytest.raises(errors.NotOffered):
        _decide(verb, make_draft(), ana)


def test_a_hand_over_cannot_be_approved(ana: User) -> None:
    with pytest.raises(errors.NotOffered):
        decisions.approve(draft=handed_over_draft(), by=ana)


def test_undo_cancels_the_mail_and_offers_the_draft_again(ana: User) -> None:
    draft = ready_draft()
    decision = decisions.approve(draft=draft, by=ana)
    decisions.undo(decision=decision, by=ana)
    assert OutgoingMail.objects.get().state == OutgoingMail.State.CANCELLED
    assert state(draft) == Draft.State.READY
    assert decisions.standing_decision(draft) is None
    decisions.approve(draft=draft, by=ana)


def test_undo_is_refused_once_the_mail_is_on_its_way(ana: User) -> None:
    draft = ready_draft()
    decision = decisions.approve(draft=draft, by=ana)
    OutgoingMail.objects.update(state=OutgoingMail.State.CLAIMED, lease_until=timezone.now())
    with pytest.raises(errors.TooLate):
        decisions.undo(decision=decision, by=ana)
    assert state(draft) == Draft.State.DECIDED
    assert decisions.standing_decision(draft) == decision


def test_nothing_is_undone_twice(ana: User) -> None:
    decision = decisions.no_reply(draft=ready_draft(), by=ana)
    decisions.undo(decision=decision, by=ana)
    with pytest.raises(errors.AlreadyDecided):
        decisions.undo(decision=decision, by=ana)


def test_no_reply_needed_can_be_undone_for_as_long_as_a_reply_could(ana: User) -> None:
    decision = decisions.no_reply(draft=ready_draft(), by=ana)
    Decision.objects.update(decided_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(errors.TooLate):
        decisions.undo(decision=decision, by=ana)


def test_undoing_a_rejection_drops_the_new_draft(ana: User) -> None:
    draft = ready_draft()
    decision = decisions.reject(draft=draft, reason="Too long.", by=ana)
    decisions.undo(decision=decision, by=ana)
    assert state(draft) == Draft.State.READY
    assert Draft.objects.get(redraft_of=draft).state == Draft.State.SUPERSEDED


def test_a_rejection_stands_once_the_new_draft_was_decided(ana: User) -> None:
    draft = ready_draft()
    decision = decisions.reject(draft=draft, reason="Too long.", by=ana)
    decisions.no_reply(draft=Draft.objects.get(redraft_of=draft), by=ana)
    with pytest.raises(errors.TooLate):
        decisions.undo(decision=decision, by=ana)


def test_undoing_a_reply_by_hand_keeps_the_take_over_and_the_text(ana: User) -> None:
    draft = handed_over_draft()
    decisions.take_over(draft=draft, by=ana)
    decision = decisions.reply(draft=draft, text="By hand.", by=ana)
    decisions.undo(decision=decision, by=ana)
    standing = decisions.standing_decision(draft)
    assert standing is not None
    assert (standing.kind, standing.outgoing, standing.final_text) == (Decision.Kind.TAKEN_OVER, None, "By hand.")
    assert decisions.reply_missing().get() == standing


def test_handing_back_offers_what_was_not_answered_to_everybody(ana: User) -> None:
    draft = ready_draft()
    decisions.take_over(draft=draft, by=ana)
    decisions.hand_back(conversation=draft.conversation, by=ana)
    assert state(draft) == Draft.State.READY
    assert Conversation.objects.get().led_by == Conversation.Leader.ASSISTANT


def test_handing_back_has_the_assistant_draft_what_it_left_to_the_person(ana: User) -> None:
    left = handed_over_draft(hand_over_reason=HandOverReason.LED_BY_PERSON)
    decisions.hand_back(conversation=left.conversation, by=ana)
    assert Draft.objects.get(redraft_of=left).state == Draft.State.QUEUED


def _another_message(draft: Draft):  # type: ignore[no-untyped-def]
    from tests.drafting.factories import make_message

    return make_message("And one more thing.", conversation=draft.conversation)


def _decide(verb: str, draft: Draft, by: User) -> Decision:
    extra = {"edit": {"text": "Other text."}, "reject": {"reason": "No."}}.get(verb, {})
    decision: Decision = getattr(decisions, verb)(draft=draft, by=by, **extra)
    return decision


def leader(draft: Draft) -> str:
    return Conversation.objects.get(pk=draft.conversation_id).led_by


def test_taking_a_take_over_back_leads_back_to_whom_it_led_away_from(ana: User, ben: User) -> None:
    draft = ready_draft()
    decisions.undo(decision=decisions.take_over(draft=draft, by=ana), by=ana)
    assert leader(draft) == "assistant"
    decisions.take_over(draft=draft, by=ana)
    decisions.reply(draft=draft, text="I see to it.", by=ana)
    later = handed_over_draft(hand_over_reason=HandOverReason.LED_BY_PERSON, message=make_message(conversation=draft.conversation))
    decisions.undo(decision=decisions.take_over(draft=later, by=ben), by=ben)
    assert leader(draft) == "person"


def test_of_two_take_overs_that_stand_taking_one_back_leaves_the_person_in_the_lead(ana: User) -> None:
    first = ready_draft()
    second = ready_draft(message=make_message(conversation=first.conversation))
    decisions.take_over(draft=first, by=ana)
    decisions.undo(decision=decisions.take_over(draft=second, by=ana), by=ana)
    assert leader(first) == "person"


def test_a_take_over_of_a_mail_nobody_can_read_leads_back_only_where_nobody_had_taken_over(ana: User) -> None:
    draft = handed_over_draft(hand_over_reason=HandOverReason.UNREADABLE)
    decisions.undo(decision=decisions.take_over(draft=draft, by=ana), by=ana)
    assert leader(draft) == "assistant"
    other = ready_draft(message=make_message(conversation=draft.conversation))
    decisions.take_over(draft=other, by=ana)
    later = handed_over_draft(hand_over_reason=HandOverReason.UNREADABLE, message=make_message(conversation=draft.conversation))
    decisions.undo(decision=decisions.take_over(draft=later, by=ana), by=ana)
    assert leader(draft) == "person"


def test_after_a_conversation_was_handed_back_the_next_take_over_leads_back_again(ana: User) -> None:
    draft = ready_draft()
    decisions.take_over(draft=draft, by=ana)
    decisions.reply(draft=draft, text="I see to it.", by=ana)
    decisions.hand_back(conversation=draft.conversation, by=ana)
    later = ready_draft(message=make_message(conversation=draft.conversation))
    decisions.undo(decision=decisions.take_over(draft=later, by=ana), by=ana)
    assert leader(draft) == "assistant"

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from drafting import drafts, records
from drafting.agent.budget import BUDGET
from drafting.agent.run import Call, Run
from drafting.drafts import LostLease, NotWaiting
from drafting.drafts.begin import WAITS_FOR_FILES
from drafting.endpoints import Endpoint
from drafting.models import Draft, HandOverReason, ModelCall
from drafting.tools import Lookup
from inbox.models import Attachment, Conversation, Message
from tests.drafting.factories import make_conversation, make_draft, make_message, make_setup

pytestmark = pytest.mark.django_db
ENDPOINT = Endpoint("http://127.0.0.1:9/v1", "none", "text", {"max_tokens": 1}, 8192)


def empty_run() -> Run:
    return Run(endpoint=ENDPOINT, budget=BUDGET)


def claimed(**about: Any) -> Draft:
    draft = drafts.claim(draft_id=make_draft(**about).pk)
    assert draft is not None
    return draft


def ready(message: Message | None = None) -> Draft:
    return make_draft(message, state=Draft.State.READY, body="Hello", setup=make_setup())


def state(draft: Draft) -> str:
    return Draft.objects.get(pk=draft.pk).state


def test_a_mail_from_a_person_gets_a_queued_draft_once() -> None:
    message = make_message()
    draft = drafts.take_up(message=message)
    assert draft is not None
    assert draft.state == Draft.State.QUEUED
    assert drafts.take_up(message=message) is None
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("kind", [Message.Kind.AUTOMATIC, Message.Kind.BOUNCE, Message.Kind.LIST, Message.Kind.OWN])
def test_what_no_person_wrote_is_taken_up_and_never_answered(kind: str) -> None:
    message = make_message(kind=kind)
    assert drafts.take_up(message=message) is None
    message.refresh_from_db()
    assert message.taken_up_at is not None
    assert drafts.messages_to_take_up() == []


def test_a_mail_that_is_not_read_yet_is_left_alone() -> None:
    message = make_message(state=Message.State.RECEIVED)
    assert drafts.messages_to_take_up() == []
    assert drafts.take_up(message=message) is None
    assert not Draft.objects.exists()


def test_a_mail_waits_for_what_is_written_in_its_files_and_not_for_ever() -> None:
    message = make_message()
    file = message.attachments.create(position=0, size=4, sha256="0" * 64, text_state="waiting", text_due_at=timezone.now())
    other = make_message()
    assert drafts.messages_to_take_up() == [other.pk]
    with time_machine.travel(message.stored_at + WAITS_FOR_FILES + timedelta(seconds=1)):
        assert drafts.messages_to_take_up() == [message.pk, other.pk]
    Attachment.objects.filter(pk=file.pk).update(text_state="encrypted")
    assert drafts.messages_to_take_up() == [message.pk, other.pk]


def test_an_unreadable_mail_goes_to_a_person_at_once() -> None:
    draft = drafts.take_up(message=make_message(state=Message.State.UNREADABLE, problem="It is random bytes."))
    assert draft is not None
    assert (draft.state, draft.hand_over_reason, draft.hand_over_words) == ("handed_over", "unreadable", "It is random bytes.")


def test_a_conversation_led_by_a_person_stays_with_people() -> None:
    conversation = make_conversation(led_by=Conversation.Leader.PERSON)
    draft = drafts.take_up(message=make_message(conversation=conversation))
    assert draft is not None
    assert (draft.state, draft.hand_over_reason) == ("handed_over", "led_by_person")


@pytest.mark.parametrize("before", [Draft.State.QUEUED, Draft.State.READY, Draft.State.HANDED_OVER])
def test_a_newer_message_supersedes_the_draft_that_waits(before: Draft.State) -> None:
    older = make_draft(state=before, body="Hello", setup=make_setup(), hand_over_reason="unsure" if before == "handed_over" else "")
    newer = drafts.take_up(message=make_message(conversation=older.conversation))
    assert newer is not None
    assert (state(older), newer.state) == ("superseded", "queued")


def test_a_draft_being_written_loses_to_a_newer_message() -> None:
    draft = claimed()
    drafts.take_up(message=make_message(conversation=draft.conversation))
    draft.body, draft.setup = "Too late", make_setup()
    with pytest.raises(LostLease):
        drafts.finish(draft=draft, run=empty_run(), atoms=[], checks=[], is_eligible=False)
    assert state(draft) == "superseded"


def test_messages_taken_up_in_the_wrong_order_end_in_a_draft_for_the_newest() -> None:
    conversation = make_conversation()
    newest = make_message(conversation=conversation)
    older = make_message(conversation=conversation, received_at=timezone.now() - timedelta(hours=1))
    drafts.take_up(message=newest)
    drafts.take_up(message=older)
    assert [draft.message for draft in Draft.objects.exclude(state=Draft.State.SUPERSEDED)] == [newest]


@pytest.mark.parametrize("about", [{"authenticity": Message.Authenticity.FAIL}, {"state": Message.State.UNREADABLE}])
def test_a_mail_whose_draft_answers_no_earlier_one_supersedes_nothing(about: dict[str, Any]) -> None:
    draft = ready()
    other = drafts.take_up(message=make_message(conversation=draft.conversation, **about))
    assert other is not None
    assert state(draft) == "ready"
    drafts.mark_decided(draft=draft)
    assert drafts.reopen(draft=draft).state == "ready"
    drafts.redraft(draft=draft, instruction="Shorter.", by=User.objects.create(username="rita"))
    assert state(other) in {"queued", "handed_over"}


def test_an_automatic_reply_does_not_supersede() -> None:
    draft = ready()
    drafts.take_up(message=make_message(conversation=draft.conversation, kind=Message.Kind.AUTOMATIC))
    assert state(draft) == "ready"


def test_a_draft_is_claimed_by_one_worker_only() -> None:
    draft = make_draft()
    assert drafts.claim(draft_id=draft.pk) is not None
    assert drafts.claim(draft_id=draft.pk) is None


def test_a_due_draft_is_rung_for_once_and_again_when_nobody_came() -> None:
    draft = make_draft()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert drafts.ring_due() == [draft.pk]
        assert drafts.ring_due() == []
        clock.shift(31)
        assert drafts.ring_due() == [draft.pk]
        drafts.claim(draft_id=draft.pk)
        clock.shift(31)
        assert drafts.ring_due() == []


def test_a_long_backlog_has_few_bells_and_they_move_on_as_drafts_are_taken() -> None:
    waiting = [make_draft() for _ in range(5)]
    assert drafts.ring_due(most=2) == [waiting[0].pk, waiting[1].pk]
    assert drafts.ring_due(most=2) == []
    drafts.claim(draft_id=waiting[1].pk)
    assert drafts.ring_due(most=2) == [waiting[2].pk]


def test_a_draft_that_waits_is_rung_for_as_soon_as_it_is_due_again() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        draft = claimed()
        Draft.objects.update(rung_at=timezone.now())
        drafts.wait(draft=draft, words="The model server does not answer.", run=empty_run())
        clock.shift(6)
        assert drafts.ring_due() == [draft.pk]


def test_a_draft_that_is_not_due_cannot_be_claimed() -> None:
    assert drafts.claim(draft_id=make_draft(due_at=timezone.now() + timedelta(minutes=1)).pk) is None


def test_a_lost_draft_returns_to_the_queue_and_the_lost_worker_can_write_nothing() -> None:
    draft = claimed()
    Draft.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert drafts.return_lost() == 1
    assert state(draft) == "queued"
    again = drafts.claim(draft_id=draft.pk)
    assert again is not None
    with pytest.raises(LostLease):
        drafts.hand_over(draft=draft, reason=HandOverReason.UNSURE, words="?", run=empty_run())
    drafts.hand_over(draft=again, reason=HandOverReason.UNSURE, words="Unclear.", run=empty_run())
    assert state(draft) == "handed_over"


def test_a_draft_that_is_lost_again_and_again_goes_to_a_person() -> None:
    draft = make_draft()
    for _ in range(drafts.MAX_LOST):
        assert drafts.claim(draft_id=draft.pk) is not None
        Draft.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        drafts.return_lost()
    draft.refresh_from_db()
    assert (draft.state, draft.hand_over_reason) == ("handed_over", "model_unusable")
    assert "3 times" in draft.hand_over_words


def test_a_lease_that_holds_is_left_alone() -> None:
    draft = claimed()
    assert drafts.return_lost() == 0
    assert state(draft) == "writing"


def test_a_waiting_draft_says_why_and_is_tried_at_growing_intervals() -> None:
    draft = claimed()
    drafts.wait(draft=draft, words="The model server does not answer.", run=empty_run())
    draft.refresh_from_db()
    first = draft.due_at - timezone.now()
    assert (draft.state, draft.last_error, draft.attempts) == ("queued", "The model server does not answer.", 0)
    Draft.objects.update(due_at=timezone.now(), created_at=timezone.now() - timedelta(minutes=4))
    again = drafts.claim(draft_id=draft.pk)
    assert again is not None
    drafts.wait(draft=again, words="Still not.", run=empty_run())
    again.refresh_from_db()
    assert timedelta(seconds=3) < first < timedelta(seconds=6)
    assert timedelta(seconds=50) < again.due_at - timezone.now() < timedelta(seconds=70)


def test_waking_makes_waiting_drafts_due() -> None:
    draft = make_draft(due_at=timezone.now() + timedelta(minutes=5))
    assert drafts.wake() == 1
    assert drafts.ring_due() == [draft.pk]


@pytest.mark.parametrize("before", ["queued", "writing", "ready", "handed_over"])
def test_a_person_may_decide_on_any_draft_that_waits_once(before: str) -> None:
    draft = make_draft(
        state=before,
        body="Hello",
        setup=make_setup(),
        lease_until=timezone.now() if before == "writing" else None,
        hand_over_reason="unsure" if before == "handed_over" else "",
    )
    drafts.mark_decided(draft=draft)
    assert draft.state == "decided"
    with pytest.raises(NotWaiting):
        drafts.mark_decided(draft=draft)


def test_a_superseded_draft_cannot_be_decided() -> None:
    draft = ready()
    drafts.take_up(message=make_message(conversation=draft.conversation))
    with pytest.raises(NotWaiting):
        drafts.mark_decided(draft=draft)


def test_a_rejected_draft_is_written_anew_with_the_reviewers_instruction() -> None:
    draft = ready()
    user = User.objects.create(username="rita")
    new = drafts.redraft(draft=draft, instruction="Shorter, please.", by=user)
    assert (new.redraft_of, new.instruction, new.state, state(draft)) == (draft, "Shorter, please.", "queued", "decided")
    with pytest.raises(NotWaiting):
        drafts.redraft(draft=draft, instruction="Again.", by=user)


def test_undoing_a_decision_brings_the_draft_back() -> None:
    draft = ready()
    drafts.mark_decided(draft=draft)
    assert drafts.reopen(draft=draft).state == "ready"
    with pytest.raises(NotWaiting):
        drafts.reopen(draft=draft)


def test_undoing_a_rejection_drops_the_new_draft() -> None:
    draft = ready()
    new = drafts.redraft(draft=draft, instruction="Shorter.", by=User.objects.create(username="rita"))
    drafts.reopen(draft=draft)
    assert (state(draft), state(new)) == ("ready", "superseded")


def test_undoing_comes_too_late_where_a_newer_message_has_its_own_draft() -> None:
    draft = ready()
    drafts.mark_decided(draft=draft)
    drafts.take_up(message=make_message(conversation=draft.conversation))
    assert drafts.reopen(draft=draft).state == "superseded"


def test_a_hand_over_that_is_undone_is_a_hand_over_again() -> None:
    draft = make_draft(state="handed_over", hand_over_reason="unsure")
    drafts.mark_decided(draft=draft)
    assert drafts.reopen(draft=draft).state == "handed_over"


def fail(draft: Draft, purpose: str = "category") -> Draft:
    """A try that the model server did not answer."""
    Draft.objects.filter(pk=draft.pk).update(due_at=timezone.now())
    mine = drafts.claim(draft_id=draft.pk)
    assert mine is not None
    run = empty_run()
    run.calls.append(Call(purpose, {}, "", "The model server does not answer.", "", 5, None, None))
    drafts.wait(draft=mine, words="The model server does not answer.", run=run)
    mine.refresh_from_db()
    return mine


def answer(draft: Draft, purpose: str = "category") -> None:
    """Another draft gets an answer meanwhile."""
    position = draft.model_calls.count() + 1
    ModelCall.objects.create(draft=draft, position=position, purpose=purpose, request={}, response="{}", milliseconds=5)


def test_a_mail_that_alone_makes_the_model_server_fail_goes_to_a_person() -> None:
    draft, other = make_draft(), make_draft(state=Draft.State.DECIDED)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(records.FAILURES_ALONE - 1):
            assert fail(draft).state == "queued"
            answer(other)
            clock.shift(120)
        draft = fail(draft)
    assert (draft.state, draft.hand_over_reason) == ("handed_over", "model_unusable")
    assert draft.hand_over_words.startswith("The model server failed 8 times in a row at this mail and answered others meanwhile.")


@pytest.mark.parametrize(("answered", "minutes"), [("draft", 2), ("", 2), ("category", 0.5)])
def test_while_the_server_is_down_for_everybody_or_only_for_a_short_time_a_mail_waits(answered: str, minutes: float) -> None:
    draft, other = make_draft(), make_draft(state=Draft.State.DECIDED)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(records.FAILURES_ALONE + 2):
            assert fail(draft).state == "queued"
            if answered:
                answer(other, answered)
            clock.shift(60 * minutes)


def test_a_mail_is_compared_with_answers_of_the_setup_that_writes_it() -> None:
    own, setup = make_setup(), make_setup()
    draft, other = make_draft(setup=own), make_draft(state=Draft.State.DECIDED, setup=setup)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(records.FAILURES_ALONE + 1):
            assert fail(draft, "draft").state == "queued"
            answer(other, "draft")
            clock.shift(120)
        Draft.objects.filter(pk=other.pk).update(setup=own)
        assert fail(draft, "draft").state == "handed_over"


PARCELS = "Parcels does not answer."


def fail_to_look_up(draft: Draft, words: str = PARCELS) -> Draft:
    """A try that a connector did not answer."""
    Draft.objects.filter(pk=draft.pk).update(due_at=timezone.now())
    mine = drafts.claim(draft_id=draft.pk)
    assert mine is not None
    run = empty_run()
    run.calls.append(Call("category", {}, "{}", "", "stop", 5, None, None))
    run.lookups.append(Lookup(1, "parcel", "Parcels", {"query": "1"}, "unavailable", {"words": words}, "code", 5))
    drafts.wait(draft=mine, words=words, run=run)
    mine.refresh_from_db()
    return mine


def look_up(draft: Draft, tool: str = "parcel") -> None:
    """Another draft's lookup is answered meanwhile."""
    found = {"question": {}, "outcome": "found", "answer": {}, "asked_by": "code", "milliseconds": 5}
    draft.evidence.create(position=draft.evidence.count() + 1, tool=tool, source="Parcels", at=timezone.now(), **found)


def test_a_mail_that_alone_makes_a_lookup_fail_goes_to_a_person() -> None:
    draft, other = make_draft(), make_draft(state=Draft.State.DECIDED)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(records.TRIES_ALONE - 1):
            assert fail_to_look_up(draft).state == "queued"
            clock.shift(120)
            look_up(other)
            clock.shift(120)
        draft = fail_to_look_up(draft)
    assert (draft.state, draft.hand_over_reason) == ("handed_over", "missing_fact")
    assert draft.hand_over_words == f"A lookup failed again and again at this mail and answered others meanwhile. {PARCELS}"


@pytest.mark.parametrize(
    ("answered", "last", "seconds"),
    [("", PARCELS, 120), ("stock", PARCELS, 120), ("parcel", "Parcels is busy.", 120), ("parcel", PARCELS, 60)],
)
def test_a_lookup_that_fails_for_all_or_in_another_way_or_for_a_short_time_is_waited_for(answered: str, last: str, seconds: int) -> None:
    draft, other = make_draft(), make_draft(state=Draft.State.DECIDED)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(records.TRIES_ALONE - 1):
            fail_to_look_up(draft)
            clock.shift(seconds)
            if answered:
                look_up(other, answered)
            clock.shift(seconds)
        assert fail_to_look_up(draft, last).state == "queued"


def test_what_does_not_hold_any_more_is_drafted_anew_with_a_note_for_people() -> None:
    draft = ready()
    drafts.mark_decided(draft=draft)
    new = drafts.renew(draft=draft, note="The order was cancelled.")
    assert new is not None
    assert (state(draft), new.state, new.redraft_of, new.note) == ("superseded", "queued", draft, "The order was cancelled.")
    with pytest.raises(NotWaiting):
        drafts.renew(draft=draft, note="Again.")


def test_nothing_is_drafted_anew_where_a_newer_message_has_its_own_draft() -> None:
    draft = ready()
    drafts.mark_decided(draft=draft)
    drafts.take_up(message=make_message(conversation=draft.conversation))
    assert drafts.renew(draft=draft, note="The order was cancelled.") is None
    assert state(draft) == "superseded"


def test_a_draft_anew_in_a_conversation_that_a_person_leads_is_theirs() -> None:
    draft = ready()
    drafts.mark_decided(draft=draft)
    Conversation.objects.update(led_by=Conversation.Leader.PERSON)
    new = drafts.renew(draft=draft, note="The order was cancelled.")
    assert new is not None
    assert (new.state, new.hand_over_reason) == ("handed_over", "led_by_person")

"""What people do with a conversation beside deciding on its draft."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from drafting import pinning, setups, writing
from drafting.models import Draft
from inbox.errors import Refused
from inbox.models import Conversation
from inbox.tasks import wake_snoozed_conversations
from review import claims, conversation_acts, decisions, team, training
from review.models import Claim, LogEntry, Note
from review.permissions import Role
from tests.drafting.factories import make_category, make_draft, make_mailbox, make_message
from tests.drafting.model_answers import CHOICE, REPLY
from tests.drafting.model_server import MODEL, says, serving
from tests.review.factories import make_person, ready_draft

pytestmark = pytest.mark.django_db
State = Conversation.State


def snoozed(draft: Draft, by: User) -> Conversation:
    conversation_acts.snooze(conversation=draft.conversation, until=timezone.now() + timedelta(hours=1), by=by)
    return Conversation.objects.get(pk=draft.conversation_id)


def test_what_is_snoozed_comes_back_by_itself(ana: User) -> None:
    talk = snoozed(ready_draft(), ana)
    assert talk.state == State.SNOOZED
    wake_snoozed_conversations()
    assert Conversation.objects.get().state == State.SNOOZED
    Conversation.objects.update(snoozed_until=timezone.now() - timedelta(seconds=1))
    wake_snoozed_conversations()
    assert Conversation.objects.get().state == State.OPEN


def test_snoozing_lets_go_of_the_draft(ana: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ana)
    snoozed(draft, ana)
    assert not Claim.objects.exists()


def test_what_a_colleague_is_on_is_not_snoozed(ana: User, ben: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ben)
    with pytest.raises(claims.ClaimedByOther):
        snoozed(draft, ana)
    assert Conversation.objects.get().state == State.OPEN
    assert not LogEntry.objects.exists()


def test_what_waits_for_nobody_is_not_snoozed(ana: User) -> None:
    draft = ready_draft()
    decisions.approve(draft=draft, by=ana)
    with pytest.raises(Refused, match="nothing to put off"):
        snoozed(draft, ana)


def test_a_moment_that_is_past_is_refused(ana: User) -> None:
    draft = ready_draft()
    with pytest.raises(Refused, match="in the future"):
        conversation_acts.snooze(conversation=draft.conversation, until=timezone.now(), by=ana)


@pytest.mark.parametrize("verb", ["approve", "no_reply", "take_over", "reject"])
def test_deciding_wakes_what_was_snoozed(verb: str, ana: User, ben: User) -> None:
    draft = ready_draft()
    snoozed(draft, ana)
    about = {"reason": "Too long."} if verb == "reject" else {}
    getattr(decisions, verb)(draft=draft, by=ben, **about)
    talk = Conversation.objects.get()
    assert talk.state != State.SNOOZED
    assert talk.snoozed_until is None


def test_only_who_may_answer_is_assigned_to(ana: User) -> None:
    draft = ready_draft()
    elsewhere, manager = make_person("reviewer"), make_person("manager")
    team.give(person=elsewhere, roles=[Role.REVIEWER], mailboxes=[make_mailbox(name="Another")])
    for person in (User.objects.get(pk=elsewhere.pk), manager):
        with pytest.raises(Refused, match="may not answer"):
            conversation_acts.assign(conversation=draft.conversation, to=person, by=ana)
    assert Conversation.objects.get(pk=draft.conversation_id).assigned_to is None


def test_each_act_is_in_the_audit_log(ana: User, ben: User) -> None:
    draft = ready_draft()
    talk = snoozed(draft, ana)
    conversation_acts.wake(conversation=talk, by=ana)
    conversation_acts.wake(conversation=talk, by=ana)
    conversation_acts.assign(conversation=talk, to=ben, by=ana)
    conversation_acts.note(conversation=talk, text="Call him first.", by=ana)
    told = list(LogEntry.objects.order_by("pk").values_list("act", "words"))
    assert [act for act, _ in told] == ["conversation.snoozed", "conversation.woken", "conversation.assigned", "conversation.noted"]
    assert told[2][1] == "To Ben Orr."
    assert not any("Call him" in words for _, words in told)


SECRET = "Zanzibar is what only colleagues read"


def test_no_model_reads_a_note(ana: User) -> None:
    draft = make_draft(make_message("Where is my order SO-4711?"))
    conversation_acts.note(conversation=draft.conversation, text=SECRET, by=ana)
    make_category()
    with serving(says(CHOICE), says(REPLY)) as script:
        setups.activate(setup=pinning.pin(base_url=script.base_url, model=MODEL, by=None), by=None)
        writing.write(draft_id=draft.pk)
    asked = json.dumps(script.requests)
    assert "SO-4711" in asked
    assert SECRET not in asked


def test_no_note_is_in_the_training_export(ana: User) -> None:
    draft = ready_draft()
    conversation_acts.note(conversation=draft.conversation, text=SECRET, by=ana)
    decisions.approve(draft=draft, by=ana)
    exported = "".join(training.lines(training.exportable()))
    assert draft.body[:5] in exported
    assert SECRET not in exported


def test_no_note_leaves_in_a_mail(ana: User) -> None:
    draft = ready_draft()
    conversation_acts.note(conversation=draft.conversation, text=SECRET, by=ana)
    mail = decisions.approve(draft=draft, by=ana).outgoing
    assert mail is not None
    assert SECRET.encode() not in bytes(mail.mime)
    assert Note.objects.get().text == SECRET

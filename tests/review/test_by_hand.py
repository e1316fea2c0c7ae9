"""Mail that people write from scratch, whatever became of the assistant's draft."""

import pytest
from django.contrib.auth.models import User

from drafting.models import Draft
from inbox.models import Conversation, Message, OutgoingMail
from review import claims, decisions, errors, uploads, writing
from review.models import Decision, LogEntry
from tests.drafting.factories import make_customer, make_mailbox, make_message
from tests.review.factories import attach_upload, handed_over_draft, make_outgoing, ready_draft, waiting_draft

pytestmark = pytest.mark.django_db
State = OutgoingMail.State


def answer(to: Message | OutgoingMail, by: User, text: str = "By hand.", **about: object) -> OutgoingMail:
    assert to.conversation is not None
    return decisions.answer(conversation=to.conversation, to=to, text=text, by=by, **about)  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [ready_draft, handed_over_draft, waiting_draft])
def test_a_reply_by_hand_takes_over_what_waits(make: object, ana: User) -> None:
    draft: Draft = make()  # type: ignore[operator]
    mail = answer(draft.message, ana)
    decision = Decision.objects.get(draft=draft)
    assert (decision.kind, decision.by, decision.outgoing, decision.final_text) == ("taken_over", ana, mail, "By hand.")
    assert Conversation.objects.get().led_by == Conversation.Leader.PERSON
    assert not decisions.reply_missing().exists()


def test_a_mail_that_was_answered_already_is_answered_again(ana: User) -> None:
    draft = ready_draft()
    decisions.approve(draft=draft, by=ana)
    mail = answer(draft.message, ana, "One more thing.")
    assert mail.in_reply_to == draft.message
    assert Decision.objects.count() == 1


def test_a_closed_conversation_is_answered(ana: User) -> None:
    draft = ready_draft()
    decisions.no_reply(draft=draft, by=ana)
    assert answer(draft.message, ana).state == State.HELD


def test_something_is_added_to_a_mail_of_ours(ana: User) -> None:
    first = make_outgoing(by=ana)
    second = answer(first, ana, "One more thing.")
    assert (second.recipient, second.in_reply_to) == (first.recipient, first.in_reply_to)


def test_nobody_answers_what_a_colleague_is_on(ana: User, ben: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ben)
    with pytest.raises(claims.ClaimedByOther):
        answer(draft.message, ana)
    assert not OutgoingMail.objects.exists()


def test_nobody_answers_what_a_colleague_has_taken_over(ana: User, ben: User) -> None:
    draft = ready_draft()
    decisions.take_over(draft=draft, by=ben)
    with pytest.raises(errors.AlreadyDecided):
        answer(draft.message, ana)


def test_a_reply_by_hand_answers_what_the_person_had_taken_over(ana: User) -> None:
    draft = ready_draft()
    taken = decisions.take_over(draft=draft, by=ana)
    mail = answer(draft.message, ana)
    taken.refresh_from_db()
    assert taken.outgoing == mail


def test_a_bounce_is_not_answered(ana: User) -> None:
    with pytest.raises(errors.CannotSend, match="it is a bounce"):
        answer(make_message(kind=Message.Kind.BOUNCE), ana)


def test_a_reply_by_hand_is_taken_back_with_its_text_and_files(ana: User) -> None:
    draft = ready_draft()
    decisions.approve(draft=draft, by=ana)
    talk = draft.conversation
    upload = attach_upload(by=ana, conversation=talk)
    mail = answer(draft.message, ana, "One more thing.", files=[upload])
    decisions.take_back(mail=mail, by=ana)
    mail.refresh_from_db()
    assert mail.state == State.CANCELLED
    unsent = writing.unsent(by=ana, conversation=talk)
    assert unsent is not None
    assert (unsent.text, unsent.answers) == ("One more thing.", f"message:{draft.message_id}")
    assert list(uploads.unsent(by=ana, conversation=talk)) == [upload]
    assert LogEntry.objects.get(act="mail.cancelled").by == ana
    with pytest.raises(errors.TooLate):
        decisions.take_back(mail=mail, by=ana)


def test_taking_back_a_reply_that_took_over_undoes_the_reply_alone(ana: User) -> None:
    draft = ready_draft()
    mail = answer(draft.message, ana)
    decisions.take_back(mail=mail, by=ana)
    assert decisions.reply_missing().get().draft == draft


def begin(by: User, **about: object) -> OutgoingMail:
    values = {"recipient": "ben@customer.example", "subject": "Your offer", "text": "Here it is.", **about}
    return decisions.begin(mailbox=values.pop("mailbox", None) or make_mailbox(), by=by, **values)  # type: ignore[arg-type]


def test_a_new_conversation_waits_for_the_customer_and_is_logged(ana: User) -> None:
    make_customer("ben@customer.example", name="Ben Ltd")
    upload = attach_upload(by=ana, conversation=None)
    mail = begin(ana, files=[upload])
    talk = Conversation.objects.get()
    assert (talk.state, talk.led_by, talk.customer_name) == ("waiting", "assistant", "Ben Ltd")
    assert LogEntry.objects.get(act="conversation.begun").conversation == talk
    upload.refresh_from_db()
    assert upload.outgoing == mail
    assert writing.unsent(by=ana, conversation=None) is None


def test_a_new_conversation_that_is_taken_back_can_be_written_on(ana: User) -> None:
    upload = attach_upload(by=ana, conversation=None)
    mail = begin(ana, files=[upload])
    decisions.take_back(mail=mail, by=ana)
    unsent = writing.unsent(by=ana, conversation=None)
    assert unsent is not None
    assert (unsent.recipient, unsent.subject, unsent.text) == ("ben@customer.example", "Your offer", "Here it is.")
    assert list(uploads.unsent(by=ana, conversation=None)) == [upload]
    assert Conversation.objects.get().state == Conversation.State.CLOSED


def test_nothing_is_left_of_a_new_conversation_without_an_address(ana: User) -> None:
    with pytest.raises(errors.CannotSend, match="address of one recipient"):
        begin(ana, recipient="nobody")
    assert not Conversation.objects.exists()


def test_the_assistant_tries_again_after_a_take_over(ana: User) -> None:
    draft = ready_draft()
    decisions.take_over(draft=draft, by=ana)
    decisions.reject(draft=draft, reason="Offer the blue one.", by=ana)
    new = Draft.objects.get(redraft_of=draft)
    assert (new.instruction, new.state) == ("Offer the blue one.", Draft.State.QUEUED)
    assert [one.kind for one in Decision.objects.filter(undone_at=None)] == [Decision.Kind.REJECTED]
    assert Conversation.objects.get().led_by == Conversation.Leader.ASSISTANT


def test_only_who_took_over_lets_the_assistant_try_again(ana: User, ben: User) -> None:
    draft = ready_draft()
    decisions.take_over(draft=draft, by=ana)
    with pytest.raises(errors.AlreadyDecided):
        decisions.reject(draft=draft, reason="Offer the blue one.", by=ben)


def test_all_that_waits_in_a_conversation_is_answered_by_one_reply(ana: User) -> None:
    draft = ready_draft()
    other = handed_over_draft(message=make_message("Hello?", conversation=draft.conversation, authenticity="fail"))
    mail = answer(draft.message, ana)
    assert dict(Decision.objects.values_list("draft", "outgoing")) == {draft.pk: mail.pk, other.pk: None}
    assert not decisions.reply_missing().exists()

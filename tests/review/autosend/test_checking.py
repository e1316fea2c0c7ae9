"""The last look at what leaves by itself, and how its draft comes back to people where it does not leave."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from drafting import freshness
from drafting.errors import Unavailable
from drafting.freshness import Change
from drafting.models import CanaryRun, Draft, Rule
from inbox import mailboxes, outbox, smtp
from inbox.errors import Unavailable as MailServerAway
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from review import autosend, claims, decisions, release, tasks
from review.autosend import checking
from review.errors import AlreadyDecided, TooLate
from review.models import Attempt, Decision, LedgerEntry, Switch, Writing
from tests.drafting.factories import make_mailbox, make_message
from tests.inbox.factories import receive
from tests.review.autosend.factories import attempt_at, confirm, eligible, mail_of, make_terms, running_setup, sent
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db
State = OutgoingMail.State


def look(decision: Decision, *, seconds: float = 16) -> OutgoingMail:
    """The undo window is over, and the mail is looked at once more."""
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
        release.check(mail_id=decision.outgoing_id or 0)
    return mail_of(decision)


def leaving(*, seconds: float = 20) -> list[int]:
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
        return outbox.release_due()


def is_with_people(decision: Decision, words: str = "") -> bool:
    """The draft waits for a person again, who reads why, and counts as theirs."""
    draft, entry = Draft.objects.get(pk=decision.draft_id), LedgerEntry.objects.get(draft=decision.draft_id)
    decision.refresh_from_db()
    assert words in draft.note
    assert (draft.state, entry.route, entry.why) == ("ready", "person", "held_back")
    assert Conversation.objects.get(pk=draft.conversation_id).state == "open"
    return decision.undone_at is not None and mail_of(decision).state == State.CANCELLED


def test_it_leaves_once_its_facts_were_looked_up_again(auto: Attempt) -> None:
    decision = sent(auto)
    assert leaving(seconds=700) == []
    mail = look(decision)
    assert (mail.state, mail.check_at, mail.check_words) == (State.HELD, None, checking.UNCHANGED)
    assert leaving() == [mail.pk]
    look(decision)
    assert OutgoingMail.objects.get().state == State.READY


def test_it_never_leaves_long_after_its_facts_were_looked_up(auto: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(mailbox: Mailbox) -> None:
        raise MailServerAway("TCP", f"{mailbox.smtp_host} did not answer in time.")

    monkeypatch.setattr(smtp, "connect", fail)
    decision = sent(auto)
    look(decision)
    OutgoingMail.objects.update(attempts=2)
    for pk in leaving():
        outbox.send(mail_id=pk)
    mail = mail_of(decision)
    assert (mail.state, mail.attempts, bool(mail.check_at)) == (State.HELD, 3, True)
    assert leaving(seconds=100_000) == []
    look(decision, seconds=20 * 60)
    assert leaving(seconds=20 * 60) == [mail.pk]


def test_it_says_that_it_was_sent_automatically(auto: Attempt) -> None:
    mail = sent(auto).outgoing
    assert mail is not None
    headers = message_from_bytes(bytes(mail.mime), policy=policy.default)
    assert (headers["Auto-Submitted"], headers["X-Auto-Response-Suppress"]) == ("auto-replied", "All")


def test_facts_that_changed_void_it_and_a_new_draft_is_written(auto: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    decision = sent(auto)
    monkeypatch.setattr(freshness, "changes", lambda **_: [Change("order SO-1007: status", "shipped", "cancelled")])
    mail = look(decision)
    new = Draft.objects.get(redraft_of=decision.draft)
    assert (mail.state, new.state, Draft.objects.get(pk=decision.draft_id).state) == (State.CANCELLED, "queued", "superseded")
    assert "order SO-1007" in new.note
    assert LedgerEntry.objects.get(draft=decision.draft_id).route == "person"


def test_facts_out_of_reach_keep_it_back_until_a_person_decides(auto: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(**_: object) -> list[Change]:
        raise Unavailable("the shop does not answer")

    monkeypatch.setattr(freshness, "changes", unreachable)
    decision = sent(auto)
    mail = look(decision)
    assert (mail.state, mail.check_words) == (State.HELD, "Its facts could not be looked up again: the shop does not answer")
    assert leaving(seconds=600) == []
    look(decision, seconds=620)
    assert is_with_people(decision, "the shop does not answer")


class TestSomethingElseHasChanged:
    def test_all_was_stopped(self, auto: Attempt) -> None:
        decision = sent(auto)
        Switch.objects.update(stopped_at=timezone.now())
        look(decision)
        assert is_with_people(decision, "stopped")

    def test_its_mailbox_is_paused(self, auto: Attempt) -> None:
        decision = sent(auto)
        Mailbox.objects.update(is_active=False)
        look(decision)
        assert is_with_people(decision, "nobody sees whether the customer wrote again")

    def test_the_rules(self, auto: Attempt) -> None:
        decision = sent(auto)
        Rule.objects.create(name="Pallets", expression="order.total > 500.0", effect="needs_person")
        look(decision)
        auto.refresh_from_db()
        assert is_with_people(decision, "rules")
        assert (auto.state, auto.cause) == ("suspended", "setup")

    def test_the_model(self, auto: Attempt) -> None:
        decision = sent(auto)
        confirm(auto.setup, "different")
        look(decision)
        assert is_with_people(decision, "model")

    def test_the_models_word_has_become_old(self, auto: Attempt) -> None:
        decision = sent(auto)
        CanaryRun.objects.update(at=timezone.now() - timedelta(hours=4))
        look(decision)
        assert is_with_people(decision, "confirmed")
        auto.refresh_from_db()
        assert auto.state == "auto"

    def test_a_cap(self, auto: Attempt) -> None:
        decision, _ = sent(auto), sent(auto)
        make_terms(auto.category, daily_cap=1)
        look(decision)
        assert is_with_people(decision, "daily cap")

    def test_somebody_is_on_it(self, auto: Attempt, ana: User) -> None:
        decision = sent(auto)
        claims.claim(draft=decision.draft, by=ana)
        look(decision)
        assert is_with_people(decision, "Somebody is on it")

    def test_somebody_writes(self, auto: Attempt, ana: User) -> None:
        decision = sent(auto)
        Writing.objects.create(by=ana, conversation=decision.draft.conversation, text="Dear Ann")
        look(decision)
        assert is_with_people(decision, "writing")

    def test_a_person_took_the_lead(self, auto: Attempt) -> None:
        decision = sent(auto)
        Conversation.objects.filter(pk=decision.draft.conversation_id).update(led_by="person")
        look(decision)
        assert is_with_people(decision, "leads")


@pytest.mark.parametrize("is_claimed", [False, True])
def test_a_mailbox_that_is_paused_holds_back_what_was_just_let_go(is_claimed: bool, auto: Attempt) -> None:
    decision, other = sent(auto), sent(auto)
    mail, elsewhere = look(decision), look(other)
    if is_claimed:
        outbox.release_due()
        OutgoingMail.objects.filter(pk=mail.pk).update(state=State.CLAIMED, lease_until=timezone.now() + timedelta(minutes=10))
    mailboxes.pause(mailbox=mail.mailbox)
    autosend.return_held_back()
    assert mail.pk not in leaving()
    assert is_with_people(decision, "nobody sees whether the customer wrote again")
    assert mail_of(other).state in {State.HELD, State.READY}
    assert elsewhere.mailbox_id != mail.mailbox_id


def test_a_customer_who_writes_again_is_not_answered_by_itself(auto: Attempt) -> None:
    talk = receive(make_mailbox())
    Message.objects.filter(pk=talk.pk).update(taken_up_at=timezone.now(), stored_at=timezone.now() - timedelta(seconds=1))
    decision = sent(auto, message=Message.objects.get(pk=talk.pk))
    receive(talk.mailbox, text="And one more thing", in_reply_to=f"<{talk.message_id}>")
    assert OutgoingMail.objects.get().state == State.CANCELLED
    assert leaving(seconds=700) == []
    assert autosend.return_held_back() == 1
    assert is_with_people(decision, outbox.OVERTAKEN)


def test_it_is_superseded_where_the_newer_mail_has_its_draft_already(auto: Attempt) -> None:
    decision = sent(auto)
    newer = make_message("One more thing", conversation=decision.draft.conversation)
    OutgoingMail.objects.update(state=State.CANCELLED, last_error=outbox.OVERTAKEN)
    eligible(auto, message=newer)
    autosend.return_held_back()
    assert Draft.objects.get(pk=decision.draft_id).state == "superseded"
    assert LedgerEntry.objects.get().why == "held_back"


def test_who_answers_by_hand_keeps_it_back_and_takes_it_over(auto: Attempt, ana: User) -> None:
    decision = sent(auto)
    look(decision)
    mail = decisions.answer(conversation=decision.draft.conversation, to=decision.draft.message, text="I look into it.", by=ana)
    assert mail_of(decision).state == State.CANCELLED
    assert OutgoingMail.objects.exclude(state=State.CANCELLED).get() == mail
    standing = decisions.standing_decision(decision.draft)
    assert standing is not None
    assert (standing.kind, standing.by) == ("taken_over", ana)
    assert LedgerEntry.objects.get().route == "person"


def test_a_person_can_take_it_back_while_it_is_held(auto: Attempt, ana: User) -> None:
    decision = sent(auto)
    assert decision.outgoing is not None
    decisions.take_back(mail=decision.outgoing, by=ana)
    assert is_with_people(decision, "Taken back by ana")
    assert decisions.approve(draft=Draft.objects.get(pk=decision.draft_id), by=ana).outgoing
    with pytest.raises(AlreadyDecided):
        decisions.undo(decision=decision, by=ana)


def test_what_is_on_its_way_cannot_be_taken_back(auto: Attempt, ana: User) -> None:
    decision = sent(auto)
    assert decision.outgoing is not None
    look(decision)
    leaving()
    now = timezone.now()
    OutgoingMail.objects.update(state=State.CLAIMED, lease_until=now)
    OutgoingMail.objects.update(state=State.DOT_SENT, dot_sent_at=now)
    with pytest.raises(TooLate):
        decisions.take_back(mail=decision.outgoing, by=ana)
    assert decisions.standing_decision(decision.draft) == decision


def test_a_second_decision_on_it_says_what_happened(auto: Attempt, ana: User) -> None:
    decision = sent(auto)
    with pytest.raises(AlreadyDecided, match="The assistant decided already: Sent automatically"):
        decisions.approve(draft=decision.draft, by=ana)


def test_what_a_person_approves_after_it_was_held_back_leaves_as_a_persons(auto: Attempt, ana: User) -> None:
    decision = sent(auto)
    outbox.hold_back(mails=OutgoingMail.objects.all(), words="Just so.")
    autosend.return_held_back()
    assert is_with_people(decision, "Just so.")
    again = decisions.approve(draft=Draft.objects.get(pk=decision.draft_id), by=ana)
    assert again.outgoing is not None
    assert (again.outgoing.is_automatic, again.outgoing.queued_by) == (False, ana)


def test_a_held_back_send_is_none_of_the_ramp(shares: object) -> None:
    running_setup()
    attempt = attempt_at("ramp_10")
    sent(attempt)
    outbox.hold_back(mails=OutgoingMail.objects.all(), words="Just so.")
    autosend.return_held_back()
    autosend.return_held_back()
    attempt.refresh_from_db()
    assert attempt.step_sends == 0


def test_two_looks_at_once_are_one(auto: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    decision = sent(auto)
    first = freshness.changes

    def slow(**about: Draft) -> list[Change]:
        monkeypatch.setattr(freshness, "changes", first)
        look(decision)
        return [Change("an order", "there", "gone")]

    monkeypatch.setattr(freshness, "changes", slow)
    look(decision)
    assert decision.outgoing is not None
    decision.outgoing.refresh_from_db()
    # The second one found a change before the mail had left, and that counts.
    assert decision.outgoing.state == State.CANCELLED


def test_the_sweep_rings_for_it(auto: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    decision = sent(auto)
    monkeypatch.setattr(tasks.check_mail, "apply_async", lambda args, **_options: tasks.check_mail(*args))
    with time_machine.travel(timezone.now() + timedelta(seconds=16)):
        tasks.check_held_mail()
    assert mail_of(decision).check_at is None


def test_what_cannot_leave_for_half_an_hour_is_a_persons(auto: Attempt) -> None:
    decision = sent(auto)
    look(decision)
    OutgoingMail.objects.update(state=State.RETRY, due_at=timezone.now() + timedelta(hours=1))
    autosend.reconcile()
    assert OutgoingMail.objects.get().state == State.RETRY
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        confirm(auto.setup)
        autosend.reconcile()
    assert is_with_people(decision, "half an hour")


def test_an_admin_may_take_it_back_too(auto: Attempt) -> None:
    decision = sent(auto)
    decisions.undo(decision=decision, by=make_person("admin"))
    assert is_with_people(decision)

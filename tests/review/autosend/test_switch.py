"""The switch stops what leaves by itself, at the last moment at which nothing has left, and nothing else."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from drafting.models import Draft
from inbox import outbox
from inbox.models import OutgoingMail
from inbox.outbox import sending
from review import autosend, decisions, release
from review.autosend import NotNow, switch
from review.models import Attempt, LedgerEntry, LogEntry
from tests.drafting.factories import make_conversation, make_message
from tests.inbox.factories import make_mailbox
from tests.mailservers import SmtpServer
from tests.review.autosend.conftest import Shares
from tests.review.autosend.factories import attempt_at, mail_of, running_setup, sent
from tests.review.factories import make_person, ready_draft

State = OutgoingMail.State


@pytest.mark.django_db
def test_stopping_holds_back_what_is_queued(auto: Attempt, dana: User) -> None:
    made, _ = sent(auto), sent(auto)
    switch.stop_all(by=dana, words="A strange reply.")
    found = mail_of(made)
    assert (found.state, found.last_error) == (State.CANCELLED, "Held back. All auto-send was stopped by dana.")
    assert switch.standing().words == "A strange reply."
    assert autosend.return_held_back() == 2
    assert set(Draft.objects.values_list("state", flat=True)) == {"ready"}
    assert [(entry.act, entry.by, entry.words) for entry in LogEntry.objects.all()] == [("auto_send.stopped", dana, "A strange reply.")]


@pytest.mark.django_db
def test_stopping_twice_changes_nothing_more(dana: User) -> None:
    switch.stop_all(by=dana)
    at = switch.standing().stopped_at
    switch.stop_all(by=make_person("admin"))
    assert (switch.standing().stopped_at, switch.standing().by) == (at, dana)
    assert LogEntry.objects.count() == 1


@pytest.mark.django_db
def test_allowing_it_again_needs_a_reason(auto: Attempt, dana: User) -> None:
    switch.stop_all(by=dana)
    with pytest.raises(NotNow):
        switch.allow_again(by=dana, words=" ")
    switch.allow_again(by=dana, words="It was our own test mail.")
    assert switch.standing().stopped_at is None
    assert sent(auto).outgoing


@pytest.mark.django_db
def test_what_people_approved_still_leaves(auto: Attempt, dana: User, ana: User) -> None:
    mail = decisions.approve(draft=ready_draft(), by=ana).outgoing
    assert mail is not None
    switch.stop_all(by=dana)
    mail.refresh_from_db()
    assert mail.state == State.HELD
    with time_machine.travel(timezone.now() + timedelta(seconds=700)):
        assert outbox.release_due() == [mail.pk]


class Sender(threading.Thread):
    """Sends one mail, and stops before the final dot until it is told to go on."""

    def __init__(self, mail_id: int) -> None:
        super().__init__()
        self.mail_id, self.is_at_the_dot, self.may_go_on = mail_id, threading.Event(), threading.Event()

    def run(self) -> None:
        try:
            outbox.send(mail_id=self.mail_id)
        finally:
            connection.close()

    def pause(self) -> None:
        self.is_at_the_dot.set()
        assert self.may_go_on.wait(20)

    def go_on(self) -> None:
        self.may_go_on.set()
        self.join(20)


@pytest.fixture
def pausing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Sender]]:
    """Starts senders, and waits until they are at the dot."""
    mark, senders = sending._mark_dot_sent, dict[int, Sender]()

    def paused(mail: OutgoingMail) -> None:
        if mail.pk in senders:
            senders[mail.pk].pause()
        mark(mail)

    def start(mail_id: int) -> Sender:
        sender = senders[mail_id] = Sender(mail_id)
        sender.start()
        assert sender.is_at_the_dot.wait(20)
        return sender

    monkeypatch.setattr(sending, "_mark_dot_sent", paused)
    yield start
    for sender in senders.values():
        sender.go_on()


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_has_claimed_a_mail_does_not_hand_it_over_once_all_is_stopped(
    shares: Shares, smtp_server: SmtpServer, pausing: Callable[[int], Sender]
) -> None:
    running_setup()
    attempt, dana, ana = attempt_at("auto"), make_person("admin", "dana"), make_person("reviewer", "ana")
    mailbox = make_mailbox(smtp=smtp_server)
    message = make_message(conversation=make_conversation(mailbox=mailbox, customer_address="bob@customer.example"))
    type(message).objects.update(taken_up_at=timezone.now())
    message.refresh_from_db()
    decision = sent(attempt, message=message)
    human = ready_draft(message=make_message(conversation=make_conversation(mailbox=mailbox, customer_address="eve@customer.example")))
    own = decisions.approve(draft=human, by=ana).outgoing
    assert own is not None
    assert decision.outgoing_id is not None
    with time_machine.travel(timezone.now() + timedelta(seconds=16)):
        release.check(mail_id=decision.outgoing_id)
        assert outbox.release_due() == [decision.outgoing_id]
    sender = pausing(decision.outgoing_id)
    assert mail_of(decision).state == State.CLAIMED
    switch.stop_all(by=dana, words="Stop.")
    sender.go_on()
    assert smtp_server.accepted == []
    assert mail_of(decision).state == State.CANCELLED
    autosend.return_held_back()
    assert Draft.objects.get(pk=decision.draft_id).state == Draft.State.READY
    assert LedgerEntry.objects.get().why == LedgerEntry.Why.HELD_BACK
    with time_machine.travel(timezone.now() + timedelta(seconds=700)):
        for pk in outbox.release_due():
            outbox.send(mail_id=pk)
    assert smtp_server.recipients == ["eve@customer.example"]

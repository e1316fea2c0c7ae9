"""From an approval to the mail that leaves, or does not because something changed meanwhile."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from drafting import drafts, freshness
from drafting.errors import Unavailable
from drafting.models import Draft, Order
from inbox import outbox, smtp
from inbox.errors import Unavailable as MailServerAway
from inbox.models import Conversation, Mailbox, OutgoingMail
from review import decisions, release, tasks
from review.models import Decision
from tests.drafting.drafted import drafted
from tests.drafting.factories import make_customer, make_message, make_order
from tests.review.factories import handed_over_draft

pytestmark = pytest.mark.django_db
State = OutgoingMail.State


@pytest.fixture
def draft() -> Draft:
    """Ready to be approved; it says that the order SO-4711 is on its way."""
    make_order(make_customer("ann@customer.example"), "SO-4711")
    return drafted()


def approve(draft: Draft, by: User, text: str = "") -> OutgoingMail:
    decision = decisions.edit(draft=draft, text=text, by=by) if text else decisions.approve(draft=draft, by=by)
    assert decision.outgoing is not None
    return decision.outgoing


def after_the_undo_window(monkeypatch: pytest.MonkeyPatch, *, seconds: float = 16) -> None:
    """The sweep finds what is due and rings for it; the bell is heard."""
    monkeypatch.setattr(tasks.check_mail, "apply_async", lambda args, **_options: tasks.check_mail(*args))
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
        tasks.check_held_mail()


def leaving() -> list[int]:
    with time_machine.travel(timezone.now() + timedelta(seconds=20)):
        return outbox.release_due()


def test_an_approved_reply_leaves_once_its_facts_were_looked_up_again(draft: Draft, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = approve(draft, ana)
    assert leaving() == []
    after_the_undo_window(monkeypatch)
    mail.refresh_from_db()
    assert (mail.state, mail.check_words) == (State.HELD, release.UNCHANGED)
    assert leaving() == [mail.pk]


def test_nothing_is_looked_up_while_it_can_be_undone(draft: Draft, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = approve(draft, ana)
    after_the_undo_window(monkeypatch, seconds=5)
    mail.refresh_from_db()
    assert mail.check_at


def test_a_fact_that_changed_since_voids_the_approval(draft: Draft, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = approve(draft, ana)
    Order.objects.update(status=Order.Status.CANCELLED)
    after_the_undo_window(monkeypatch)
    mail.refresh_from_db()
    words = "Since this was approved, order SO-4711: status was shipped, is now cancelled."
    assert (mail.state, mail.last_error) == (State.CANCELLED, f"Not sent. {words}")
    assert leaving() == []
    new = Draft.objects.get(redraft_of=draft)
    assert (new.state, new.note, Draft.objects.get(pk=draft.pk).state) == ("queued", words, "superseded")
    assert decisions.standing_decision(draft) is None
    assert Conversation.objects.get(pk=draft.conversation_id).state == Conversation.State.OPEN


def test_a_fact_that_changed_while_the_mail_server_took_nothing_voids_the_approval(
    draft: Draft, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(mailbox: Mailbox) -> None:
        raise MailServerAway("TCP", f"{mailbox.smtp_host} did not answer in time.")

    monkeypatch.setattr(smtp, "connect", fail)
    mail = approve(draft, ana)
    after_the_undo_window(monkeypatch)
    OutgoingMail.objects.update(attempts=2)
    for pk in leaving():
        outbox.send(mail_id=pk)
    Order.objects.update(status=Order.Status.CANCELLED)
    after_the_undo_window(monkeypatch, seconds=16 * 60)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (State.CANCELLED, 3)
    assert "order SO-4711: status was shipped, is now cancelled" in mail.last_error


def become(mail: OutgoingMail, state: State) -> None:
    """What a sender, and the days since, have made of a mail whose check had found nothing."""
    outbox.let_go(mail=mail, words=release.UNCHANGED)
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state, dot_sent_at=timezone.now(), attempts=8)
    mail.refresh_from_db()


def assert_it_came_back(mail: OutgoingMail, draft: Draft) -> None:
    """The mail has not left, and a new draft of what it answers is on its way."""
    mail.refresh_from_db()
    words = "Since this was approved, order SO-4711: status was shipped, is now cancelled."
    assert (mail.state, mail.last_error) == (State.CANCELLED, f"Not sent. {words}")
    assert leaving() == []
    new = Draft.objects.get(redraft_of=draft)
    assert (new.state, new.note, Draft.objects.get(pk=draft.pk).state) == ("queued", words, "superseded")
    assert decisions.standing_decision(draft) is None


def test_a_fact_that_changed_since_a_mail_failed_voids_the_approval_when_a_person_tries_again(
    draft: Draft, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = approve(draft, ana)
    become(mail, State.FAILED)
    Order.objects.update(status=Order.Status.CANCELLED)
    assert decisions.retry(mail=mail, by=ana)
    assert leaving() == []
    after_the_undo_window(monkeypatch, seconds=0)
    assert_it_came_back(mail, draft)


def test_a_fact_that_changed_while_a_mail_was_in_doubt_voids_the_approval_when_it_was_not_sent(
    draft: Draft, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = approve(draft, ana)
    become(mail, State.MAYBE_SENT)
    Order.objects.update(status=Order.Status.CANCELLED)
    assert decisions.resolve(mail=mail, was_sent=False, by=ana)
    assert leaving() == []
    after_the_undo_window(monkeypatch, seconds=0)
    assert_it_came_back(mail, draft)


def test_what_is_tried_again_by_hand_leaves_at_once_where_nothing_has_changed(
    draft: Draft, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = approve(draft, ana)
    become(mail, State.FAILED)
    decisions.retry(mail=mail, by=ana)
    assert (mail.state, mail.check_words) == (State.HELD, "")
    assert "looked up again" in mail.last_error
    after_the_undo_window(monkeypatch, seconds=0)
    assert leaving() == [mail.pk]


def test_what_is_tried_again_by_hand_leaves_unchecked_where_nobody_comes_to_look(draft: Draft, ana: User, desk: Client) -> None:
    mail = approve(draft, ana)
    become(mail, State.FAILED)
    decisions.retry(mail=mail, by=ana)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert outbox.release_due() == [mail.pk]
    page = desk.get(reverse("item", args=[draft.pk])).content.decode()
    assert "It left without a second look at the facts." in page
    assert release.UNCHANGED not in page


def test_what_is_tried_again_by_hand_gives_way_to_a_customer_who_wrote_since(draft: Draft, ana: User) -> None:
    mail = approve(draft, ana)
    become(mail, State.FAILED)
    make_message("Please cancel it.", conversation=draft.conversation)
    decisions.retry(mail=mail, by=ana)
    assert (mail.state, mail.last_error) == (State.CANCELLED, outbox.OVERTAKEN)


def test_an_edited_reply_is_judged_by_what_it_says_itself(draft: Draft, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = approve(draft, ana, "Hello Ann,\n\nyour order SO-4711 over 93.10 EUR is on its way.")
    Order.objects.update(total=95)
    after_the_undo_window(monkeypatch)
    mail.refresh_from_db()
    assert mail.last_error == "Not sent. Since this was approved, order SO-4711: total was 93.10, is now 95.00."


def test_the_desk_says_why_the_mail_is_back_and_keeps_what_was_approved(
    draft: Draft, ana: User, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(draft, ana, "Hello Ann,\n\nmy own words about SO-4711.")
    Order.objects.update(status=Order.Status.CANCELLED)
    after_the_undo_window(monkeypatch)
    page = desk.get(reverse("item", args=[Draft.objects.get(redraft_of=draft).pk])).content.decode()
    assert "Since this was approved, order SO-4711: status was shipped, is now cancelled. It was not sent." in page
    assert "my own words about SO-4711" in page


def test_an_approval_stands_where_the_lookups_are_not_possible_in_time(draft: Draft, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_about: object) -> None:
        raise Unavailable("The warehouse does not answer.")

    mail = approve(draft, ana)
    monkeypatch.setattr(freshness, "changes", fail)
    after_the_undo_window(monkeypatch)
    assert leaving() == []
    with time_machine.travel(timezone.now() + timedelta(seconds=decisions.CHECK_SECONDS + 16)):
        assert outbox.release_due() == [mail.pk]
    mail.refresh_from_db()
    assert mail.check_at
    assert mail.check_words == "Not looked up again: The warehouse does not answer."


def test_an_approval_stands_where_nobody_comes_to_look(draft: Draft, ana: User, desk: Client) -> None:
    mail = approve(draft, ana)
    with time_machine.travel(timezone.now() + timedelta(seconds=decisions.CHECK_SECONDS + 16)):
        assert outbox.release_due() == [mail.pk]
    assert "It left without a second look at the facts." in desk.get(reverse("item", args=[draft.pk])).content.decode()


def test_a_reply_by_hand_waits_for_nothing_but_the_undo_window(ana: User) -> None:
    draft = handed_over_draft()
    decisions.take_over(draft=draft, by=ana)
    mail = decisions.reply(draft=draft, text="Hello Ann", by=ana).outgoing
    assert mail is not None
    assert leaving() == [mail.pk]


def test_a_reply_by_hand_that_failed_is_tried_again_at_once(ana: User) -> None:
    draft = handed_over_draft()
    decisions.take_over(draft=draft, by=ana)
    mail = decisions.reply(draft=draft, text="Hello Ann", by=ana).outgoing
    assert mail is not None
    OutgoingMail.objects.update(state=State.FAILED)
    decisions.retry(mail=mail, by=ana)
    assert (mail.state, mail.check_at) == (State.READY, None)
    assert outbox.release_due() == [mail.pk]


def test_an_approval_that_was_undone_is_left_alone(draft: Draft, ana: User) -> None:
    mail = approve(draft, ana)
    decisions.undo(decision=Decision.objects.get(), by=ana)
    Order.objects.update(status=Order.Status.CANCELLED)
    release.check(mail_id=mail.pk)
    assert Draft.objects.get().state == "ready"


def test_a_mail_that_left_meanwhile_is_not_voided(draft: Draft, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = approve(draft, ana)

    def leave_meanwhile(**_about: object) -> list[freshness.Change]:
        OutgoingMail.objects.update(state=State.SENT, sent_at=timezone.now())
        return [freshness.Change("order SO-4711: status", "shipped", "cancelled")]

    monkeypatch.setattr(freshness, "changes", leave_meanwhile)
    release.check(mail_id=mail.pk)
    assert (OutgoingMail.objects.get().state, decisions.standing_decision(draft) is not None) == (State.SENT, True)


def test_a_customer_who_writes_again_meanwhile_gets_one_draft(draft: Draft, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = approve(draft, ana)
    message = make_message("Please cancel it.", conversation=draft.conversation)
    outbox.heard_of(mailbox=message.mailbox, messages=[message])
    drafts.take_up(message=message)
    Order.objects.update(status=Order.Status.CANCELLED)
    after_the_undo_window(monkeypatch)
    mail.refresh_from_db()
    assert mail.state == State.CANCELLED
    assert [each.message for each in Draft.objects.filter(state=Draft.State.QUEUED)] == [message]

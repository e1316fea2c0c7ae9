"""Caps: how much may leave by itself, whatever was proven."""

from datetime import timedelta

import pytest
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Mailbox, OutgoingMail
from review import autosend
from review.autosend import caps
from review.models import Attempt, Decision, LedgerEntry
from tests.drafting.factories import make_conversation, make_mailbox, make_message
from tests.review.autosend.factories import eligible, mail_of, make_terms, sent

pytestmark = pytest.mark.django_db
Why = LedgerEntry.Why


def draft_for(attempt: Attempt, address: str = "ann@customer.example", *, mailbox: Mailbox | None = None) -> Draft:
    talk = make_conversation(mailbox=mailbox or make_mailbox(), customer_address=address)
    message = make_message(conversation=talk)
    type(message).objects.filter(pk=message.pk).update(taken_up_at=timezone.now())
    return eligible(attempt, message=type(message).objects.get(pk=message.pk))


def why(draft: Draft) -> str:
    entry = autosend.route(draft_id=draft.pk)
    assert entry is not None
    return entry.why


def left_before(decision: Decision, *, hours: float = 1, number: int = 1, recipient: str = "") -> None:
    """As many mails like that one left by themselves so long ago."""
    like = mail_of(decision)
    at = timezone.now() - timedelta(hours=hours)
    for place in range(number):
        made = OutgoingMail.objects.create(
            mailbox=like.mailbox,
            conversation=make_conversation(mailbox=like.mailbox),
            in_reply_to=like.in_reply_to,
            message_id=f"{like.message_id}-{place}",
            recipient=recipient or like.recipient,
            subject="",
            body="",
            mime=b"",
            is_automatic=True,
            due_at=at,
            check_at=at,
        )
        OutgoingMail.objects.filter(pk=made.pk).update(created_at=at)


def test_one_a_day_in_a_conversation(auto: Attempt) -> None:
    decision = sent(auto)
    OutgoingMail.objects.filter(decision=decision).update(created_at=timezone.now() - timedelta(hours=23))
    message = make_message("Thank you. And?", conversation=decision.draft.conversation)
    type(message).objects.filter(pk=message.pk).update(taken_up_at=timezone.now())
    message.refresh_from_db()
    assert why(eligible(auto, message=message)) == Why.CAP
    auto.refresh_from_db()
    assert auto.state == "auto"


def test_three_a_day_to_a_sender(auto: Attempt) -> None:
    box = make_mailbox()
    assert [why(draft_for(auto, mailbox=box)) for _ in range(4)] == [Why.CHOSEN] * 3 + [Why.CAP]
    assert why(draft_for(auto, "ANN@customer.example", mailbox=box)) == Why.CAP
    assert why(draft_for(auto, "eve@customer.example", mailbox=box)) == Why.CHOSEN
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert why(draft_for(auto, mailbox=box)) == Why.CHOSEN


def test_a_sender_who_writes_to_many_mailboxes_has_three_a_day_in_all(auto: Attempt) -> None:
    assert [why(draft_for(auto)) for _ in range(4)] == [Why.CHOSEN] * 3 + [Why.CAP]


def test_what_was_held_back_leaves_room(auto: Attempt) -> None:
    box = make_mailbox()
    for _ in range(3):
        why(draft_for(auto, mailbox=box))
    OutgoingMail.objects.filter(pk=OutgoingMail.objects.order_by("-pk")[0].pk).update(state="cancelled")
    assert why(draft_for(auto, mailbox=box)) == Why.CHOSEN


def test_twenty_a_day_to_a_domain(auto: Attempt) -> None:
    decision = sent(auto)
    assert decision.outgoing is not None
    domain = decision.outgoing.recipient.rpartition("@")[2]
    left_before(decision, number=18, recipient=f"SOMEBODY@{domain.upper()}")
    assert why(draft_for(auto, f"bob@{domain}", mailbox=decision.outgoing.mailbox)) == Why.CHOSEN
    assert why(draft_for(auto, f"eve@{domain}")) == Why.CAP
    assert why(draft_for(auto, f"eve@other-{domain}", mailbox=decision.outgoing.mailbox)) == Why.CHOSEN


def test_a_provider_where_everybody_has_an_address_is_no_domain_of_one_customer(auto: Attempt) -> None:
    decision = sent(auto)
    assert decision.outgoing is not None
    left_before(decision, number=25, recipient="somebody@gmail.com")
    assert why(draft_for(auto, "bob@gmail.com", mailbox=decision.outgoing.mailbox)) == Why.CHOSEN


def test_its_daily_cap_suspends_the_category(auto: Attempt) -> None:
    make_terms(auto.category, daily_cap=2)
    assert [why(eligible(auto)) for _ in range(3)] == [Why.CHOSEN, Why.CHOSEN, Why.CAP]
    auto.refresh_from_db()
    assert (auto.state, auto.cause) == ("suspended", "cap")
    assert why(eligible(auto)) == Why.SUSPENDED


def test_a_burst_from_one_mailbox_suspends_the_category(auto: Attempt) -> None:
    decision = sent(auto)
    assert decision.outgoing is not None
    left_before(decision, hours=0.01, number=29)
    assert why(draft_for(auto, "eve@elsewhere.example", mailbox=decision.outgoing.mailbox)) == Why.CAP
    auto.refresh_from_db()
    assert (auto.state, auto.cause) == ("suspended", "cap")


def test_five_hundred_a_day_from_a_mailbox(auto: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps, "FROM_MAILBOX", 3)
    box = make_mailbox()
    assert [why(draft_for(auto, f"eve@number{place}.example", mailbox=box)) for place in range(4)] == [Why.CHOSEN] * 3 + [Why.CAP]
    assert why(draft_for(auto, "eve@elsewhere.example")) == Why.CHOSEN

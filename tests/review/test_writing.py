"""What people type is kept until it is sent, and comes back when it is not; slots of templates are filled or refused."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from drafting.models import Draft
from inbox.models import OutgoingMail
from review import decisions, writing
from review.errors import CannotSend
from review.models import Decision, Writing
from tests.review.factories import handed_over_draft, ready_draft

pytestmark = pytest.mark.django_db


def kept(draft: Draft, by: User) -> str | None:
    """What is kept for `by` in the draft's conversation."""
    found = writing.unsent(by=by, conversation=draft.conversation)
    return found.text if found else None


def type_text(draft: Draft, by: User, text: str, box: str = "a box") -> None:
    writing.keep(by=by, conversation=draft.conversation, box=box, text=text)


def test_the_last_that_was_typed_is_kept_for_each_person(ana: User, ben: User) -> None:
    draft = ready_draft()
    for text in ("Dear", "Dear Ann"):
        type_text(draft, ana, text)
    type_text(draft, ben, "Hello")
    assert (kept(draft, ana), kept(draft, ben)) == ("Dear Ann", "Hello")


def test_what_was_sent_is_not_kept(ana: User) -> None:
    draft = ready_draft()
    type_text(draft, ana, "Dear Ann,")
    decisions.edit(draft=draft, text="Dear Ann, it is on its way.", by=ana, box="a box")
    assert kept(draft, ana) is None


def test_what_comes_late_from_a_box_that_was_sent_is_dropped(ana: User) -> None:
    draft = ready_draft()
    decisions.edit(draft=draft, text="Dear Ann, it is on its way.", by=ana, box="a box")
    type_text(draft, ana, "Dear Ann, it is on")
    assert kept(draft, ana) is None
    type_text(draft, ana, "One more thing", box="another box")
    assert kept(draft, ana) == "One more thing"


def test_a_reply_that_is_undone_is_unsent_again(ana: User, ben: User) -> None:
    draft = ready_draft()
    decision = decisions.edit(draft=draft, text="My own words.", by=ana)
    decisions.undo(decision=decision, by=ben)
    assert kept(draft, ana) == "My own words."


def test_a_reply_that_the_customer_overtook_is_unsent_again(ana: User) -> None:
    draft = ready_draft()
    decisions.edit(draft=draft, text="My own words.", by=ana)
    OutgoingMail.objects.update(state=OutgoingMail.State.CANCELLED)
    assert kept(draft, ana) == "My own words."


def test_an_approval_keeps_no_text(ana: User) -> None:
    draft = ready_draft()
    decisions.undo(decision=decisions.approve(draft=draft, by=ana), by=ana)
    assert not Writing.objects.exists()


def test_texts_that_were_sent_are_swept_in_the_end(ana: User) -> None:
    draft, other = ready_draft(), ready_draft()
    decisions.edit(draft=draft, text="My own words.", by=ana)
    type_text(other, ana, "Not sent yet")
    now = timezone.now()
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT, sent_at=now)
    assert writing.sweep() == 0
    Writing.objects.update(at=now - timedelta(days=2))
    assert writing.sweep() == 1
    assert kept(other, ana) == "Not sent yet"


@pytest.mark.parametrize("verb", ["approve", "edit", "reply"])
def test_nothing_leaves_with_an_open_slot(verb: str, ana: User) -> None:
    text = "Your order {order:id} arrives on {day:date}."
    draft = handed_over_draft() if verb == "reply" else ready_draft(body=text if verb == "approve" else "Hello.")
    if verb == "reply":
        decisions.take_over(draft=draft, by=ana)
    with pytest.raises(CannotSend, match=r"{order:id} and {day:date} are still open"):
        getattr(decisions, verb)(draft=draft, by=ana, **({} if verb == "approve" else {"text": text}))
    assert not OutgoingMail.objects.exists()


def test_braces_that_are_no_slot_are_text(ana: User) -> None:
    assert decisions.edit(draft=ready_draft(), text="Type {} or {12%}.", by=ana).kind == Decision.Kind.EDITED


def test_a_slot_is_filled_where_one_value_is_known_that_it_takes() -> None:
    known = {"order number": frozenset({"SO-1007"}), "day": frozenset({"2026-11-02"}), "sku": frozenset({"B-1", "B-2"})}
    template = "Order {order_number:id} left on {Day:date} with {sku:id}; {day:amount} {customer}."
    assert writing.fill(template, known) == "Order SO-1007 left on 2026-11-02 with {sku:id}; {day:amount} {customer}."

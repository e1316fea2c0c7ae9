"""Mail on its way."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from drafting.models import Draft
from inbox.models import OutgoingMail
from review import decisions
from tests.review.factories import make_outgoing, ready_draft


@pytest.mark.parametrize("state", OutgoingMail.State.values)
def test_every_state_is_shown_in_words(state: str, desk: Client, ana: User) -> None:
    make_outgoing(by=ana, state=state, lease_until="2030-01-01T00:00Z" if state in {"claimed", "dot_sent"} else None)
    assert OutgoingMail.State(state).label in desk.get("/outgoing/").content.decode()


def test_what_is_stuck_comes_first_and_is_a_problem_on_every_page(desk: Client, ana: User) -> None:
    make_outgoing(by=ana, state="failed", last_error="550 no such user")
    make_outgoing(by=ana, state="sent")
    make_outgoing(by=ana, state="held")
    page = desk.get("/outgoing/").content.decode()
    assert page.index("550 no such user") < page.index('">Held (can') < page.index('">Sent</span>')
    assert "1 reply could not be sent" in desk.get("/queue/").content.decode()


def test_cancelling_a_held_mail_offers_its_draft_again(desk: Client, ana: User) -> None:
    draft = ready_draft()
    mail = decisions.approve(draft=draft, by=ana).outgoing
    assert mail is not None
    answer = desk.post(f"/outgoing/{mail.pk}/cancel/", follow=True)
    assert "Nothing was sent" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == Draft.State.READY
    assert OutgoingMail.objects.get().state == OutgoingMail.State.CANCELLED


def test_cancelling_comes_too_late_in_words(desk: Client, ana: User) -> None:
    mail = decisions.approve(draft=ready_draft(), by=ana).outgoing
    assert mail is not None
    OutgoingMail.objects.update(state="sent", sent_at=mail.created_at)
    assert "Too late" in desk.post(f"/outgoing/{mail.pk}/cancel/", follow=True).content.decode()


def test_a_failed_mail_is_tried_again_once(desk: Client, ana: User) -> None:
    mail = make_outgoing(by=ana, state="failed")
    desk.post(f"/outgoing/{mail.pk}/retry/")
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.READY
    again = desk.post(f"/outgoing/{mail.pk}/retry/", follow=True)
    assert "flash-error" in again.content.decode()


@pytest.mark.parametrize(("said", "state"), [("yes", "sent"), ("no", "ready")])
def test_a_person_says_what_became_of_a_mail(said: str, state: str, desk: Client, ana: User) -> None:
    mail = make_outgoing(by=ana, state="maybe_sent")
    desk.post(f"/outgoing/{mail.pk}/resolve/", {"was_sent": said})
    mail.refresh_from_db()
    assert mail.state == state


def test_saying_nothing_about_a_mail_changes_nothing(desk: Client, ana: User) -> None:
    mail = make_outgoing(by=ana, state="maybe_sent")
    assert desk.post(f"/outgoing/{mail.pk}/resolve/").status_code == 400
    mail.refresh_from_db()
    assert mail.state == "maybe_sent"


def test_a_mail_without_a_decision_is_cancelled_too(desk: Client, ana: User) -> None:
    mail = make_outgoing(by=ana, state="held")
    desk.post(f"/outgoing/{mail.pk}/cancel/")
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.CANCELLED

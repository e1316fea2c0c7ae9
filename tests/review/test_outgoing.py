"""Mail on its way."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Conversation, OutgoingMail
from review import decisions
from review.desk import outgoing
from review.desk.outgoing import SETTLED
from review.models import Profile
from tests.drafting.factories import make_mailbox, make_message
from tests.review.factories import attach_upload, make_outgoing, make_person, ready_draft


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


def test_a_reply_that_was_often_tried_in_vain_is_a_problem_on_every_page(desk: Client, ana: User) -> None:
    make_outgoing(by=ana, state="retry", attempts=2, last_error="login: smtp.shop.example said: 535 wrong password")
    assert "waits for its mail server" not in desk.get("/queue/").content.decode()
    make_outgoing(by=ana, state="retry", attempts=3, last_error="login: smtp.shop.example said: 535 wrong password")
    page = desk.get("/queue/").content.decode()
    assert "1 reply waits for its mail server" in page
    assert "535 wrong password" in page


def soon() -> datetime:
    """After a mail that is made now."""
    return timezone.now() + timedelta(minutes=1)


@pytest.mark.parametrize(("is_hard", "said"), [(True, "Correct the address"), (False, "may work later"), (None, "probably came back")])
def test_a_reply_that_came_back_is_above_what_is_done_once_and_a_problem_on_every_page(
    is_hard: bool | None, said: str, desk: Client, ana: User
) -> None:
    make_outgoing(by=ana, subject="It bounced", bounced_at=soon(), bounce_is_hard=is_hard, last_error="It came back: nobody there.")
    make_outgoing(by=ana, subject="It arrived")
    page = desk.get("/outgoing/").content.decode()
    assert page.index("Came back</h2>") < page.index("It bounced") < page.index(said) < page.index("Done</h2>") < page.index("It arrived")
    assert page.count("It bounced") == 1
    assert "1 reply came back" in desk.get("/queue/").content.decode()


def test_a_reply_that_came_back_is_no_problem_once_its_conversation_is_closed_but_still_told(desk: Client, ana: User) -> None:
    mail = make_outgoing(by=ana, bounced_at=soon(), bounce_is_hard=True)
    Conversation.objects.filter(pk=mail.conversation_id).update(state=Conversation.State.CLOSED)
    assert "reply came back" not in desk.get("/queue/").content.decode()
    assert rows_of(desk, state="bounced") == rows_of(desk) == [mail.subject]
    assert "Came back" in desk.get("/outgoing/").content.decode()


def test_a_reply_of_another_mailbox_that_came_back_is_not_told(ana: User) -> None:
    make_outgoing(by=ana, bounced_at=soon())
    limited, client = make_person(), Client()
    Profile.objects.create(user=limited, is_limited=True)
    client.force_login(limited)
    assert "reply came back" not in client.get("/queue/").content.decode()


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


@pytest.mark.parametrize(("state", "act", "said"), [("failed", "retry", {}), ("maybe_sent", "resolve", {"was_sent": "no"})])
def test_what_was_looked_at_is_looked_at_again_before_it_is_sent_again(
    state: str, act: str, said: dict[str, str], desk: Client, ana: User
) -> None:
    mail = make_outgoing(by=ana, state=state, check_words="Looked up again: nothing had changed.")
    answer = desk.post(f"/outgoing/{mail.pk}/{act}/", said, follow=True).content.decode()
    assert "It is sent again once its facts were looked up again." in answer
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.HELD


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


def rows_of(desk: Client, **asked: str) -> list[str]:
    return [row.subject for section in desk.get("/outgoing/", asked).context["listing"].sections for row in section.rows]


def test_mails_are_filtered_by_state_mailbox_person_day_and_words(desk: Client, ana: User, ben: User) -> None:
    first = make_outgoing(by=ana, state="sent", subject="A pump", body="The gasket is on its way.", recipient="greta@customer.example")
    make_outgoing(by=ben, state="failed", subject="A valve", message=make_message(mailbox=make_mailbox()))
    assert rows_of(desk, state="stuck") == ["A valve"]
    assert rows_of(desk, mailbox=str(first.mailbox_id)) == ["A pump"]
    assert rows_of(desk, person=str(ben.pk)) == ["A valve"]
    assert rows_of(desk, q="gasket") == rows_of(desk, q="greta@customer.example") == ["A pump"]
    assert rows_of(desk, q="bicycle") == []
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert sorted(rows_of(desk, since=today, until=today)) == ["A pump", "A valve"]
    assert rows_of(desk, until="2020-01-01") == []


def test_a_word_that_is_in_most_mails_is_found_in_the_newest(desk: Client, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.desk.outgoing_filters.RARE", 2)
    for number in range(5):
        make_outgoing(by=ana, state="sent", subject=f"Mail {number}", body="Kind regards")
    assert len(rows_of(desk, q="regards")) == 5


def test_done_mails_are_paged_each_once_and_ask_little(desk: Client, ana: User, django_assert_max_num_queries: Any) -> None:
    message = make_message()
    for number in range(120):
        make_outgoing(by=ana, message=message, state="sent", subject=f"Mail {number:03}")
    make_outgoing(by=ana, message=message, state="held", subject="Held one")
    OutgoingMail.objects.update(created_at=timezone.now())
    seen, address = [], "/outgoing/"
    while address:
        with django_assert_max_num_queries(12):
            answer = desk.get(address)
        assert len(answer.content) < 60_000
        listing = answer.context["listing"]
        seen += [row.subject for section in listing.sections for row in section.rows]
        address = listing.older_url
    assert sorted(seen) == ["Held one", *(f"Mail {number:03}" for number in range(120))]


def test_a_held_mail_says_when_it_leaves_and_can_be_cancelled(desk: Client, ana: User) -> None:
    mail = make_outgoing(by=ana, state="held", due_at=timezone.now() + timedelta(seconds=14))
    page = desk.get("/outgoing/").content.decode()
    assert re.search(r'<span data-left="1\d">leaves in 1\d s</span>', page)
    assert f"/outgoing/{mail.pk}/cancel/" in page


def test_a_mail_that_is_looked_at_before_it_leaves_says_when_that_is(desk: Client, ana: User) -> None:
    now = timezone.now()
    make_outgoing(by=ana, state="held", check_at=now + timedelta(seconds=9), due_at=now + timedelta(minutes=10))
    [section] = desk.get("/outgoing/").context["listing"].sections
    assert 0 < section.rows[0].left <= 9


def test_each_choice_about_a_mail_that_was_maybe_sent_says_what_it_does(desk: Client, ana: User) -> None:
    make_outgoing(by=ana, state="maybe_sent")
    page = desk.get("/outgoing/").content.decode()
    assert "Nothing leaves again" in page
    assert "the customer gets it twice" in page


def test_the_page_of_a_mail_has_its_frozen_text_its_files_and_what_went_wrong(desk: Client, ana: User) -> None:
    draft = ready_draft()
    upload = attach_upload(by=ana, conversation=draft.conversation, name="Invoice 7.pdf")
    decisions.take_over(draft=draft, by=ana)
    mail = decisions.reply(draft=draft, text="See the file.", files=[upload], by=ana).outgoing
    assert mail is not None
    OutgoingMail.objects.update(state="failed", attempts=3, last_error="550 no such user")
    page = desk.get(f"/outgoing/{mail.pk}/").content.decode()
    said = [
        "See the file.",
        "Invoice 7.pdf",
        "550 no such user",
        "Ana Sol took over and replied",
        f"/conversations/{mail.conversation_id}/",
    ]
    assert [words for words in said if words not in page] == []
    assert "Where is my order?" in page, "the quote is part of what was frozen"


def test_mails_of_other_mailboxes_are_not_shown(ana: User) -> None:
    mail = make_outgoing(by=ana, subject="Behind a door")
    limited = make_person()
    Profile.objects.create(user=limited, is_limited=True)
    client = Client()
    client.force_login(limited)
    assert "Behind a door" not in client.get("/outgoing/").content.decode()
    assert client.get(f"/outgoing/{mail.pk}/").status_code == 404


@pytest.mark.parametrize("query", ["state=x", "mailbox=²", "since=2026-99-99", "before=x&id=1", "q=%00", "person=9999999999999999999999"])
def test_an_address_that_makes_no_sense_shows_the_page(query: str, desk: Client) -> None:
    assert desk.get(f"/outgoing/?{query}").status_code == 200


def test_only_what_nobody_has_seen_to_says_how_it_is_done(desk: Client, ana: User) -> None:
    mail = make_outgoing(by=ana, bounced_at=soon(), bounce_is_hard=True)
    pages = ("/outgoing/", f"/outgoing/{mail.pk}/")
    assert [SETTLED in desk.get(page).content.decode() for page in pages] == [True, True]
    Conversation.objects.filter(pk=mail.conversation_id).update(state=Conversation.State.CLOSED)
    assert [SETTLED in desk.get(page).content.decode() for page in pages] == [False, False]


def test_what_came_back_is_never_among_what_is_done(desk: Client, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "STEP", 2)
    for number in range(6):
        make_outgoing(by=ana, subject=f"Arrived {number}")
        make_outgoing(by=ana, subject=f"Back {number}", bounced_at=soon(), bounce_is_hard=True)
    seen: list[str] = []
    address = "/outgoing/"
    while address:
        listing = desk.get(address).context["listing"]
        seen += [row.subject for section in listing.sections if section.title == "Done" for row in section.rows]
        address = listing.older_url
    assert seen == [f"Arrived {number}" for number in (5, 4, 3, 2, 1, 0)]

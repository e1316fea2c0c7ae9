"""The page of second looks."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from inbox.models import OutgoingMail
from review import decisions, team
from review.models import SecondLook
from review.permissions import Role
from tests.drafting.factories import make_mailbox, make_message
from tests.review.factories import BODY, make_outgoing, ready_draft

HTMX = {"HX-Request": "true"}


def ask_for(first: User, *, unsafe: bool = False, text: str = "A text that tells the verdict.") -> SecondLook:
    """A draft that a reviewer edited, and that waits for a second look."""
    draft = ready_draft()
    decisions.edit(draft=draft, text=text, by=first)
    return SecondLook.objects.create(draft=draft, first=first, first_unsafe=unsafe, asked_at=timezone.now())


@pytest.fixture
def look(ben: User) -> SecondLook:
    """A draft that Ben found safe."""
    return ask_for(ben)


def answer(client: Client, look: SecondLook, verdict: str, words: str = "", **headers: str) -> Any:
    """Answer as people do."""
    return client.post(f"/second-looks/{look.pk}/answer/", {"verdict": verdict, "words": words}, follow=True, headers=headers)


def test_the_queue_says_that_some_wait(desk: Client, look: SecondLook, ana: User) -> None:
    assert "1 second look waits" in " ".join(desk.get("/queue/").content.decode().split()).replace("</a>", "")
    ask_for(ana)
    assert "1 second look waits" in desk.get("/queue/").content.decode()
    SecondLook.objects.all().delete()
    assert "second look" not in desk.get("/queue/").content.decode()


def test_the_draft_is_seen_with_its_mail_and_evidence(desk: Client, look: SecondLook) -> None:
    page = desk.get("/second-looks/").content.decode()
    for words in ["Where is my order?", "left our warehouse on", "Shipped on", "2 Nov 2026", "I would have sent it as it stands"]:
        assert words in page


def test_nothing_tells_what_the_first_reviewer_did(desk: Client, look: SecondLook) -> None:
    later = timezone.now() + timedelta(hours=1)
    make_message("And then the customer wrote again.", conversation=look.draft.conversation, received_at=later)
    page = desk.get("/second-looks/").content.decode()
    for told in ["A text that tells the verdict.", "Ben Orr", "Edited", "wrote again", f"/conversations/{look.draft.conversation_id}/"]:
        assert told not in page


def test_what_was_sent_before_is_seen(desk: Client, look: SecondLook, ben: User) -> None:
    mail = make_outgoing(by=ben, message=look.draft.message, body="We said this last week.")
    type(mail).objects.filter(pk=mail.pk).update(created_at=look.draft.message.received_at - timedelta(days=7))
    assert "We said this last week." in desk.get("/second-looks/").content.decode()


@pytest.mark.parametrize(
    ("first_unsafe", "verdict", "told"),
    [
        (False, "right", "saw it the same way: it was right to send it."),
        (False, "wording", "saw it the same way: it was right to send it."),
        (False, "wrong", "It counts as unsafe now"),
        (True, "wrong", "saw it the same way: it should not have left so."),
        (True, "right", "It stays unsafe."),
    ],
)
def test_the_answer_tells_whether_both_agree(first_unsafe: bool, verdict: str, told: str, desk: Client, ben: User) -> None:
    look = ask_for(ben, unsafe=first_unsafe)
    page = answer(desk, look, verdict, "The date is wrong.").content.decode()
    look.refresh_from_db()
    assert (look.by and look.by.username, look.unsafe) == ("ana", verdict == "wrong")
    assert told in page
    assert "No second look waits" in page


def test_with_scripts_the_next_one_comes_at_once(desk: Client, look: SecondLook, ben: User) -> None:
    ask_for(ben)
    page = answer(desk, look, "right", **HTMX).content.decode()
    assert page.startswith('<section id="item"')
    assert "saw it the same way" in page
    assert "1 waiting" in page


def test_whoever_finds_it_wrong_says_what_is_wrong(desk: Client, look: SecondLook) -> None:
    page = answer(desk, look, "wrong", " ")
    assert page.status_code == 422
    assert "Say in a few words what is wrong with the draft." in page.content.decode()
    look.refresh_from_db()
    assert look.answered_at is None


def test_somebody_may_have_been_faster(desk: Client, look: SecondLook, ana: User) -> None:
    answer(desk, look, "right")
    assert "Somebody was faster" in answer(desk, look, "wrong", "Oh.").content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_words_of_who_came_too_late_are_given_back_with_where_to_say_them(
    desk: Client, look: SecondLook, ben: User, headers: dict[str, str]
) -> None:
    OutgoingMail.objects.update(state="sent", sent_at=timezone.now())
    ask_for(ben)
    answer(desk, look, "right")
    page = answer(desk, look, "wrong", "The price is last year's.", **headers)
    said = page.content.decode()
    mail = look.draft.decisions.get().outgoing_id
    assert page.status_code == 422
    assert 'note-amber" role="alert"' in said and "note-green" not in said
    assert "What you wrote was not kept" in said and "The price is last year&#x27;s.</textarea>" in said
    assert f'href="/outgoing/{mail}/#wrong"' in said
    assert "I would have sent it as it stands" in said


def test_the_button_for_wrong_is_for_every_screen(desk: Client, look: SecondLook) -> None:
    page = desk.get("/second-looks/").content.decode()
    assert '<a class="button stays" href="#reject"' in page
    assert "on-phone" not in page


def test_nonsense_is_no_answer(desk: Client, look: SecondLook) -> None:
    assert answer(desk, look, "perhaps").status_code == 400


def test_nobody_looks_at_their_own_decision_or_into_other_mailboxes(desk: Client, look: SecondLook, ana: User) -> None:
    own = ask_for(ana)
    assert "This draft is for somebody else to look at." in answer(desk, own, "right").content.decode()
    team.give(person=ana, roles=[Role.REVIEWER], mailboxes=[make_mailbox()])
    assert answer(desk, look, "right").status_code == 404


def test_the_page_asks_little(desk: Client, look: SecondLook, django_assert_max_num_queries: Any) -> None:
    desk.get("/second-looks/")
    with django_assert_max_num_queries(12):
        page = desk.get("/second-looks/")
    assert len(page.content) < 60_000
    assert BODY.split("\n")[0] in page.content.decode()

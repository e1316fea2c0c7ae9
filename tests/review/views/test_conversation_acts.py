"""The addresses for what people do with conversations beside deciding."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Conversation
from review import claims, conversation_acts, team
from review.models import Note
from review.permissions import Role
from tests.drafting.factories import make_mailbox, make_message
from tests.review.factories import make_person, ready_draft

HTMX = {"HX-Request": "true"}
State = Conversation.State


def talk_of(draft: Draft) -> Conversation:
    return Conversation.objects.get(pk=draft.conversation_id)


def url(verb: str, draft: Draft) -> str:
    return f"/conversations/{verb}/?conversation={draft.conversation_id}&draft={draft.pk}"


def test_after_snoozing_the_next_item_opens_and_the_way_back_is_offered(desk: Client) -> None:
    first, second = ready_draft(), ready_draft()
    answer = desk.post(url("snooze", first), {"until": "hour"}, headers=HTMX)
    assert answer["HX-Push-Url"] == f"/queue/{second.pk}/"
    page = answer.content.decode()
    assert "Snoozed until" in page
    assert f'id="row-{first.pk}"' not in page
    assert f'<input type="hidden" name="conversation" value="{first.conversation_id}">' in page
    back = desk.post(f"/conversations/wake/?draft={first.pk}", {"conversation": [first.conversation_id]}, headers=HTMX)
    assert back["HX-Push-Url"] == f"/queue/{first.pk}/"
    assert talk_of(first).state == State.OPEN


def test_what_is_snoozed_has_a_filter_of_its_own(desk: Client, ana: User) -> None:
    draft = ready_draft(message=make_message(from_name="Greta"))
    until = timezone.now() + timedelta(hours=2)
    conversation_acts.snooze(conversation=draft.conversation, until=until, by=ana)
    assert "Greta" not in desk.get("/queue/rows/").content.decode()
    page = desk.get("/queue/?snoozed=1").content.decode()
    assert "Greta" in page
    assert "until " in page
    item = desk.get(f"/queue/{draft.pk}/?snoozed=1").content.decode()
    assert "Snoozed until" in item
    assert "Bring back" in item


def test_without_scripts_snoozing_leads_on_and_says_so(desk: Client) -> None:
    first, second = ready_draft(), ready_draft()
    answer = desk.post(url("snooze", first), {"until": "tomorrow"}, follow=True)
    assert answer.redirect_chain == [(f"/queue/{second.pk}/", 302)]
    assert "Snoozed until" in answer.content.decode()


@pytest.mark.parametrize("values", [{}, {"until": "at", "at": "2020-01-01T00:00"}, {"until": "at", "at": "x"}])
def test_a_moment_that_makes_no_sense_is_refused_and_nothing_moves(values: dict[str, str], desk: Client) -> None:
    draft = ready_draft()
    answer = desk.post(url("snooze", draft), values, headers=HTMX)
    assert (answer.status_code, answer["HX-Reswap"]) == (422, "none")
    assert 'id="toast" class="toasts" hx-swap-oob="afterbegin"' in answer.content.decode()
    assert desk.post(url("snooze", draft), values).status_code == 422
    assert talk_of(draft).state == State.OPEN


def test_what_a_colleague_was_given_is_shown_and_passed_by(desk: Client, ben: User) -> None:
    first, second, third = ready_draft(), ready_draft(), ready_draft()
    answer = desk.post(url("assign", second), {"to": ben.pk}, headers=HTMX)
    assert "Assigned to Ben Orr." in answer.content.decode()
    assert "for Ben Orr" in desk.get("/queue/rows/").content.decode()
    assert desk.post(f"/queue/{first.pk}/approve/", headers=HTMX)["HX-Push-Url"] == f"/queue/{third.pk}/"
    assert "/approve/" in desk.get(f"/queue/{second.pk}/").content.decode()


def test_assigning_to_oneself_stays_on_the_item_and_can_be_undone(desk: Client, ana: User, ben: User) -> None:
    draft = ready_draft()
    conversation_acts.assign(conversation=draft.conversation, to=ben, by=ben)
    answer = desk.post(url("assign", draft), {"to": ana.pk}, headers=HTMX)
    assert answer["HX-Push-Url"] == f"/queue/{draft.pk}/"
    assert f'<input type="hidden" name="to" value="{ben.pk}">' in answer.content.decode()
    desk.post(url("assign", draft), {"to": ""}, headers=HTMX)
    assert talk_of(draft).assigned_to is None


@pytest.mark.parametrize("to", ["0", "x", "999999"])
def test_nobody_is_assigned_to_who_is_not_there(to: str, desk: Client) -> None:
    draft = ready_draft()
    assert desk.post(url("assign", draft), {"to": to}, headers=HTMX).status_code == 422


def test_who_may_not_answer_is_refused_in_words(desk: Client) -> None:
    draft = ready_draft()
    manager = make_person("manager", first_name="Max")
    assert "Max may not answer mail of this mailbox" in desk.post(url("assign", draft), {"to": manager.pk}, headers=HTMX).content.decode()
    assert talk_of(draft).assigned_to is None


def test_a_note_stands_in_its_place_and_the_item_stays(desk: Client, ana: User) -> None:
    draft = ready_draft()
    answer = desk.post(url("note", draft), {"note": "Call him <first>."}, headers=HTMX)
    page = answer.content.decode()
    assert page.startswith('<article id="talk"')
    assert "Call him &lt;first&gt;." in page
    make_message("One more thing.", conversation=draft.conversation, received_at=timezone.now() + timedelta(minutes=1))
    page = desk.get(f"/queue/{draft.pk}/").content.decode()
    assert page.index("Where is my order") < page.index("Call him") < page.index("One more thing")
    assert 'title="Notes"' in page
    assert Note.objects.get().by == ana


def test_an_empty_note_is_refused_and_what_was_typed_is_kept(desk: Client) -> None:
    draft = ready_draft()
    assert desk.post(url("note", draft), {"note": " "}, headers=HTMX).status_code == 422
    answer = desk.post(url("note", draft), {"note": "x" * 5001})
    assert answer.status_code == 422
    assert "x" * 5001 in answer.content.decode()
    assert not Note.objects.exists()


def test_several_are_snoozed_at_once_and_what_a_colleague_is_on_is_left(desk: Client, ben: User) -> None:
    drafts = [ready_draft() for _ in range(3)]
    claims.claim(draft=drafts[1], by=ben)
    answer = desk.post("/conversations/snooze/", {"until": "hour", "conversation": [one.conversation_id for one in drafts]}, headers=HTMX)
    page = answer.content.decode()
    assert page.startswith('<div id="queue-rows"')
    assert "Snoozed 2 mails until" in page
    assert "Ben Orr is on it" in page
    assert [talk_of(draft).state for draft in drafts] == [State.SNOOZED, State.OPEN, State.SNOOZED]


def test_several_are_assigned_at_once(desk: Client, ben: User) -> None:
    drafts = [ready_draft() for _ in range(2)]
    values = {"to": ben.pk, "conversation": [one.conversation_id for one in drafts]}
    assert "Assigned 2 mails to Ben Orr." in desk.post("/conversations/assign/", values, headers=HTMX).content.decode()
    assert {talk_of(draft).assigned_to for draft in drafts} == {ben}


def test_with_nothing_chosen_nothing_is_done_and_that_is_said(desk: Client) -> None:
    ready_draft()
    assert "Choose at least one mail first." in desk.post("/conversations/snooze/", {"until": "hour"}, headers=HTMX).content.decode()


@pytest.mark.parametrize(("verb", "values"), [("snooze", {"until": "hour"}), ("assign", {"to": ""}), ("note", {"note": "Hello"})])
def test_nobody_acts_on_conversations_of_other_mailboxes(verb: str, values: dict[str, str], desk: Client, ana: User, ben: User) -> None:
    draft = ready_draft()
    conversation_acts.assign(conversation=draft.conversation, to=ben, by=ben)
    team.give(person=ana, roles=[Role.REVIEWER], mailboxes=[make_mailbox(name="Another")])
    desk.post(url(verb, draft), values, headers=HTMX)
    talk = talk_of(draft)
    assert (talk.state, talk.assigned_to) == (State.OPEN, ben)
    assert not Note.objects.exists()

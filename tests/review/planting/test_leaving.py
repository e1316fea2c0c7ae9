"""An error that was planted for a person leaves with no text of theirs, whatever way it takes; what is right leaves."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from inbox.models import OutgoingMail
from review import planting
from review.models import Decision, PlantedDraft
from tests.review.factories import BODY, ready_draft
from tests.review.planting.rows import WRONG, decide


def test_a_planted_error_cannot_be_sent_with_an_edit(planted: PlantedDraft, desk: Client) -> None:
    decide(desk, planted, "approve")
    answer = desk.post(f"/queue/{planted.draft_id}/edit/", {"text": f"It is {WRONG}.", "shown": planting.digest(BODY)})
    assert answer.status_code == 409
    assert f"Your text still has what was planted: “{WRONG}”." in answer.content.decode()
    assert not OutgoingMail.objects.exists()


def test_a_planted_error_cannot_be_sent_after_taking_over(planted: PlantedDraft, desk: Client) -> None:
    polished = planted.body.replace("Hello", "Dear")
    decide(desk, planted, "edit", text=polished)
    page = desk.post(f"/queue/{planted.draft_id}/take-over/", {"shown": planting.digest(BODY)}, follow=True)
    assert page.context["item"].stage == "taken_over"
    answer = desk.post(f"/queue/{planted.draft_id}/reply/", {"text": polished})
    assert answer.status_code == 409
    assert f"Your text still has what was planted: “{WRONG}”." in answer.content.decode()
    assert not OutgoingMail.objects.exists()
    desk.post(f"/queue/{planted.draft_id}/reply/", {"text": polished.replace(WRONG, "SO-1007")})
    assert OutgoingMail.objects.get().state == "held"


def test_a_planted_error_cannot_be_sent_by_hand_and_was_missed(planted: PlantedDraft, desk: Client, ana: User) -> None:
    polished = planted.body.replace("Hello", "Dear")
    answer = desk.post(f"/conversations/{planted.draft.conversation_id}/answer/", {"text": polished})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"Your text still has what was planted: “{WRONG}”." in page
    assert "Dear Ann" in page
    assert not OutgoingMail.objects.exists()
    planted.refresh_from_db()
    assert (planted.caught, planted.decision) == (False, "edited")
    assert Draft.objects.get().state == Draft.State.READY


def test_a_planted_error_cannot_be_added_to_a_mail_that_was_sent(planted: PlantedDraft, desk: Client) -> None:
    decide(desk, planted, "approve")
    desk.post(f"/queue/{planted.draft_id}/approve/", {"shown": planting.digest(BODY)})
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT, sent_at=timezone.now())
    mail, talk = OutgoingMail.objects.get(), planted.draft.conversation_id
    answer = desk.post(f"/conversations/{talk}/answer/", {"text": f"It was {WRONG}.", "answers": f"mail:{mail.pk}"})
    assert answer.status_code == 409
    assert OutgoingMail.objects.count() == 1


def test_an_error_that_does_not_stand_any_more_holds_nothing_up(planted: PlantedDraft, desk: Client) -> None:
    decide(desk, planted, "approve")
    text = BODY.replace("2026", f"2026, and {WRONG} follows")
    desk.post(f"/queue/{planted.draft_id}/edit/", {"text": text, "shown": planting.digest(BODY)})
    assert Decision.objects.get().final_text == text


def test_what_the_assistant_says_itself_in_a_new_draft_may_leave(planted: PlantedDraft, desk: Client, ana: User) -> None:
    decide(desk, planted, "reject", reason="Wrong order.")
    talk = planted.draft.conversation
    text = f"Hello Ann, your order {WRONG} left."
    with pytest.raises(planting.StillPlanted):
        planting.check(conversation=talk, by=ana, text=text)
    Draft.objects.filter(pk=planted.draft_id).update(state=Draft.State.SUPERSEDED)
    ready_draft(message=planted.draft.message, body=planted.body)
    planting.check(conversation=talk, by=ana, text=text)


def test_what_was_planted_for_a_colleague_is_nothing_to_me(planted: PlantedDraft, ben: User) -> None:
    planting.check(conversation=planted.draft.conversation, by=ben, text=f"It is {WRONG}.")


def test_a_planted_text_cannot_be_sent_from_elsewhere(planted: PlantedDraft, desk: Client) -> None:
    talk = planted.draft.conversation_id
    answer = desk.post(f"/conversations/{talk}/answer/", {"text": f"FYI\n\n{planted.body.replace(' ', '  ')}"})
    assert answer.status_code in {409, 422}
    assert "A draft that was planted with an error stands in your text." in answer.content.decode()
    assert not OutgoingMail.objects.exists()

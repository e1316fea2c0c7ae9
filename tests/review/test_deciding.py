"""The decision addresses, without scripts and with them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Conversation, OutgoingMail
from review import claims, decisions, ledger
from review.models import Decision
from tests.review.factories import BODY, handed_over_draft, make_person, ready_draft
from tests.review.ledger.rows import decide, entered, make_attempt

HTMX = {"HX-Request": "true"}
DECISIONS = [
    ("approve", {}, Decision.Kind.APPROVED),
    ("edit", {"text": "Other words."}, Decision.Kind.EDITED),
    ("reject", {"reason": "The date is wrong."}, Decision.Kind.REJECTED),
    ("take-over", {}, Decision.Kind.TAKEN_OVER),
    ("no-reply", {}, Decision.Kind.NO_REPLY),
]
each_decision = pytest.mark.parametrize(("verb", "values", "kind"), DECISIONS, ids=[verb for verb, _, _ in DECISIONS])


@each_decision
def test_a_decision_is_made(verb: str, values: dict[str, str], kind: str, desk: Client, ana: User) -> None:
    draft = ready_draft()
    assert desk.post(f"/queue/{draft.pk}/{verb}/", values).status_code == 302
    decision = Decision.objects.get()
    assert (decision.kind, decision.by) == (kind, ana)


@each_decision
def test_no_decision_is_made_by_a_get(verb: str, values: dict[str, str], kind: str, desk: Client) -> None:
    draft = ready_draft()
    assert desk.get(f"/queue/{draft.pk}/{verb}/", values).status_code == 405
    assert not Decision.objects.exists()


@each_decision
def test_deciding_needs_a_reviewer(verb: str, values: dict[str, str], kind: str, desk: Client) -> None:
    draft = ready_draft()
    desk.force_login(make_person("manager"))
    assert desk.post(f"/queue/{draft.pk}/{verb}/", values).status_code == 403
    assert not Decision.objects.exists()


@each_decision
def test_a_second_decision_is_refused_with_what_happened(verb: str, values: dict[str, str], kind: str, desk: Client, ben: User) -> None:
    draft = ready_draft()
    decisions.no_reply(draft=draft, by=ben)
    answer = desk.post(f"/queue/{draft.pk}/{verb}/", values)
    assert answer.status_code == 409
    assert "Ben Orr decided that no reply is needed" in answer.content.decode()
    assert Decision.objects.count() == 1


@each_decision
def test_a_claim_keeps_colleagues_from_deciding(verb: str, values: dict[str, str], kind: str, desk: Client, ben: User) -> None:
    draft = ready_draft()
    claims.claim(draft=draft, by=ben)
    answer = desk.post(f"/queue/{draft.pk}/{verb}/", values)
    assert answer.status_code == 409
    assert "Ben Orr is on it" in answer.content.decode()


def test_forms_are_protected_against_other_sites(ana: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    draft = ready_draft()
    answer = strict.post(f"/queue/{draft.pk}/approve/")
    assert answer.status_code == 403
    assert "Please send it again" in answer.content.decode()


@pytest.mark.parametrize("verb", ["edit", "reject"])
def test_what_was_typed_is_shown_again_when_somebody_was_faster(verb: str, desk: Client, ben: User) -> None:
    draft = ready_draft()
    decisions.approve(draft=draft, by=ben)
    answer = desk.post(f"/queue/{draft.pk}/{verb}/", {"text": "My long reply.", "reason": "My long reply."})
    assert "My long reply." in answer.content.decode()


@pytest.mark.parametrize(("verb", "field"), [("edit", "text"), ("reject", "reason")])
def test_an_empty_text_is_refused_in_words(verb: str, field: str, desk: Client) -> None:
    draft = ready_draft()
    answer = desk.post(f"/queue/{draft.pk}/{verb}/", {field: "  "}, headers=HTMX)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_reply_that_is_too_long_is_kept_and_refused(desk: Client) -> None:
    draft = ready_draft()
    answer = desk.post(f"/queue/{draft.pk}/edit/", {"text": "x" * 20_001})
    assert answer.status_code == 422
    assert "x" * 20_001 in answer.content.decode()


def test_after_a_decision_the_next_item_opens(desk: Client) -> None:
    first, second = ready_draft(), ready_draft()
    answer = desk.post(f"/queue/{first.pk}/approve/")
    assert answer["Location"].startswith(f"/queue/{second.pk}/?done=")
    page = desk.get(answer["Location"]).content.decode()
    assert "Undo" in page


def test_the_next_item_comes_from_the_same_filters_and_is_free(desk: Client, ben: User) -> None:
    first, claimed, unfit, fit = ready_draft(failed=1), ready_draft(failed=1), ready_draft(), ready_draft(failed=1)
    claims.claim(draft=claimed, by=ben)
    answer = desk.post(f"/queue/{first.pk}/approve/?gate=failed")
    assert answer["Location"].startswith(f"/queue/{fit.pk}/?gate=failed")
    assert unfit.state == Draft.State.READY


def test_with_scripts_the_answer_is_the_next_item_the_way_back_and_that_the_list_has_news(desk: Client) -> None:
    first, second = ready_draft(), ready_draft()
    answer = desk.post(f"/queue/{first.pk}/approve/", headers=HTMX)
    assert answer["HX-Push-Url"] == f"/queue/{second.pk}/"
    parts = answer.content.decode()
    for part in [
        f'data-draft="{second.pk}"',
        'id="toast" class="toasts" hx-swap-oob="afterbegin"',
        "/undo/",
    ]:
        assert part in parts
    assert "queue-changed" in answer["HX-Trigger-After-Swap"]


def test_after_the_last_item_the_queue_is_shown(desk: Client) -> None:
    answer = desk.post(f"/queue/{ready_draft().pk}/approve/", headers=HTMX)
    assert answer["HX-Push-Url"] == "/queue/"
    assert "Nothing to review" in answer.content.decode()


def test_a_person_who_takes_over_replies_by_hand(desk: Client) -> None:
    draft = handed_over_draft()
    answer = desk.post(f"/queue/{draft.pk}/take-over/", headers=HTMX)
    assert 'id="reply-text"' in answer.content.decode()
    desk.post(f"/queue/{draft.pk}/reply/", {"text": "By hand.\r\nReally."})
    assert OutgoingMail.objects.get().body.startswith("By hand.\nReally.")


def test_undo_opens_the_item_again(desk: Client, ana: User) -> None:
    draft = ready_draft()
    decision = decisions.approve(draft=draft, by=ana)
    answer = desk.post(f"/decisions/{decision.pk}/undo/", headers=HTMX)
    assert answer["HX-Push-Url"] == f"/queue/{draft.pk}/"
    assert "Nothing was sent" in answer.content.decode()
    assert OutgoingMail.objects.get().state == OutgoingMail.State.CANCELLED
    assert "taken back already" in desk.post(f"/decisions/{decision.pk}/undo/", headers=HTMX).content.decode()


def test_an_undo_that_comes_too_late_says_so(desk: Client, ana: User) -> None:
    decision = decisions.approve(draft=ready_draft(), by=ana)
    OutgoingMail.objects.update(state="sent", sent_at=decision.decided_at)
    assert "Too late to take back" in desk.post(f"/decisions/{decision.pk}/undo/", headers=HTMX).content.decode()


def test_why_an_edit_was_made_can_be_said_with_one_key(desk: Client) -> None:
    draft = ready_draft()
    answer = desk.post(f"/queue/{draft.pk}/edit/", {"text": "Other words."}, headers=HTMX)
    decision = Decision.objects.get()
    assert f"/decisions/{decision.pk}/why/" in answer.content.decode()
    assert desk.post(f"/decisions/{decision.pk}/why/", {"edit_reason": "nonsense"}).status_code == 400
    desk.post(f"/decisions/{decision.pk}/why/", {"edit_reason": "wrong_fact"})
    decision.refresh_from_db()
    assert decision.edit_reason == "wrong_fact"


def test_nobody_is_thanked_for_a_reason_that_comes_too_late_to_count(desk: Client, ana: User) -> None:
    entry = entered(make_attempt())
    decision = decide(entry, ana, "edited", final_text=BODY.replace("Hello Ann", "Dear Ann"))
    thanks = "Noted, thank you."

    def said(edit_reason: str) -> str:
        return desk.post(f"/decisions/{decision.pk}/why/", {"edit_reason": edit_reason}, headers=HTMX).content.decode()

    assert thanks in said("tone") and thanks in said("policy")
    ledger.settle_decision(decision=Decision.objects.get())
    assert thanks in said("wrong_fact")
    assert thanks not in (answer := said("tone")) and "that stays" in answer


def test_saying_why_leaves_the_way_back_open_while_there_is_one(desk: Client, ana: User) -> None:
    draft = ready_draft()
    desk.post(f"/queue/{draft.pk}/edit/?gate=passed", {"text": "Hello."}, headers=HTMX)
    decision = Decision.objects.get()

    def said() -> str:
        return desk.post(f"/decisions/{decision.pk}/why/?gate=passed", {"edit_reason": "tone"}, headers=HTMX).content.decode()

    assert f"/decisions/{decision.pk}/undo/?gate=passed" in said()
    Decision.objects.update(decided_at=timezone.now() - timedelta(minutes=1))
    assert "/undo/" not in said()


def test_a_take_over_is_taken_back(desk: Client) -> None:
    draft = ready_draft()
    answer = desk.post(f"/queue/{draft.pk}/take-over/", headers=HTMX).content.decode()
    undo = f"/decisions/{Decision.objects.get().pk}/undo/"
    assert "Taken over." in answer and undo in answer
    assert "Taken back. Nothing was sent." in desk.post(undo, headers=HTMX).content.decode()
    assert Conversation.objects.get().led_by == Conversation.Leader.ASSISTANT


def test_a_take_over_is_not_taken_back_long_after(desk: Client, ana: User) -> None:
    decision = decisions.take_over(draft=ready_draft(), by=ana)
    Decision.objects.update(decided_at=timezone.now() - timedelta(minutes=1))
    assert "too late" in desk.post(f"/decisions/{decision.pk}/undo/", headers=HTMX).content.decode().lower()
    assert Conversation.objects.get().led_by == Conversation.Leader.PERSON


def test_a_conversation_that_is_handed_back_in_its_item_stays_open(desk: Client, ana: User) -> None:
    draft = ready_draft()
    decisions.take_over(draft=draft, by=ana)
    answer = desk.post(f"/conversations/{draft.conversation_id}/hand-back/?gate=passed&draft={draft.pk}", headers=HTMX)
    assert answer["HX-Push-Url"] == f"/queue/{draft.pk}/?gate=passed"
    assert "Handed back." in answer.content.decode() and "/approve/" in answer.content.decode()


def test_a_conversation_is_handed_back(desk: Client, ana: User) -> None:
    draft = handed_over_draft()
    decisions.take_over(draft=draft, by=ana)
    page = desk.get(f"/conversations/{draft.conversation_id}/").content.decode()
    assert "Hand back to the assistant" in page
    desk.post(f"/conversations/{draft.conversation_id}/hand-back/")
    assert Conversation.objects.get().led_by == Conversation.Leader.ASSISTANT


def test_a_mail_that_names_no_sender_cannot_be_answered_but_rests(desk: Client) -> None:
    draft = ready_draft()
    draft.message.from_address = ""
    draft.message.save()
    Conversation.objects.update(customer_address="")
    assert desk.post(f"/queue/{draft.pk}/approve/").status_code == 409
    assert desk.post(f"/queue/{draft.pk}/no-reply/").status_code == 302

"""What a reviewer does with a planted draft says whether they saw the error."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from inbox.models import OutgoingMail
from review import claims, decisions, planting, writing
from review.models import Claim, Decision, PlantedDraft
from tests.review.factories import BODY
from tests.review.planting.rows import WRONG, decide, eligible_draft, plant

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("verb", "typed", "caught"),
    [
        ("approve", {}, False),
        ("edit", {"text": BODY.replace("SO-1007", WRONG).replace("Hello", "Dear")}, False),
        ("edit", {"text": BODY.replace("SO-1007", "so 1070")}, False),
        ("edit", {"text": BODY}, True),
        ("edit", {"text": "It is on its way."}, True),
        ("reject", {"reason": "Wrong order."}, True),
        ("take-over", {}, True),
    ],
)
def test_whoever_lets_the_error_stand_missed_it(
    verb: str, typed: dict[str, str], caught: bool, planted: PlantedDraft, desk: Client
) -> None:
    page = decide(desk, planted, verb, **typed).content.decode()
    planted.refresh_from_db()
    assert planted.caught is caught
    assert 42 <= (planted.seconds or 0) < 60
    assert "That was a planted draft." in page
    assert ("You caught it." if caught else "It would have slipped through.") in page
    assert f"<mark>{WRONG}</mark>" in page
    assert "Nothing was sent." in page


def test_that_no_reply_is_needed_says_nothing_about_the_error(planted: PlantedDraft, desk: Client) -> None:
    page = decide(desk, planted, "no-reply").content.decode()
    planted.refresh_from_db()
    assert (planted.caught, planted.decision, planted.judged_at) == (None, "no_reply", None)
    assert "That no reply is needed says nothing about the error, so it does not count." in page
    assert planting.rates() == (0, 0)


@pytest.mark.parametrize("verb", ["approve", "edit", "reject", "take-over", "no-reply"])
def test_nothing_is_done_and_the_draft_itself_is_offered(verb: str, planted: PlantedDraft, desk: Client, ana: User) -> None:
    item = decide(desk, planted, verb, text="It is on its way.", reason="Wrong order.").context["item"]
    assert not Decision.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert Draft.objects.get().state == Draft.State.READY
    assert "".join(segment.text for segment in item.letter.draft_text) == BODY
    assert item.shown == planting.digest(BODY)
    claim = Claim.objects.get()
    assert (claim.by, (timezone.now() - claim.opened_at).total_seconds() < 20) == (ana, True)


def test_with_scripts_the_answer_is_the_same_item_and_nothing_can_be_undone(planted: PlantedDraft, desk: Client) -> None:
    answer = desk.post(f"/queue/{planted.draft_id}/approve/", {"shown": planting.digest(planted.body)}, headers=HTMX)
    page = answer.content.decode()
    assert answer.headers["HX-Push-Url"] == f"/queue/{planted.draft_id}/"
    assert "That was a planted draft." in page
    assert "Undo" not in page


def test_the_draft_itself_can_be_decided_then(planted: PlantedDraft, desk: Client) -> None:
    page = decide(desk, planted, "approve")
    desk.post(f"/queue/{planted.draft_id}/approve/", {"shown": page.context["item"].shown})
    decision = Decision.objects.get()
    assert (decision.kind, decision.final_text) == ("approved", BODY)
    assert (decision.seconds_open or 0) < 20


def test_a_button_pressed_twice_decides_nothing(planted: PlantedDraft, desk: Client) -> None:
    decide(desk, planted, "reject", reason="Wrong order.")
    page = decide(desk, planted, "approve").content.decode()
    assert "You caught it." in page
    assert not Decision.objects.exists()


def test_whoever_was_shown_the_draft_itself_decides_on_it(planted: PlantedDraft, desk: Client) -> None:
    desk.post(f"/queue/{planted.draft_id}/approve/", {"shown": planting.digest(BODY)})
    assert Decision.objects.get().kind == "approved"
    planted.refresh_from_db()
    assert planted.judged_at is None


def test_a_program_that_does_not_say_what_it_saw_decides_on_what_stands(planted: PlantedDraft, desk: Client) -> None:
    desk.post(f"/queue/{planted.draft_id}/approve/")
    planted.refresh_from_db()
    assert planted.caught is False
    assert not Decision.objects.exists()


def test_an_edit_that_caught_it_stays_in_the_open_box(planted: PlantedDraft, desk: Client) -> None:
    item = decide(desk, planted, "edit", text="It is on its way.").context["item"]
    assert (item.box, item.letter.box.text, item.planted.set_aside) == ("edit", "It is on its way.", "")
    again = desk.get(f"/queue/{planted.draft_id}/").context["item"]
    assert again.letter.box.text == "It is on its way."


def test_an_edit_that_still_has_the_error_is_kept_beside_the_box(planted: PlantedDraft, desk: Client) -> None:
    typed = f"Dear Ann, {WRONG} is on its way."
    item = decide(desk, planted, "edit", text=typed).context["item"]
    assert (item.box, item.letter.box.text, item.planted.set_aside) == ("", BODY, typed)
    again = desk.get(f"/queue/{planted.draft_id}/")
    assert again.context["item"].letter.box.text == BODY
    assert typed in again.content.decode()


def test_what_was_typed_before_and_has_the_error_is_not_sent_by_mistake(planted: PlantedDraft, desk: Client, ana: User) -> None:
    writing.keep(by=ana, conversation=planted.draft.conversation, box="1", text=f"About {WRONG}: soon.")
    item = decide(desk, planted, "approve").context["item"]
    assert (item.letter.box.text, item.planted.set_aside) == (BODY, f"About {WRONG}: soon.")


def test_an_instruction_is_kept_but_its_box_is_closed(planted: PlantedDraft, desk: Client) -> None:
    item = decide(desk, planted, "reject", reason="Wrong order.").context["item"]
    assert (item.box, item.boxes.reason_text) == ("", "Wrong order.")


def test_a_right_edit_is_caught_though_the_wrong_value_stands_elsewhere(planted: PlantedDraft, desk: Client) -> None:
    decide(desk, planted, "edit", text=BODY.replace("2026", f"2026, and {WRONG} follows"))
    planted.refresh_from_db()
    assert planted.caught is True


def test_another_promise_in_place_of_an_invented_refund_is_not_caught(ana: User) -> None:
    draft = eligible_draft()
    wrong = "2026. We will refund 20.00 EUR to you within five working days."
    for number, (text, caught) in enumerate([(BODY, True), (f"{BODY}\n\nIt is there on Friday at the latest.", False)]):
        PlantedDraft.objects.all().delete()
        row = plant(draft, ana, kind="refund", right="2026.", wrong=wrong)
        planting.judge(planted=row, kind="edited", text=text, by=ana, seconds=number)
        row.refresh_from_db()
        assert row.caught is caught
        planting.check(conversation=draft.conversation, by=ana, text=text)


@pytest.mark.parametrize(("verb", "typed"), [("no-reply", {}), ("reject", {"reason": "Write it again."})])
def test_what_i_took_over_can_be_decided_though_a_planted_draft_still_waits(
    verb: str, typed: dict[str, str], planted: PlantedDraft, desk: Client, ana: User
) -> None:
    mail = decisions.answer(conversation=planted.draft.conversation, to=planted.draft.message, text="It is on its way.", by=ana)
    decisions.take_back(mail=mail, by=ana)
    answer = desk.post(f"/queue/{planted.draft_id}/{verb}/", typed)
    assert answer.status_code == 302
    assert Decision.objects.filter(kind=verb.replace("-", "_").replace("reject", "rejected"), undone_at=None).exists()


def test_what_stands_against_a_decision_stands_against_this_one(planted: PlantedDraft, desk: Client, ben: User) -> None:
    Claim.objects.all().delete()
    claims.claim(draft=planted.draft, by=ben)
    assert (
        "Ben Orr is on it"
        in desk.post(f"/queue/{planted.draft_id}/approve/", {"shown": planting.digest(planted.body)}, headers=HTMX).content.decode()
    )
    planted.refresh_from_db()
    assert planted.judged_at is None


def test_what_was_taken_back_meanwhile_does_not_count(planted: PlantedDraft, desk: Client, ana: User) -> None:
    PlantedDraft.objects.update(withdrawn_at=timezone.now())
    page = decide(desk, planted, "approve").content.decode()
    planted.refresh_from_db()
    assert planted.caught is None
    assert "so it does not count" in page
    assert not Decision.objects.exists()


def test_an_empty_edit_is_told_as_for_any_draft(planted: PlantedDraft, desk: Client) -> None:
    assert decide(desk, planted, "edit", text=" ").status_code == 422
    planted.refresh_from_db()
    assert planted.judged_at is None


def test_the_notice_goes_with_the_decision(planted: PlantedDraft, desk: Client, ana: User) -> None:
    decide(desk, planted, "approve")
    decisions.approve(draft=planted.draft, by=ana)
    assert "planted" not in desk.get(f"/queue/{planted.draft_id}/").content.decode()


def test_rates_count_what_was_judged_lately(ana: User, ben: User) -> None:
    now = timezone.now()
    for reviewer, caught, days in [(ana, True, 1), (ana, False, 2), (ana, True, 400), (ben, True, 3)]:
        plant(eligible_draft(), reviewer, judged_at=now - timedelta(days=days), caught=caught)
    plant(eligible_draft(), ana)
    assert planting.rates() == (3, 2)
    assert planting.rates(since=None) == (4, 3)
    assert planting.rates(reviewers=[ana.pk]) == (2, 1)

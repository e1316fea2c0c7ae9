"""Misses are made from the raw rows, whatever changes."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from drafting.models import Draft, Evidence
from review import decisions
from review.models import Decision, Miss
from review.next_nine import misses
from review.reports import rolling
from tests.drafting.factories import make_category
from tests.review.factories import add_evidence, handed_over_draft, ready_draft
from tests.review.next_nine.rows import decided

pytestmark = pytest.mark.django_db


def causes() -> list[str]:
    """The causes of all misses, oldest decision first."""
    return list(Miss.objects.order_by("pk").values_list("cause", flat=True))


def test_what_was_approved_unedited_is_no_miss(ana: User) -> None:
    decided("approved", by=ana)
    assert causes() == []


@pytest.mark.parametrize(("kind", "by_hand"), [("edited", False), ("rejected", False), ("taken_over", False), ("by_hand", True)])
def test_everything_else_that_people_decide_is_one(kind: str, by_hand: bool, ana: User) -> None:
    decision = decided(kind, by=ana)
    miss = Miss.objects.get()
    assert (miss.decision, miss.conversation, miss.mailbox) == (decision, decision.draft.conversation, decision.draft.conversation.mailbox)
    assert (miss.category, miss.setup, miss.cause) == (decision.draft.category, decision.draft.setup, "unexplained")
    assert (miss.seconds, miss.is_by_hand, miss.day) == (60, by_hand, timezone.localdate())


def test_no_reply_needed_is_one_too(ana: User) -> None:
    decided("no_reply", by=ana)
    assert causes() == ["no_reply"]


def test_what_was_taken_over_before_anything_was_offered_is_none(ana: User) -> None:
    draft = ready_draft(finished_at=None)
    decisions.take_over(draft=draft, by=ana)
    rolling.roll_all()
    assert causes() == []


def test_a_hand_over_that_somebody_answers_is_one(ana: User) -> None:
    draft = handed_over_draft()
    decisions.take_over(draft=draft, by=ana)
    rolling.roll_all()
    assert causes() == ["hand_over:missing_fact"]


def test_lookups_and_checks_count_in_their_order(ana: User) -> None:
    draft = ready_draft(failed=2)
    add_evidence(draft, tool="parcel", outcome="not_found", question={"query": "PC 77"}, answer={"words": "No parcel."})
    decisions.edit(draft=draft, text="Something else.", by=ana)
    other = ready_draft(failed=2)
    decisions.edit(draft=other, text="Something else.", by=ana)
    rolling.roll_all()
    assert causes() == ["lookup:parcel:not_found:code", "check:language"]


def test_a_reason_that_is_said_later_counts(ana: User) -> None:
    decision = decided("edited", by=ana)
    decisions.say_why(decision=decision, edit_reason="policy", by=ana)
    rolling.roll_all()
    assert causes() == ["edit:policy"]


def test_a_decision_that_was_taken_back_is_no_miss_any_more(ana: User) -> None:
    decision = decided("rejected", by=ana)
    Decision.objects.filter(pk=decision.pk).update(undone_at=timezone.now())
    rolling.roll_all()
    assert causes() == []


def test_another_category_of_the_next_draft_says_that_the_first_was_wrong(ana: User) -> None:
    decision = decided("rejected", by=ana)
    again = Draft.objects.get(redraft_of=decision.draft)
    again.category = make_category("damage-claim")
    again.save()
    rolling.roll_all()
    assert causes() == ["category:order-status:damage-claim"]


def test_a_theme_stays_until_the_cause_changes(ana: User) -> None:
    decision = decided("edited", by=ana)
    Miss.objects.update(cause="unexplained+7")
    misses.make_again(conversations=[decision.draft.conversation_id])
    assert causes() == ["unexplained+7"]
    decisions.say_why(decision=decision, edit_reason="tone", by=ana)
    rolling.roll_all()
    assert causes() == ["edit:tone"]


def test_what_was_erased_keeps_the_cause_that_it_had(ana: User) -> None:
    decision = decided("edited", by=ana, edit_reason="policy")
    Miss.objects.update(cause="lookup:order:not_found:code")
    Draft.objects.filter(pk=decision.draft_id).update(erased_at=timezone.now())
    misses.make_again(conversations=[decision.draft.conversation_id])
    assert causes() == ["lookup:order:not_found:code"]


def test_what_was_erased_of_a_lookup_alone_keeps_the_cause_that_it_had(ana: User) -> None:
    draft = ready_draft()
    lookup = add_evidence(draft, tool="parcel", outcome="not_found", question={"query": "PC 77"}, answer={"words": "No parcel."})
    decisions.edit(draft=draft, text="Something else.", by=ana)
    rolling.roll_all()
    Evidence.objects.filter(pk=lookup.pk).update(question={}, answer=None, erased_at=timezone.now())
    misses.make_again(conversations=[draft.conversation_id])
    assert causes() == ["lookup:parcel:not_found:code"]


def test_making_them_again_changes_nothing(ana: User) -> None:
    decisions_made = [decided("edited", by=ana, edit_reason=reason) for reason in ("tone", "policy")]
    before = list(Miss.objects.order_by("pk").values())
    misses.make_again(conversations=[one.draft.conversation_id for one in decisions_made])
    misses.make_again(conversations=[])
    assert list(Miss.objects.order_by("pk").values()) == before


def test_the_day_is_that_of_the_installation(ana: User, settings: pytest.FixtureRequest) -> None:
    decision = decided("edited", by=ana)
    late = timezone.now().replace(hour=23, minute=30) - timedelta(days=3)
    settings.TIME_ZONE = "Asia/Tokyo"  # type: ignore[attr-defined]
    Decision.objects.filter(pk=decision.pk).update(decided_at=late)
    rolling.roll_all()
    assert Miss.objects.get().day == (late + timedelta(days=1)).date()

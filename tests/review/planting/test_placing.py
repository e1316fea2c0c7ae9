"""Which reviewer is shown which draft with an error in it."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from drafting.models import Draft
from review import chance, claims, decisions, planting
from review.models import LedgerEntry, PlantedDraft
from review.planting.placing import SHARE
from tests.review.factories import BODY, ready_draft
from tests.review.planting.rows import WRONG, eligible_draft, plant

HTMX = {"HX-Request": "true"}


def shown(client: Client, draft: Draft, **headers: Any) -> str:
    """The text of the letter on the page of an item."""
    page = client.get(f"/queue/{draft.pk}/", headers={**HTMX, **headers}).content.decode()
    return re.sub("<[^>]+>", "", page.partition('<div class="paper"')[2].partition(">")[2].partition("</div>")[0])


@pytest.mark.usefixtures("always")
def test_opening_a_draft_may_show_it_with_an_error(desk: Client, ana: User) -> None:
    draft = eligible_draft()
    planted_text = shown(desk, draft)
    planted = PlantedDraft.objects.get()
    assert (planted.draft, planted.reviewer, planted.judged_at) == (draft, ana, None)
    assert planted_text.replace(" (not traced)", "") == planted.body != draft.body


@pytest.mark.usefixtures("always")
def test_it_looks_like_a_clean_draft(desk: Client) -> None:
    page = desk.get(f"/queue/{eligible_draft().pk}/").content.decode()
    assert "All 5 checks passed" in page
    assert page.count('class="atom') == 2
    assert "lanted" not in page


@pytest.mark.usefixtures("always")
def test_it_stays_the_same_until_it_is_judged(desk: Client) -> None:
    draft = eligible_draft()
    first = shown(desk, draft)
    assert [shown(desk, draft), shown(desk, draft, **{"X-Unattended": "1"})] == [first, first]
    desk.get("/queue/")
    assert shown(desk, draft) == first
    assert PlantedDraft.objects.count() == 1


@pytest.mark.usefixtures("always")
def test_the_editor_begins_with_the_text_that_is_shown(desk: Client) -> None:
    item = desk.get(f"/queue/{eligible_draft().pk}/").context["item"]
    assert item.letter.box.text == PlantedDraft.objects.get().body


@pytest.mark.usefixtures("always")
def test_a_page_that_nobody_looks_at_plants_nothing(desk: Client) -> None:
    draft = eligible_draft()
    assert shown(desk, draft, **{"X-Unattended": "1"}).startswith("Hello Ann")
    assert not PlantedDraft.objects.exists()


@pytest.mark.usefixtures("always")
def test_what_is_fetched_ahead_is_what_opening_shows(desk: Client) -> None:
    draft = eligible_draft()
    ahead = desk.get(f"/queue/{draft.pk}/?peek=1", headers={"X-Unattended": "1"}).context["item"]
    assert not PlantedDraft.objects.exists()
    assert ahead.letter.draft_text == desk.get(f"/queue/{draft.pk}/").context["item"].letter.draft_text
    assert ahead.shown == planting.digest(PlantedDraft.objects.get().body)


def test_a_text_never_changes_while_somebody_reads_it(desk: Client, ana: User, always: Any) -> None:
    draft = eligible_draft()
    claims.claim(draft=draft, by=ana)
    assert "SO-1007" in shown(desk, draft)
    assert not PlantedDraft.objects.exists()


@pytest.mark.usefixtures("always")
def test_only_what_would_have_left_by_itself_is_used(desk: Client) -> None:
    settled, sent = eligible_draft(), eligible_draft(route="auto")
    failed, loose = eligible_draft(failed=1), ready_draft()
    LedgerEntry.objects.filter(draft=settled).update(settled_at=timezone.now(), unsafe=True)
    for draft in (settled, sent, failed, loose):
        shown(desk, draft)
    assert not PlantedDraft.objects.exists()


@pytest.mark.usefixtures("always")
def test_a_draft_whose_mail_was_called_off_is_left_alone(desk: Client, ben: User) -> None:
    draft = eligible_draft()
    decisions.undo(decision=decisions.approve(draft=draft, by=ben), by=ben)
    draft.refresh_from_db()
    assert draft.state == Draft.State.READY
    assert shown(desk, draft).startswith("Hello Ann")
    assert not PlantedDraft.objects.exists()


def test_chance_alone_says_which_drafts() -> None:
    drawn = [chance.share("plant", draft, 7) < SHARE for draft in range(20_000)]
    assert 0.045 < sum(drawn) / len(drawn) < 0.055


def test_chance_is_asked_before_the_database(ana: User, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = eligible_draft()
    monkeypatch.setattr(chance, "share", lambda purpose, *ids: SHARE)
    with django_assert_num_queries(0):
        assert planting.place(draft=draft, reviewer=ana) is None


@pytest.mark.usefixtures("always")
def test_nobody_meets_two_errors_in_one_draft(desk: Client, ana: User) -> None:
    draft = eligible_draft()
    plant(draft, ana, judged_at=timezone.now(), caught=True)
    assert shown(desk, draft) == f"{BODY.replace('2026', '2026 (not traced)')}"
    assert PlantedDraft.objects.count() == 1


def test_a_colleague_sees_the_draft_itself(desk: Client, ben: User) -> None:
    draft = eligible_draft()
    plant(draft, ben)
    assert WRONG not in shown(desk, draft)


def test_reading_along_shows_what_was_planted_for_oneself(desk: Client, ana: User, ben: User) -> None:
    draft = eligible_draft()
    plant(draft, ana)
    claims.claim(draft=draft, by=ben)
    assert WRONG in shown(desk, draft)


def test_what_a_colleague_decided_is_taken_back(desk: Client, ana: User, ben: User) -> None:
    draft, other = eligible_draft(), eligible_draft()
    planted, standing = plant(draft, ana), plant(other, ana)
    decision = decisions.approve(draft=draft, by=ben)
    assert planting.withdraw() == 1
    decisions.undo(decision=decision, by=ben)
    planted.refresh_from_db()
    assert planted.withdrawn_at
    assert planting.standing(draft=draft, reviewer=ana) is None
    assert planting.standing(draft=other, reviewer=ana) == standing


def test_a_draft_in_which_the_error_could_not_be_told_is_left_alone(ana: User, always: Any) -> None:
    draft = eligible_draft(body="Hei,\n\nkiitos.", language="fi")
    assert planting.place(draft=draft, reviewer=ana) is None


def test_a_page_with_a_planted_draft_asks_little(desk: Client, ana: User, django_assert_max_num_queries: Any) -> None:
    draft = eligible_draft()
    plant(draft, ana)
    desk.get("/queue/")
    with django_assert_max_num_queries(12):
        desk.get(f"/queue/{draft.pk}/")

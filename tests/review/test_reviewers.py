"""How reviewers are doing: their own planted drafts, and the page of the team."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from review import decisions, reviewers
from review.models import Decision, PlantedDraft, SecondLook
from tests.review.factories import make_person, ready_draft
from tests.review.planting.rows import eligible_draft, plant


@pytest.fixture
def manager(db: None) -> Client:
    """A manager's browser."""
    client = Client()
    client.force_login(make_person("manager"))
    return client


def decide(person: User, *kinds: str, seconds: int | None = 10) -> None:
    """Decisions in this order."""
    for kind in kinds:
        draft = ready_draft()
        if kind == "approved":
            decision = decisions.approve(draft=draft, by=person)
        elif kind == "edited":
            decision = decisions.edit(draft=draft, text="Another text.", by=person)
        else:
            decision = decisions.reject(draft=draft, reason="Wrong.", by=person)
        Decision.objects.filter(pk=decision.pk).update(seconds_open=seconds)


def of(person: User) -> reviewers.Signals:
    """What is known of one person."""
    return reviewers.signals([person])[0]


def test_a_team_without_work_says_so(manager: Client, ana: User) -> None:
    page = manager.get("/automation/reviewers/").content.decode()
    assert "Ana Sol" in page
    assert "none yet" in page


def test_the_list_is_by_name_and_never_by_speed(manager: Client, ben: User, ana: User) -> None:
    decide(ben, "approved", seconds=1)
    decide(ana, "approved", seconds=100)
    make_person("reviewer", first_name="aaron")
    make_person("manager", first_name="Mia")
    page = manager.get("/automation/reviewers/")
    assert [row.name for row in page.context["rows"]] == ["aaron", "Ana Sol", "Ben Orr"]


def test_reading_time_is_the_median(ana: User) -> None:
    for seconds in (4, 30, 5):
        decide(ana, "approved", seconds=seconds)
    decide(ana, "rejected", seconds=None)
    assert (of(ana).reading.median, of(ana).reading.decided) == (5, 4)


def test_approvals_faster_than_one_can_read_are_counted(ana: User) -> None:
    decide(ana, "approved", "approved", seconds=3)
    decide(ana, "approved", "rejected", seconds=2)
    decide(ana, "approved", seconds=None)
    assert (of(ana).reading.approved, of(ana).reading.too_fast) == (4, 1)


def test_time_on_a_planted_draft_counts_as_reading(ana: User, ben: User) -> None:
    draft = eligible_draft()
    plant(draft, ana, judged_at=timezone.now(), caught=True, seconds=30)
    decision = decisions.approve(draft=draft, by=ana)
    Decision.objects.filter(pk=decision.pk).update(seconds_open=2)
    assert (of(ana).reading.too_fast, of(ana).reading.median) == (0, 32)
    PlantedDraft.objects.update(reviewer=ben)
    assert (of(ana).reading.too_fast, of(ana).reading.median) == (1, 2)


def test_a_long_draft_takes_longer_to_read(ana: User) -> None:
    decision = decisions.approve(draft=ready_draft(body="word " * 120), by=ana)
    Decision.objects.filter(pk=decision.pk).update(seconds_open=9)
    assert of(ana).reading.too_fast == 1
    Decision.objects.filter(pk=decision.pk).update(seconds_open=10)
    assert of(ana).reading.too_fast == 0


def test_the_longest_run_ends_at_anything_but_an_approval(ana: User) -> None:
    decide(ana, "approved", "approved", "rejected", "approved", "approved", "approved", "edited", "approved")
    assert of(ana).reading.longest_run == 3


def test_what_was_taken_back_and_what_is_long_ago_does_not_count(ana: User) -> None:
    decide(ana, "approved", "approved", "approved")
    first, second, _ = Decision.objects.order_by("pk")
    decisions.undo(decision=first, by=ana)
    Decision.objects.filter(pk=second.pk).update(decided_at=timezone.now() - timedelta(days=31))
    assert of(ana).reading.decided == 1


def test_planted_drafts_are_told_with_the_share_that_is_certain(manager: Client, ana: User) -> None:
    for number in range(10):
        plant(eligible_draft(), ana, judged_at=timezone.now(), caught=number > 0)
    plant(eligible_draft(), ana, kind="date")
    page = manager.get("/automation/reviewers/")
    [row] = page.context["rows"]
    assert (row.planted, row.bound) == ("9 of 10", "at least 40.5\u00a0%")
    assert [(kind.name, kind.caught) for kind in page.context["kinds"]] == [("Wrong number of an order or the like", "9 of 10")]


def test_second_looks_that_differ_are_told(ana: User, ben: User) -> None:
    now = timezone.now()
    for first_unsafe, unsafe in [(False, False), (False, True), (True, True)]:
        said = {"by": ben, "unsafe": unsafe, "answered_at": now}
        SecondLook.objects.create(draft=ready_draft(), first=ana, first_unsafe=first_unsafe, asked_at=now, **said)
    SecondLook.objects.create(draft=ready_draft(), first=ana, first_unsafe=False, asked_at=now)
    assert (of(ana).looked_at, of(ana).differing, of(ana).looks) == (3, 1, 0)
    assert of(ben).looks == 3


def test_my_settings_tell_what_i_caught(desk: Client, ana: User, ben: User) -> None:
    assert "Planted drafts" not in desk.get("/settings/").content.decode()
    plant(eligible_draft(), ana, judged_at=timezone.now(), caught=True)
    plant(eligible_draft(), ana, judged_at=timezone.now(), caught=False)
    plant(eligible_draft(), ana)
    plant(eligible_draft(), ben, judged_at=timezone.now(), caught=True)
    page = desk.get("/settings/").content.decode()
    assert "Planted drafts: you caught 1 of 2" in page
    assert page.count("“SO-1070” in place of “SO-1007”") == 2
    assert page.count("let it pass") == 1


def test_reviewers_do_not_see_each_other(desk: Client) -> None:
    assert desk.get("/automation/reviewers/").status_code == 403


def test_the_page_costs_the_same_for_a_large_team(manager: Client, ana: User, django_assert_max_num_queries: Any) -> None:
    decide(ana, "approved", "rejected")
    for _ in range(50):
        make_person("reviewer", first_name="A reviewer with a long name", last_name="and a longer one")
    with django_assert_max_num_queries(12):
        page = manager.get("/automation/reviewers/")
    assert len(page.content) < 60_000
    assert len(page.context["rows"]) == 40
    assert len(manager.get("/automation/reviewers/?page=2").context["rows"]) == 11

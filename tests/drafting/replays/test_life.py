"""Who may write a run, when, and what happens to those whose writer vanished."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from drafting.errors import Refused
from drafting.models import Draft, ReplayRun, Setup
from drafting.replays import Choice, life, start
from tests.drafting.factories import make_category, make_draft, make_setup
from tests.drafting.replays.past import begin, make_candidate, past_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def setup() -> Setup:
    return make_candidate()


def test_there_is_nothing_to_replay_where_nobody_decided_anything(setup: Setup) -> None:
    make_draft()
    with pytest.raises(Refused, match="none whose draft was decided on"):
        begin(setup)


def test_without_imported_replies_it_says_how_to_import_some(setup: Setup) -> None:
    with pytest.raises(Refused, match=r"manage\.py import_mail"):
        begin(setup, choice=Choice(is_imported=True))


def test_mails_are_chosen_by_category_day_and_number_newest_first(setup: Setup) -> None:
    price = make_category("price")
    drafts = [past_draft(category=price) for _ in range(3)]
    past_draft()
    old = drafts[0].message
    old.received_at = timezone.now() - timedelta(days=40)
    old.save()

    def chosen(choice: Choice) -> list[int]:
        return list(start(setup=setup, choice=choice, by=None).runs.order_by("pk").values_list("draft_id", flat=True))

    assert chosen(Choice(category=price)) == [drafts[2].pk, drafts[1].pk, drafts[0].pk]
    assert chosen(Choice(category=price, newest=1)) == [drafts[2].pk]
    assert len(chosen(Choice(since=timezone.localdate() - timedelta(days=1)))) == 3


def test_a_redraft_that_followed_an_instruction_is_not_what_a_candidate_is_compared_with(setup: Setup) -> None:
    first = past_draft()
    past_draft(message=first.message, redraft_of=first, instruction="Shorter.")
    assert begin(setup).runs.get().draft == first


def test_a_setup_that_cannot_write_is_refused() -> None:
    past_draft()
    with pytest.raises(Refused, match="cannot write anything"):
        begin(make_setup())


def test_rules_that_are_none_are_refused(setup: Setup) -> None:
    past_draft()
    with pytest.raises(Refused):
        begin(setup, rules=[{"nonsense": True}])


def test_a_run_is_taken_once(setup: Setup) -> None:
    past_draft()
    begin(setup)
    run = life.claim()
    assert run is not None
    assert (run.state, run.attempts) == ("running", 1)
    assert life.claim() is None


def test_live_drafts_go_first(setup: Setup) -> None:
    past_draft()
    replay = begin(setup)
    live = make_draft()
    assert life.claim() is None
    assert life.waits_for(replay) == "Mails that wait for their draft go first."
    Draft.objects.filter(pk=live.pk).update(due_at=timezone.now() + timedelta(minutes=5))
    assert life.claim() is not None


def test_only_so_many_are_at_work_at_once(setup: Setup, settings: Settings) -> None:
    settings.REPLAYS_AT_ONCE = 2
    for _ in range(3):
        past_draft()
    begin(setup)
    assert [life.claim() is not None for _ in range(3)] == [True, True, False]


def test_a_run_whose_writer_vanished_is_taken_again_and_given_up_the_third_time(setup: Setup) -> None:
    past_draft()
    replay = begin(setup)
    for _ in range(3):
        assert life.claim() is not None
        ReplayRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert life.claim() is None
    run = ReplayRun.objects.get()
    assert (run.state, run.why) == ("failed", "Writing broke off 3 times.")
    replay.refresh_from_db()
    assert replay.state == "finished"


def test_who_lost_the_lease_can_write_nothing(setup: Setup) -> None:
    past_draft()
    begin(setup)
    slow = life.claim()
    assert slow is not None
    ReplayRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert life.claim() is not None
    slow.body = "Too late."
    with pytest.raises(life.LostLease):
        life.finish(run=slow)
    life.give_back(run=slow)
    life.break_off(run=slow, words="Too late.")
    run = ReplayRun.objects.get()
    assert (run.state, run.body, run.why) == ("running", "", "Writing broke off 1 times.")


def test_what_a_person_paused_waits_for_a_person(setup: Setup) -> None:
    past_draft()
    replay = begin(setup)
    life.pause(replay=replay, by=None)
    assert life.claim() is None
    life.resume(replay=replay)
    assert (replay.state, life.claim() is not None) == ("running", True)


def test_a_run_at_work_is_kept_though_the_replay_was_paused_meanwhile(setup: Setup) -> None:
    past_draft()
    replay = begin(setup)
    run = life.claim()
    assert run is not None
    life.pause(replay=replay, by=None)
    life.put_back(run=run, words="The model server does not answer.")
    replay.refresh_from_db()
    assert (replay.state, replay.words, replay.due_at) == ("paused", "Paused.", None)


def test_a_finished_replay_can_neither_be_paused_nor_resumed(setup: Setup) -> None:
    past_draft()
    replay = begin(setup)
    run = life.claim()
    assert run is not None
    life.finish(run=run)
    with pytest.raises(Refused, match="finished"):
        life.pause(replay=replay, by=None)
    with pytest.raises(Refused, match="not paused"):
        life.resume(replay=replay)


def test_mails_that_go_are_given_up_but_for_one_at_work(setup: Setup) -> None:
    messages = [past_draft().message_id for _ in range(3)]
    replay = begin(setup)
    at_work = life.claim()
    assert at_work
    with transaction.atomic():
        life.give_up(messages=messages, words="Erased.")
    replay.refresh_from_db()
    assert replay.state == "running"
    assert list(replay.runs.order_by("pk").values_list("state", "why")) == [("running", ""), ("failed", "Erased."), ("failed", "Erased.")]
    life.finish(run=at_work)
    replay.refresh_from_db()
    assert replay.state == "finished" and replay.finished_at

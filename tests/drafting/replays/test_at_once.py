"""Several workers at one replay at the same moment, over connections of their own."""

import pytest
from pytest_django import Settings

from drafting.models import ReplayRun
from drafting.replays import life
from tests.drafting.replays.past import begin, make_candidate, past_draft
from tests.drafting.test_drafts_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_no_run_is_taken_twice_and_no_more_are_at_work_than_may_be(settings: Settings) -> None:
    settings.REPLAYS_AT_ONCE = 3
    for _ in range(5):
        past_draft()
    begin(make_candidate())
    taken = [run.pk for run in at_once(lambda number: life.claim()) if run is not None]
    assert len(taken) == len(set(taken)) == 3
    assert ReplayRun.objects.filter(state="running", attempts=1).count() == 3


def test_the_last_two_runs_ending_together_finish_the_replay(settings: Settings) -> None:
    settings.REPLAYS_AT_ONCE = 6
    for _ in range(6):
        past_draft()
    replay = begin(make_candidate())
    taken = [run for _ in range(6) if (run := life.claim())]
    at_once(lambda number: life.finish(run=taken[number]))
    replay.refresh_from_db()
    assert replay.state == "finished"

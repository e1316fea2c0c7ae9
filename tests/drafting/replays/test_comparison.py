"""What a replay found, counted."""

from typing import Any

import pytest

from drafting.models import Replay, ReplayRun
from drafting.replays import Choice, comparison, start
from tests.drafting.factories import make_category
from tests.drafting.replays.past import make_candidate, past_draft

pytestmark = pytest.mark.django_db


def replay_of(*categories: str, repeats: int = 1) -> Replay:
    """A replay of one past mail of each named category, in this order."""
    for slug in reversed(categories):
        past_draft(category=make_category(slug))
    return start(setup=make_candidate(), choice=Choice(), repeats=repeats, by=None)


def end(replay: Replay, *results: dict[str, Any]) -> None:
    """The runs, in their order, came out like this."""
    for run, result in zip(replay.runs.order_by("pk"), results, strict=True):
        ReplayRun.objects.filter(pk=run.pk).update(**{"state": "done"} | result)


def test_progress_counts_what_is_through_and_what_failed() -> None:
    replay = replay_of("price", "price", "price")
    end(replay, {"milliseconds": 100}, {"state": "failed"}, {"state": "waiting"})
    progress = comparison.progress(replay)
    assert (progress.runs, progress.through, progress.failed, progress.percent, progress.mean_milliseconds) == (3, 2, 1, 66, 100)


def test_there_is_a_row_for_all_and_one_for_each_category() -> None:
    replay = replay_of("price", "order-status", "price")
    end(
        replay,
        {"verdict": "better", "agreement": 1.0, "agreement_before": 0.5, "unrecorded": [{"tool": "order", "query": "1"}] * 2},
        {"verdict": "blocked", "hand_over_reason": "unsure", "unrecorded": [{"tool": "order", "query": "1"}]},
        {"verdict": "worse", "agreement": 0.5, "agreement_before": 1.0},
    )
    everything, orders, prices = comparison.rows(replay)
    assert [row.category for row in (everything, orders, prices)] == ["All categories", "Order status", "Price"]
    assert (everything.mails, everything.hand_overs, everything.asked_in_vain, everything.labelled) == (3, 1, 3, 2)
    assert (everything.close, everything.close_before) == (0.75, 0.75)
    assert (orders.verdicts["blocked"], orders.close, prices.verdicts["better"], prices.verdicts["worse"]) == (1, None, 1, 1)
    assert prices.test == "1 better, 1 worse: too few to tell"


def test_one_category_needs_no_row_of_its_own() -> None:
    replay = replay_of("price")
    end(replay, {"verdict": "same"})
    assert [row.category for row in comparison.rows(replay)] == ["All categories"]


def test_repeats_of_a_mail_count_once_in_the_verdicts() -> None:
    replay = replay_of("price", repeats=3)
    end(replay, {"verdict": "better"}, {"verdict": "worse"}, {"verdict": "worse"})
    (row,) = comparison.rows(replay)
    assert (row.mails, row.verdicts["better"], row.verdicts["worse"]) == (1, 1, 0)


def test_pass_hat_is_the_mean_over_mails_for_each_number_of_runs() -> None:
    replay = replay_of("price", "order-status", repeats=2)
    end(replay, {"likeness": "a"}, {"likeness": "b"}, {"likeness": "a"}, {"likeness": "c"})
    everything, orders, prices = comparison.rows(replay)
    assert (everything.pass_hats, orders.pass_hats, prices.pass_hats) == ({1: 1.0, 2: 0.5}, {1: 1.0, 2: 0.0}, {1: 1.0, 2: 1.0})


def test_a_failed_run_says_nothing_about_consistency() -> None:
    replay = replay_of("price", repeats=2)
    end(replay, {"likeness": "a"}, {"state": "failed"})
    assert comparison.rows(replay)[0].pass_hats == {1: 1.0}


def test_many_categories_take_no_more_queries_than_one(django_assert_max_num_queries: Any) -> None:
    replay = replay_of(*(f"kind-{number}" for number in range(8)), repeats=2)
    end(replay, *[{"likeness": "a", "verdict": "same"}] * 16)
    with django_assert_max_num_queries(4):
        assert len(comparison.rows(replay)) == 9

"""The whole of auto-send with time compressed. `SIMULATED_SEEDS=40` runs more companies than the suite has time for."""

import os
from random import Random
from statistics import quantiles

import pytest
from django.db import connection

from deploy.simulation.plan import Kind, Plan, Reviewer
from deploy.simulation.report import Report
from deploy.simulation.run import simulate
from review.confidence import Drift
from review.models import Attempt, Decision, Transition
from tests import emptying

# In one long transaction a mail would take ten times as long.
pytestmark = pytest.mark.django_db(transaction=True)

SEEDS = range(1, int(os.environ.get("SIMULATED_SEEDS", "1")) + 1)
EPSILON = 0.05
SHARP = (Reviewer("ana", notices=1.0, objects=0.0), Reviewer("ben", notices=1.0, objects=0.0))


def run(*unsafe: tuple[int, float], mails: int, seed: int) -> Report:
    kind = Kind("Order status", 1.0, unsafe, epsilon=EPSILON, ramp_sends=20)
    return simulate(Plan(kinds=(kind,), reviewers=SHARP, mails=mails, a_day=200, complains=0.0, seed=seed))


@pytest.fixture(autouse=True)
def same_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chance as by the secret of one installation whose first draft has the number 1; reviewers meet many planted drafts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM drafting_draft_id_seq")
        before = cursor.fetchone()[0]
    monkeypatch.setattr("review.chance.share", lambda purpose, draft, *_: Random(f"{purpose} {draft - before}").random())
    monkeypatch.setattr("review.planting.placing.SHARE", 0.3)


def test_a_category_as_bad_as_is_acceptable_is_unlocked_no_more_often_than_promised() -> None:
    unlocked = sum(is_unlocked(seed) for seed in SEEDS)
    promised = 0.05 * len(SEEDS)
    assert unlocked <= promised + 3 * promised**0.5 * 0.95**0.5


def is_unlocked(seed: int) -> bool:
    report = run((0, EPSILON), mails=220, seed=seed)
    emptying.empty()
    return bool(report.unlocked_at("Order status"))


def test_a_category_that_drifts_once_it_is_unlocked_is_suspended_before_many_unsafe_mails_have_left() -> None:
    report = run((0, 0.002), (480, 0.2), mails=660, seed=3)
    tally = report.tallies["Order status"]
    assert report.unlocked_at("Order status")[0] < 480 < report.suspended_at("Order status")[0]
    assert tally.sent_alone > 100 and report.handed_over == tally.sent_alone
    assert tally.since_drift <= unsafe_until_caught(share=0.2, audited=0.1)


def test_every_reply_that_left_alone_had_an_unlocked_attempt_and_a_decision_of_its_own() -> None:
    report = run((0, 0.0), mails=260, seed=5)
    alone = Decision.objects.filter(kind=Decision.Kind.AUTO_SENT, undone_at=None)
    assert alone.count() == report.handed_over > 0
    unlocked = Transition.objects.get(after=Attempt.State.RAMP_10)
    assert unlocked.by is not None and not alone.filter(decided_at__lt=unlocked.at).exists()


def unsafe_until_caught(*, share: float, audited: float) -> float:
    """How many unsafe mails leave alone in 99 of 100 such drifts, by the detector alone."""
    numbers = []
    for seed in range(400):
        dice, detector, left = Random(seed), Drift(EPSILON), 0
        for _ in range(60):
            detector.update(dice.random() < 0.002)
        while not detector.is_alarmed:
            is_unsafe = dice.random() < share
            if dice.random() < audited:
                detector.update(is_unsafe)
            else:
                left += is_unsafe
        numbers.append(left)
    return quantiles(numbers, n=100)[98]

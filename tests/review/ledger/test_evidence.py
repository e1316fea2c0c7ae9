"""What the ledger shows, and when that is proof."""

import math
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from review import confidence, ledger
from review.ledger import evidence
from review.ledger.evidence import Evidence
from review.models import Attempt, PlantedDraft
from tests.drafting.factories import make_category, make_draft
from tests.review.factories import make_person
from tests.review.ledger.rows import entered, make_attempt, make_terms, settle


def shown(n: int, k: int = 0, **about: Any) -> Evidence:
    """What n verdicts show where reviewers caught 60 of 60 planted errors."""
    return Evidence(**{"n": n, "k": k, "epsilon": 0.02, "alpha": 0.05, "number": 1, "planted": 60, "caught": 60, **about})


def plant(reviewer: User, *, met: int, caught: int | None = None, days_ago: float = 1, **about: Any) -> None:
    """So many planted drafts that the reviewer judged, and caught so many of them; None if they did not judge them."""
    at = timezone.now() - timedelta(days=days_ago)
    values = {"reviewer": reviewer, "kind": "date", "start": 0, "end": 5, "words": "?", "shown_at": at, "judged_at": at}
    PlantedDraft.objects.bulk_create(
        PlantedDraft(draft=make_draft(), body=f"Wrong {number}", **values | {"caught": None if caught is None else number < caught} | about)
        for number in range(met)
    )


def test_the_test_is_as_strict_as_what_reviewers_miss_makes_it() -> None:
    found = shown(200)
    assert found.catch_rate == pytest.approx(confidence.catch_rate_bound(60, 60, 0.01))
    assert found.tested_epsilon == pytest.approx(0.02 * found.catch_rate)
    assert found.tested_alpha == pytest.approx(0.04)
    assert found.threshold == pytest.approx(25)
    assert found.e == pytest.approx(math.exp(found.log_e))
    assert found.needed == confidence.reviews_needed(0, found.tested_epsilon, 0.04)


def test_the_bound_counts_in_what_reviewers_miss_and_claims_nothing_while_that_is_unknown() -> None:
    found = shown(200)
    assert found.bound == pytest.approx(confidence.upper_bound(200, 0, 0.04) / found.catch_rate)
    assert shown(5000, planted=0, caught=0).bound == 1


@pytest.mark.parametrize("about", [{}, {"number": 3}, {"epsilon": 0.05, "alpha": 0.1}])
@pytest.mark.parametrize("k", [0, 1])
def test_the_bound_reaches_epsilon_with_the_proof(k: int, about: dict[str, float]) -> None:
    start = shown(k, k, **about)
    assert shown(start.needed - 1, k, **about).bound > start.epsilon
    assert shown(start.needed, k, **about).bound <= start.epsilon


def test_it_is_proven_with_the_last_review_that_is_needed() -> None:
    needed = shown(0).needed
    assert not shown(needed - 1).is_proven
    assert shown(needed).is_proven
    assert not shown(needed + 1, 1).is_proven
    assert shown(shown(1, 1).needed, 1).is_proven


def test_a_later_attempt_needs_more() -> None:
    first, third = shown(0), shown(0, number=3)
    assert third.threshold == 3 * first.threshold
    assert third.needed > first.needed
    assert not shown(first.needed, number=3).is_proven
    assert shown(third.needed, number=3).is_proven


def test_reviewers_who_miss_too_much_or_of_whom_too_little_is_known_prove_nothing() -> None:
    for planted, caught in [(0, 0), (10, 10), (30, 25)]:
        found = shown(100_000, planted=planted, caught=caught)
        assert found.catch_rate < 0.7
        assert not found.is_proven
        assert found.missing_planted > 0
        enough = shown(100_000, planted=planted + found.missing_planted, caught=caught + found.missing_planted)
        assert enough.is_proven
        one_fewer = shown(100_000, planted=planted + found.missing_planted - 1, caught=caught + found.missing_planted - 1)
        assert not one_fewer.is_proven


def test_better_reviewers_need_fewer_drafts() -> None:
    assert shown(0, planted=600, caught=600).needed < shown(0).needed < shown(0, planted=60, caught=55).needed


def test_it_is_said_in_words() -> None:
    assert shown(141).words == f"141 of about {shown(141).needed} clean reviews."
    assert shown(141, 2).words == f"141 of about {shown(141, 2).needed} reviews, 2 of them unsafe."
    few = shown(141, planted=0, caught=0)
    assert few.words.startswith(f"141 of about {few.needed} clean reviews. {few.missing_planted} more planted drafts must be caught")


@pytest.mark.django_db
def test_without_terms_the_strict_ones_hold_and_the_newest_in_force_otherwise() -> None:
    attempt = make_attempt()
    assert (evidence.standing(attempt).epsilon, evidence.standing(attempt).alpha) == (0.02, 0.05)
    make_terms(attempt.category, epsilon=0.01)
    make_terms(attempt.category, epsilon=0.015, alpha=0.01)
    make_terms(attempt.category, epsilon=0.1, in_force_at=None)
    assert (evidence.standing(attempt).epsilon, evidence.standing(attempt).alpha) == (0.015, 0.01)


@pytest.mark.django_db
def test_planted_errors_count_of_those_whose_decisions_do(ana: User, ben: User) -> None:
    attempt = make_attempt()
    eva = make_person("reviewer", "eva")
    settle(entered(attempt), ana)
    settle(entered(attempt), ben, seconds_open=0)
    ledger.flags.flag(draft=attempt.entries.get(position=1).draft, kind="leak", words="Look.", by=eva)  # type: ignore[arg-type]
    plant(ana, met=7, caught=5)
    plant(ana, met=3, caught=3, days_ago=366)
    plant(ana, met=2, judged_at=None)
    for other in (ben, eva):
        plant(other, met=4, caught=4)
    found = evidence.standing(attempt)
    assert (found.planted, found.caught) == (7, 5)
    settle(entered(attempt), ben)
    attempt.refresh_from_db()
    found = evidence.standing(attempt)
    assert (found.planted, found.caught) == (10, 8)


@pytest.mark.django_db
def test_nobodys_good_eye_vouches_for_what_another_has_passed(ana: User, ben: User) -> None:
    attempt = make_attempt()
    settle(entered(attempt), ana)
    for _ in range(9):
        settle(entered(attempt), ben)
    plant(ana, met=60, caught=60)
    plant(ben, met=12, caught=2)
    attempt.refresh_from_db()
    found = evidence.standing(attempt)
    assert (found.planted, found.caught) == (20, 10)


@pytest.mark.django_db
def test_many_attempts_are_read_in_two_queries(ana: User, ben: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    attempts = [make_attempt(make_category(f"kind-{number}")) for number in range(4)]
    plant(ana, met=5, caught=4)
    plant(ben, met=2, caught=2)
    for attempt, people in zip(attempts, [[ana], [ben], [ana, ben], []], strict=True):
        for person in people:
            settle(entered(attempt), person)
        attempt.refresh_from_db()
    with django_assert_num_queries(2):
        found = evidence.standings(attempts)
    assert [(found[attempt.pk].planted, found[attempt.pk].caught) for attempt in attempts] == [(5, 4), (2, 2), (6, 5), (0, 0)]
    assert evidence.standings([]) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(("n", "k"), [(0, 0), (100, 0), (188, 0), (207, 0), (230, 0), (260, 0), (300, 0), (300, 3), (2000, 3)])
@pytest.mark.parametrize("met", [0, 60])
def test_what_is_proven_can_be_asked_cheaply(
    ana: User, n: int, k: int, met: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    attempt = make_attempt()
    settle(entered(attempt), ana)
    plant(ana, met=met, caught=met)
    attempt = Attempt.objects.get(pk=attempt.pk)
    attempt.n, attempt.k = n, k
    with django_assert_max_num_queries(1 if n <= 188 else 3):
        said = evidence.is_proven(attempt)
    assert said == evidence.standing(attempt).is_proven

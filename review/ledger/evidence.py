"""What the ledger shows: how far an attempt has come, and whether that is proof. Reads only.

The proof is shared out: with four fifths of alpha we test whether reviewers find fewer than epsilon·s of the drafts unsafe, with one fifth
we bound from below the share s of errors that they catch, by the planted drafts. Fewer than epsilon are unsafe then, whatever they miss.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil, log

from django.utils import timezone

from review import confidence
from review.models import Attempt, PlantedDraft, Terms

PROOF_SHARE = 0.8
LEAST_CATCH_RATE = 0.7
RATED_FOR = timedelta(days=365)
"""Planted drafts count for so long: people change."""
MOST_PLANTED = 2000
"""So many of the newest are looked at."""


@dataclass(frozen=True)
class Evidence:
    """How far an attempt has come: `n` verdicts count, `k` of them unsafe; its reviewers met `planted` errors and caught `caught`.

    At most `epsilon` of the drafts may be unsafe, which is to be shown with certainty 1 - `alpha`, in the attempt of this `number`.
    """

    n: int
    k: int
    epsilon: float
    alpha: float
    number: int
    planted: int
    caught: int

    @cached_property
    def catch_rate(self) -> float:
        """At least this share of errors is caught by the reviewers whose verdicts count (s)."""
        return confidence.catch_rate_bound(self.planted, self.caught, self.alpha * (1 - PROOF_SHARE))

    @property
    def are_reviewers_good(self) -> bool:
        """Whether enough planted errors were caught for verdicts to count as proof."""
        return self.catch_rate >= LEAST_CATCH_RATE

    @property
    def tested_epsilon(self) -> float:
        """The share of drafts that reviewers may find unsafe at most; while their catch rate is too low, as if it just sufficed."""
        return self.epsilon * max(self.catch_rate, LEAST_CATCH_RATE)

    @property
    def tested_alpha(self) -> float:
        """The part of alpha that the verdicts have."""
        return self.alpha * PROOF_SHARE

    @property
    def threshold(self) -> float:
        """What E must reach. Later attempts need more, so that trying again and again is no way around the proof."""
        return self.number / self.tested_alpha

    @cached_property
    def log_e(self) -> float:
        """Natural logarithm of E, which is finite where E is not."""
        return confidence.log_evidence(self.n, self.k, self.tested_epsilon)

    @cached_property
    def e(self) -> float:
        """The evidence E that fewer than `tested_epsilon` are unsafe."""
        return confidence.evidence(self.n, self.k, self.tested_epsilon)

    @cached_property
    def needed(self) -> int:
        """So many verdicts are needed in all if no more unsafe ones come."""
        return confidence.reviews_needed(self.k, self.tested_epsilon, 1 / self.threshold)

    @cached_property
    def bound(self) -> float:
        """At most this share of drafts is unsafe, those that reviewers miss included, with certainty 1 - alpha, however often one looks.

        It is epsilon or less wherever the proof stands, and 1 while it is not known how many errors reviewers see.
        """
        if not self.catch_rate:
            return 1.0
        return min(confidence.upper_bound(self.n, self.k, 1 / self.threshold) / self.catch_rate, 1.0)

    @property
    def is_proven(self) -> bool:
        """Whether the category may be unlocked as far as the ledger goes."""
        return self.log_e >= log(self.threshold) and self.are_reviewers_good

    @cached_property
    def missing_planted(self) -> int:
        """So many more planted drafts must be caught before the catch rate suffices."""
        needed = confidence.reviews_needed(self.planted - self.caught, 1 - LEAST_CATCH_RATE, self.alpha * (1 - PROOF_SHARE))
        return max(needed - self.planted, 0)

    @property
    def words(self) -> str:
        """How far it has come, for people without statistics."""
        missed = f", {self.k} of them unsafe" if self.k else ""
        reviews = f"{self.n} of about {self.needed} reviews{missed}." if self.k else f"{self.n} of about {self.needed} clean reviews."
        if not self.missing_planted:
            return reviews
        return f"{reviews} {_planted(self.missing_planted)} must be caught before it is known how many errors reviewers see."


def standing(attempt: Attempt, *, at: datetime | None = None) -> Evidence:
    """How far the attempt has come, under the terms in force."""
    return standings([attempt], at=at)[attempt.pk]


def standings(attempts: Sequence[Attempt], *, at: datetime | None = None) -> dict[int, Evidence]:
    """How far each of the attempts has come, by its id, in two queries."""
    terms = {one.category_id: one for one in terms_in_force([attempt.category_id for attempt in attempts])}
    rates = _catches(attempts, at or timezone.now())
    return {attempt.pk: _of(attempt, terms.get(attempt.category_id) or Terms(), *rates[attempt.pk]) for attempt in attempts}


def is_proven(attempt: Attempt, *, at: datetime | None = None) -> bool:
    """As `standing(attempt).is_proven`, but cheap for the many attempts that have far to go: nobody asks then how good reviewers are."""
    terms = next(terms_in_force([attempt.category_id]), None) or Terms()
    at_best = _of(attempt, terms, 0, 0)
    is_near = confidence.log_evidence(attempt.n, attempt.k, terms.epsilon) >= log(at_best.threshold)
    return is_near and _of(attempt, terms, *_catches([attempt], at or timezone.now())[attempt.pk]).is_proven


def terms_in_force(category_ids: Iterable[int]) -> Iterator[Terms]:
    """The terms of each category that has any."""
    in_force = Terms.objects.filter(category__in=category_ids, in_force_at__isnull=False)
    return iter(in_force.order_by("category_id", "-pk").distinct("category_id"))


def _of(attempt: Attempt, terms: Terms, planted: int, caught: int) -> Evidence:
    return Evidence(
        n=attempt.n,
        k=attempt.k,
        epsilon=terms.epsilon,
        alpha=terms.alpha,
        number=attempt.number,
        planted=planted,
        caught=caught,
    )


def _catches(attempts: Sequence[Attempt], now: datetime) -> dict[int, tuple[int, int]]:
    """How many planted errors the reviewers of each attempt met, and how many they caught."""
    everybody = {person for attempt in attempts for person in attempt.reviewers}
    judged = PlantedDraft.objects.filter(reviewer__in=everybody, judged_at__gt=now - RATED_FOR).order_by("-judged_at")
    met: dict[str, list[bool]] = {}
    for person, caught in judged.values_list("reviewer", "caught")[:MOST_PLANTED]:
        met.setdefault(str(person), []).append(bool(caught))
    return {attempt.pk: _weighed(attempt.reviewers, met) for attempt in attempts}


def _weighed(verdicts: Mapping[str, int], met: Mapping[str, Sequence[bool]]) -> tuple[int, int]:
    """Planted drafts met and caught: of each reviewer the newest, at most as large a part of all as their part of the verdicts.

    So nobody's good eye vouches for what another has passed.
    """
    together = sum(len(met.get(person, ())) for person in verdicts)
    share = together / max(1, sum(verdicts.values()))
    counted = [caught for person, number in verdicts.items() for caught in met.get(person, ())[: ceil(share * number)]]
    return len(counted), sum(counted)


def _planted(number: int) -> str:
    return "One more planted draft" if number == 1 else f"{number} more planted drafts"

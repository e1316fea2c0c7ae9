"""Shares as people read them: what is claimed is never rounded to look better than it is."""

from math import log

import pytest

from review.desk.automation.shares import bound, fold, percent


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.95, "95 %"), (0.975, "97.5 %"), (0.995, "99.5 %"), (0.9999, "99.9 %"), (1.0, "100 %"), (0.6986, "69.8 %"), (0.0094, "0.94 %")],
)
def test_a_certainty_is_never_rounded_up(share: float, said: str) -> None:
    assert percent(share) == said.replace(" ", "\u00a0")


@pytest.mark.parametrize(("share", "said"), [(0.02, "2 %"), (0.02001, "2.1 %"), (0.1241, "12.5 %"), (0.00621, "0.63 %"), (0.0, "0 %")])
def test_a_bound_is_never_rounded_down(share: float, said: str) -> None:
    assert bound(share) == said.replace(" ", "\u00a0")


@pytest.mark.parametrize("share", [each / 100 for each in range(101)])
def test_whole_per_cents_stay_as_they_are(share: float) -> None:
    assert percent(share) == bound(share) == f"{round(100 * share)}\u00a0%"


def test_evidence_that_does_not_suffice_never_looks_as_if_it_did() -> None:
    assert fold(log(24.99)) == "24-fold"
    assert fold(log(25)) == "25-fold"
    assert fold(log(0.19)) == "0.1-fold"

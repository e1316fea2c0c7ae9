"""Whether a candidate that did better on some mails and worse on others is better at all."""

from math import comb

LEVEL = 0.05
FEWEST = 6
"""With fewer mails that differ, not even all of them in one direction are unlikely enough (2 · ½⁵ = 0.0625)."""


def sign_test(*, better: int, worse: int) -> float:
    """The exact two-sided p-value of a sign test, which is McNemar's exact test on the pairs that differ.

    If neither is better, each differing pair falls to either side like a coin: p = min(1, 2 · Σ_{i ≤ min(b, w)} C(n, i) / 2ⁿ), n = b + w
    (Dixon and Mood 1946, doi:10.1080/01621459.1946.10501898; McNemar 1947, doi:10.1007/BF02295996).
    """
    n = better + worse
    tail = sum(comb(n, i) for i in range(min(better, worse) + 1))
    return min(1.0, 2 * tail / (1 << n))


def verdict(*, better: int, worse: int) -> str:
    """The test in words: 12 better, 3 worse: unlikely by chance (p = 0.035)."""
    said = f"{better} better, {worse} worse"
    if better + worse < FEWEST:
        return f"{said}: too few to tell"
    p = sign_test(better=better, worse=worse)
    shown = f"p = {p:.3f}" if p >= 0.001 else "p < 0.001"
    return f"{said}: {'unlikely by chance' if p <= LEVEL else 'may well be chance'} ({shown})"

"""The arithmetic of the proof: what clean reviews show, valid however often one looks. Pure; the standard library alone.

We bet against "at least a share epsilon of these drafts is unsafe". Were that true, the stake `exp(log_evidence(...))` would ever reach
1/alpha with probability at most alpha, at whatever time one looks or stops (Ville's inequality for nonnegative supermartingales).
"""

from collections.abc import Callable, Sequence
from math import exp, inf, lgamma, log, log1p

LIKELY_SHARES = (0.1, 0.3)
"""Unsafe shares that the detector watches for beside twice the acceptable one."""
THRESHOLD = 200.0
_TINY = 1e-300
_CLOSE = 1e-15
_MOST_TERMS = 10_000
_BISECTIONS = 60


def log_evidence(n: int, k: int, epsilon: float) -> float:
    """Natural logarithm of the evidence E that fewer than a share `epsilon` is unsafe, after `n` verdicts, `k` of them unsafe.

    The likelihood ratios p^k (1-p)^(n-k) / epsilon^k (1-epsilon)^(n-k), mixed over p in [0, epsilon] with a density proportional to
    p^(-1/2): a supermartingale whenever the unsafe share given the past is epsilon or more. With B the beta function, I the regularised
    incomplete one, a = k + 1/2 and b = n - k + 1: log E = log B(a, b) + log I_epsilon(a, b) - log 2 - a log epsilon - (b-1) log(1-epsilon).
    """
    _check(n, k, epsilon)
    a, b = k + 0.5, n - k + 1.0
    return _log_beta(a, b) + _log_incomplete_beta(a, b, epsilon) - log(2) - (k + 0.5) * log(epsilon) - (n - k) * log1p(-epsilon)


def upper_bound(n: int, k: int, alpha: float) -> float:
    """The smallest share of which `k` unsafe of `n` show, with certainty 1 - `alpha` at any time, that the true one lies below; else 1."""
    _check(n, k, alpha)
    if n == k or log_evidence(n, k, 1 - 1e-12) < -log(alpha):
        return 1.0
    return _first(lambda share: log_evidence(n, k, share) >= -log(alpha), low=max(k / n, 1e-12), high=1 - 1e-12)


def reviews_needed(k: int, epsilon: float, alpha: float) -> int:
    """So many verdicts are needed to reach E = 1/`alpha` if `k` of them are unsafe and no more will be."""
    _check(k, k, epsilon)
    low, high = k, max(2 * k, 1)
    while log_evidence(high, k, epsilon) < -log(alpha):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if log_evidence(middle, k, epsilon) >= -log(alpha) else (middle, high)
    return high


def catch_rate_bound(planted: int, caught: int, alpha: float) -> float:
    """At least this share of planted errors is caught by those who met `planted` and caught `caught`, with certainty 1 - `alpha`."""
    return 1 - upper_bound(planted, planted - caught, alpha)


def interval(n: int, k: int, alpha: float = 0.05) -> tuple[float, float]:
    """The shares that `k` of `n` leave possible with certainty 1 - `alpha`: for one look at what was found, not for watching it grow.

    The exact interval of Clopper and Pearson (1934): I_low(k, n-k+1) = alpha/2 and I_high(k+1, n-k) = 1 - alpha/2.
    """
    _check(n, k, alpha)
    ends = (1e-12, 1 - 1e-12)
    low = _first(lambda p: exp(_log_incomplete_beta(k, n - k + 1, p)) >= alpha / 2, low=ends[0], high=ends[1]) if k else 0.0
    high = _first(lambda p: exp(_log_incomplete_beta(k + 1, n - k, p)) >= 1 - alpha / 2, low=ends[0], high=ends[1]) if k < n else 1.0
    return low, high


class Drift:
    """The detector that says when an unlocked category has become worse than `epsilon`: Shiryaev-Roberts for unknown times of change.

    For each alternative share q, S <- (1 + S) q/epsilon after an unsafe verdict and (1 + S) (1-q)/(1-epsilon) after a safe one. While the
    true share is epsilon, the mean of the S minus the number of verdicts is a martingale, so on average at least `threshold` verdicts lie
    between false alarms (Pollak 1985, "Optimal detection of a change in distribution"). `values` are the S to go on from.
    """

    def __init__(self, epsilon: float, threshold: float = THRESHOLD, values: Sequence[float] = ()) -> None:
        self.epsilon = epsilon
        self.threshold = threshold
        self.shares = [share for share in (2 * epsilon, *LIKELY_SHARES) if epsilon < share < 1]
        self.values = list(values) if len(values) == len(self.shares) else [0.0] * len(self.shares)

    def update(self, unsafe: bool) -> float:
        """Take one more verdict and return the mean of the S; `is_alarmed` says whether it has reached the threshold."""
        self.values = [
            (1 + value) * (share / self.epsilon if unsafe else (1 - share) / (1 - self.epsilon))
            for share, value in zip(self.shares, self.values, strict=True)
        ]
        return self.level

    @property
    def level(self) -> float:
        """The mean of the S."""
        return sum(self.values) / len(self.values) if self.values else 0.0

    @property
    def is_alarmed(self) -> bool:
        """Whether the category should be suspended."""
        return self.level >= self.threshold


def evidence(n: int, k: int, epsilon: float) -> float:
    """E itself, as people read it ("20-fold"); infinite where it is too large for a float."""
    logarithm = log_evidence(n, k, epsilon)
    return exp(logarithm) if logarithm < 700 else inf


def _check(n: int, k: int, share: float) -> None:
    if not 0 <= k <= n:
        raise ValueError(f"{k} unsafe of {n} verdicts cannot be.")
    if not 0 < share < 1:
        raise ValueError(f"A share lies between 0 and 1, not at {share}.")


def _first(holds: Callable[[float], bool], *, low: float, high: float) -> float:
    """Where a condition that fails at `low` and holds at `high` begins to hold."""
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _log_incomplete_beta(a: float, b: float, x: float) -> float:
    """Logarithm of the regularised incomplete beta function I_x(a, b): DLMF 8.17.22, from whichever side the fraction converges fast."""
    if x < (a + 1) / (a + b + 2):
        return _log_lower_part(a, b, x)
    return log1p(-exp(min(_log_lower_part(b, a, 1 - x), -_CLOSE)))


def _log_lower_part(a: float, b: float, x: float) -> float:
    return a * log(x) + b * log1p(-x) - log(a) - _log_beta(a, b) - log(_fraction(a, b, x))


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction 1 + d1/(1 + d2/(1 + ...)) of DLMF 8.17.22, by the modified Lentz method."""
    value, c, d = 1.0, 1.0, 0.0
    for term in range(1, _MOST_TERMS):
        m = term // 2
        if term % 2:
            step = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / (1 + step * d or _TINY)
        c = 1 + step / c or _TINY
        value *= c * d
        if abs(c * d - 1) < _CLOSE:
            return value
    return value

"""Shares and evidence as people read them. Pure."""

from math import ceil, exp, log

SPACE = "\u00a0"
"""A number and its sign stay on one line."""
_MOST = 1_000_000
_CLOSE = 1e-6


def percent(share: float) -> str:
    """A share: 2 %, 0.94 %, 12 %."""
    said = 100 * share
    digits = 0 if said >= 10 or said == round(said) else 1 if said >= 1 else 2
    return f"{said:.{digits}f}{SPACE}%"


def bound(share: float) -> str:
    """A share that the truth lies below: never rounded down."""
    said = 100 * share
    step = 1.0 if said >= 10 else 0.1 if said >= 1 else 0.01
    return percent(min(ceil(said / step - _CLOSE) * step / 100, 1.0))


def fold(log_e: float) -> str:
    """Evidence from its natural logarithm: 12-fold, 0.4-fold."""
    if log_e > log(_MOST):
        return f"over {_MOST:,}-fold"
    value = exp(log_e)
    return f"{value:,.0f}-fold" if value >= 10 else f"{value:.1f}-fold" if value >= 0.1 else "under 0.1-fold"

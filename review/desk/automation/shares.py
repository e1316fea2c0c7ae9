"""Shares and evidence as people read them. Pure."""

from math import ceil, exp, floor, log

SPACE = "\u00a0"
"""A number and its sign stay on one line."""
_MOST = 1_000_000
_CLOSE = 1e-6


def percent(share: float) -> str:
    """A share that is at least so large, such as a certainty: 2 %, 97.5 %, 0.94 %. Never rounded up."""
    step = _step(share)
    return _said(floor(100 * share / step + _CLOSE) * step)


def bound(share: float) -> str:
    """A share that is at most so large, such as one of errors: never rounded down."""
    step = _step(share)
    return _said(min(ceil(100 * share / step - _CLOSE) * step, 100.0))


def _step(share: float) -> float:
    return 0.1 if share >= 0.01 else 0.01


def _said(said: float) -> str:
    digits = 0 if abs(said - round(said)) < _CLOSE else 1 if said >= 1 else 2
    return f"{said:.{digits}f}{SPACE}%"


def fold(log_e: float) -> str:
    """Evidence from its natural logarithm: 12-fold, 0.4-fold. Never rounded up."""
    if log_e > log(_MOST):
        return f"over {_MOST:,}-fold"
    value = exp(log_e) * (1 + _CLOSE)
    return f"{floor(value):,}-fold" if value >= 10 else f"{floor(10 * value) / 10:.1f}-fold" if value >= 0.1 else "under 0.1-fold"

"""Weighing: what a verdict does to the attempt."""

from datetime import datetime


def weigh_due(*, most: int = 200) -> int:
    """Sweep: weigh decisions whose undo window is over, entries that stayed without verdict, and verdicts from elsewhere."""
    raise NotImplementedError


def weigh(*, decision_id: int, at: datetime | None = None) -> None:
    """Have the ledger take notice of a decision, and the attempt go where that takes it. Once, however often it is called."""
    raise NotImplementedError

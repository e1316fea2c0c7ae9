"""What may have changed around an unlocked attempt without a verdict: its setup, its model, its caps."""


def reconcile() -> None:
    """Sweep: suspend what is unlocked and must not be any more, and hold back what has waited too long."""
    raise NotImplementedError

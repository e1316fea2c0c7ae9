"""How much one draft may cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Per draft: requests to the model, lookups it asks for, seconds altogether, tokens in and out altogether."""

    model_calls: int = 8
    lookups: int = 5
    seconds: float = 150.0
    tokens: int = 60_000


BUDGET = Budget()

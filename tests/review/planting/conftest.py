"""Chance, where a test needs to know it."""

from collections.abc import Callable

import pytest

from review import chance


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Every draft that may have an error is given one; called with a number in [0, 1), which one it is changes."""

    def choose(which: float) -> None:
        monkeypatch.setattr(chance, "share", lambda purpose, *ids: which if purpose == "corruption" else 0.0)

    choose(0.0)
    return choose

"""What tests of auto-send share: chance that tests steer, and people."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from review import chance
from review.models import Attempt
from tests.review.autosend.factories import attempt_at, running_setup
from tests.review.factories import make_person

Shares = Callable[..., None]


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> Shares:
    """Chance as a test wants it: nobody is audited, and everybody is within the ramp, unless it says otherwise."""

    def set_to(**shares: float) -> None:
        known = {"audit": 0.99, "ramp": 0.0, "second": 0.99, "plant": 0.99} | shares
        monkeypatch.setattr(chance, "share", lambda purpose, *_ids: known[purpose])

    set_to()
    return set_to


@pytest.fixture
def dana(db: None) -> User:
    """An admin."""
    return make_person("admin", "dana")


@pytest.fixture
def auto(db: None, shares: Shares) -> Attempt:
    """A category whose replies leave by themselves."""
    running_setup()
    return attempt_at("auto")

"""Chance, where a test needs to know it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from review import chance, claims
from review.models import Claim, PlantedDraft
from tests.review.planting.rows import eligible_draft, plant


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Every draft that may have an error is given one; called with a number in [0, 1), which one it is changes."""

    def choose(which: float) -> None:
        monkeypatch.setattr(chance, "share", lambda purpose, *ids: which if purpose == "corruption" else 0.0)

    choose(0.0)
    return choose


@pytest.fixture
def planted(ana: User) -> PlantedDraft:
    """A planted draft that Ana has open."""
    draft = eligible_draft()
    claims.claim(draft=draft, by=ana)
    Claim.objects.update(opened_at=timezone.now() - timedelta(seconds=42))
    return plant(draft, ana)

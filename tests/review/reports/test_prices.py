"""What the model cost: the newest price of each setup, by currency, and tokens that nobody has priced."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from review.models import MEASURES, LogEntry
from review.reports import prices
from review.reports.reading import Part
from tests.drafting.factories import make_setup
from tests.review.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(db: None) -> User:
    """A manager."""
    return make_person("manager", "mia", first_name="Mia")


def part(setup: int | None, *, read: int, wrote: int) -> Part:
    sums = dict.fromkeys(MEASURES, 0) | {"prompt_tokens": read, "completion_tokens": wrote}
    return Part(category=None, setup=setup, on=date(2026, 3, 1), sums=sums)


def test_tokens_cost_what_their_setup_costs(mia: User) -> None:
    setup, other = make_setup(), make_setup()
    prices.save(setup=setup, per_million_prompt=Decimal("0.5"), per_million_completion=Decimal(2), currency="EUR", by=mia)
    prices.save(setup=other, per_million_prompt=Decimal(1), per_million_completion=Decimal(1), currency="USD", by=mia)
    parts = [
        part(setup.pk, read=2_000_000, wrote=500_000),
        part(setup.pk, read=1_000_000, wrote=0),
        part(other.pk, read=300_000, wrote=200_000),
    ]
    cost = prices.cost(parts, prices.newest())
    # 3 × 0.50 + 0.5 × 2 = 2.50 EUR, and 0.5 × 1 = 0.50 USD.
    assert cost.amounts == {"EUR": Decimal("2.5"), "USD": Decimal("0.5")}
    assert cost.unpriced == {}


def test_the_newest_price_counts_for_the_past_too_and_the_old_one_stays_on_record(mia: User) -> None:
    setup = make_setup()
    for amount in (5, 3):
        prices.save(setup=setup, per_million_prompt=Decimal(amount), per_million_completion=Decimal(0), currency="EUR", by=mia)
    assert prices.cost([part(setup.pk, read=1_000_000, wrote=9)], prices.newest()).amounts == {"EUR": Decimal(3)}
    assert setup.prices.count() == 2


def test_tokens_without_a_price_are_told_apart() -> None:
    setup = make_setup()
    cost = prices.cost([part(setup.pk, read=70, wrote=30), part(None, read=5, wrote=0), part(None, read=0, wrote=0)], {})
    assert cost.amounts == {}
    assert cost.unpriced == {setup.pk: 100, None: 5}


def test_a_price_is_told_in_the_audit_log(mia: User) -> None:
    prices.save(setup=make_setup(), per_million_prompt=Decimal("0.25"), per_million_completion=Decimal("1.10"), currency="EUR", by=mia)
    entry = LogEntry.objects.get(act="report.price_saved")
    assert entry.by == mia
    assert entry.words == "A million tokens read cost 0.25 EUR, a million written 1.10 EUR."

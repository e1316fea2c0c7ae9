"""Whatever happens, in whatever order it is counted: the sums are what the raw rows say."""

from random import Random

import pytest
from pytest_django import Settings

from review.models import Outcome
from review.reports import rolling
from tests.review.reports import plain
from tests.review.reports.random_mail import RandomMail

pytestmark = pytest.mark.django_db
ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Chatham")


def counted(zone: str) -> None:
    """The sums equal a plain count."""
    assert plain.kept_tallies() == plain.tallies(zone)
    assert plain.kept_spreads() == plain.spreads(zone)


@pytest.mark.parametrize("seed", range(6))
def test_sums_equal_the_raw_rows_after_any_order_of_events_and_rolls(seed: int, settings: Settings) -> None:
    random, settings.TIME_ZONE = Random(seed), ZONES[seed % len(ZONES)]
    mail = RandomMail(seed)
    for _ in range(160):
        mail.step()
        if random.random() < 0.15:
            rolling.roll(most=random.choice((1, 5, 500)))
    rolling.roll_all(most=random.choice((3, 500)))
    assert Outcome.objects.count() > 5
    counted(settings.TIME_ZONE)
    rolling.touch_all()
    rolling.roll_all()
    counted(settings.TIME_ZONE)

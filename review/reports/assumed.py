"""What figures of the report take for granted, read at once."""

from dataclasses import dataclass

from django.db.models import CharField, DecimalField, Value
from django.db.models.functions import Cast

from review.models import Assumption
from review.reports import prices, saving
from review.reports.prices import Price

_NUMBER = DecimalField(max_digits=12, decimal_places=4)


@dataclass(frozen=True, slots=True)
class Assumed:
    """The prices of tokens by the id of their setup, and the minutes that a reply takes by hand."""

    prices: dict[int, Price]
    minutes: float


def assumed() -> Assumed:
    """What counts now. One query."""
    minutes = Assumption.objects.order_by("-pk").values_list(
        Value(0), Cast("minutes_by_hand", _NUMBER), Value(0, _NUMBER), Value("", CharField())
    )
    found = {setup: Price(*about) for setup, *about in prices.rows().union(minutes[:1], all=True)}
    by_hand = found.pop(0, None)
    return Assumed(found, float(by_hand.read) if by_hand else saving.minutes(None))

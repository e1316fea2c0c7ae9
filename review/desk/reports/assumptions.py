"""What the report takes for granted, as it stands now, with who said so."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from drafting.models import Setup
from review.desk import words
from review.desk.reports import numbers
from review.models import TokenPrice
from review.reports import saving


@dataclass(frozen=True, slots=True)
class Price:
    """What a setup's tokens cost; `at` is None where nobody has said."""

    setup: str
    model: str
    read: str
    written: str
    by: str
    at: words.Moment | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken for granted."""

    minutes: str
    by: str
    at: words.Moment | None
    prices: list[Price]


def taken() -> Taken:
    """What counts now. Three queries."""
    found = saving.assumption()
    newest = TokenPrice.objects.filter(setup=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    setups = list(
        Setup.objects.defer("parts").filter(activations__isnull=False).distinct().annotate(price=Subquery(newest)).order_by("-pk")
    )
    prices = TokenPrice.objects.select_related("by").in_bulk([setup.price for setup in setups if setup.price])
    return Taken(
        minutes=f"{saving.minutes(found):g}",
        by=words.person(found.by) if found else "",
        at=words.moment(found.at) if found else None,
        prices=[_price(setup, prices.get(setup.price)) for setup in setups],
    )


def _price(setup: Setup, price: TokenPrice | None) -> Price:
    if price is None:
        return Price(str(setup), setup.model, numbers.NONE, numbers.NONE, "", None)
    read, written = (numbers.money(each, price.currency) for each in (price.per_million_prompt, price.per_million_completion))
    return Price(str(setup), setup.model, read, written, words.person(price.by), words.moment(price.at))

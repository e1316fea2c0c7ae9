"""What the model cost: tokens by setup times the newest price that somebody named for it, for all of the past too."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from drafting.models import Setup
from review import audit_log
from review.models import TokenPrice
from review.reports.reading import Part

DEFINITION = (
    "Tokens that the model read and wrote for these mails × the price for a million of them, by the setup of each mail's newest draft. The "
    "newest price of a setup counts for its whole past."
)


class Price(NamedTuple):
    """What a million tokens cost that the model reads, and that it writes."""

    read: Decimal
    written: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What tokens cost by currency, and those without a price by the id of their setup (None where no setup drafted)."""

    amounts: dict[str, Decimal] = field(default_factory=dict)
    unpriced: dict[int | None, int] = field(default_factory=dict)


def newest() -> dict[int, Price]:
    """The price that counts, by the id of the setup."""
    return {row[0]: Price(*row[1:4]) for row in rows()}


def rows() -> QuerySet[TokenPrice, tuple[Any, ...]]:
    """The prices that count: setup and what a `Price` has."""
    newest = TokenPrice.objects.order_by("setup_id", "-pk").distinct("setup_id")
    return newest.values_list("setup_id", "per_million_prompt", "per_million_completion", "currency")


def cost(parts: Iterable[Part], prices: Mapping[int, Price]) -> Cost:
    """What the tokens of these sums cost."""
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    unpriced: Counter[int | None] = Counter()
    for part in parts:
        read, wrote = part.sums["prompt_tokens"], part.sums["completion_tokens"]
        price = prices.get(part.setup) if part.setup else None
        if price:
            amounts[price.currency] += amount(price, read=read, wrote=wrote)
        elif read + wrote:
            unpriced[part.setup] += read + wrote
    return Cost(dict(sorted(amounts.items())), dict(unpriced))


def amount(price: Price, *, read: int, wrote: int) -> Decimal:
    """What so many tokens cost."""
    return (read * price.read + wrote * price.written) / 1_000_000


@transaction.atomic
def save(*, setup: Setup, per_million_prompt: Decimal, per_million_completion: Decimal, currency: str, by: User) -> TokenPrice:
    """Say what a setup's tokens cost from now on, and cost in the past."""
    asked = {"per_million_prompt": per_million_prompt, "per_million_completion": per_million_completion, "currency": currency}
    price = TokenPrice.objects.create(setup=setup, by=by, **asked)
    words = f"A million tokens read cost {per_million_prompt:f} {currency}, a million written {per_million_completion:f} {currency}."
    audit_log.record(act="report.price_saved", by=by, about=str(setup), words=words, price=price.pk)
    return price

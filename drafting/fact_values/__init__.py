"""The values of the facts that rules speak of (see `facts.py`), from a mail and what was looked up about it.

A mail may name several orders, products and policies; there is then one set of facts for each combination of them, and a rule holds if it
holds for any.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from math import prod

from django.utils import timezone

from drafting.agent.mail import Mail
from drafting.fact_values import about_lookups, about_mail
from drafting.fact_values.records import Facts, again, recorded
from drafting.models import Customer
from drafting.protocol import CategoryChoice
from drafting.tools import Lookup, Tool
from inbox.models import Message

MOST_SETS = 200

__all__ = ["Facts", "again", "build", "recorded"]


def build(
    *,
    message: Message,
    mail: Mail,
    choice: CategoryChoice,
    customer: Customer | None,
    lookups: Sequence[Lookup],
    body: str = "",
    today: date | None = None,
    tools: Mapping[str, Tool] | None = None,
) -> list[Facts]:
    """The sets of facts, at least one. With `body`, those about the draft too; with `tools`, those of the connectors' declared fields.

    Of the model's claims only the category and its flags become facts, and flags that code finds are added: a claim must not free a mail
    from a rule.
    """
    today = today or timezone.localdate()
    orders = about_lookups.named_orders(lookups, body)
    common = {"category": choice.category, "today": today, "orders.count": len(orders)}
    common |= about_mail.of_mail(message, mail, choice, today) | about_mail.of_customer(customer)
    if body:
        common |= about_mail.of_draft(body, choice)
    found = [
        [about_lookups.of_order(order, today) for order in orders],
        [about_lookups.of_product(each) for each in about_lookups.answers(lookups, "product")],
        *about_lookups.of_connectors(lookups, tools or {}),
    ]
    return [common | each for each in _combined([group for group in found if group])]


def _combined(groups: list[list[Facts]]) -> list[Facts]:
    """Each with each. Where that would be too many, each alone: a rule about two of them then misses one, and needs a person."""
    if prod(len(group) for group in groups) > MOST_SETS:
        return [each for group in groups for each in group]
    return [{name: value for each in one for name, value in each.items()} for one in product(*groups)]

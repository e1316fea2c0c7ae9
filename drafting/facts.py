"""The facts that rules speak of, from a mail and what was looked up about it. A fact that is not known is left out."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from drafting.models import Customer
from drafting.protocol import CategoryChoice
from drafting.tools import Lookup
from inbox.models import Message

Facts: TypeAlias = dict[str, Any]


def build(*, message: Message, choice: CategoryChoice, customer: Customer | None, lookups: Sequence[Lookup], body: str = "") -> Facts:
    """Facts about this mail, as nested names: `order.total`, `mail.language` …"""
    return {}

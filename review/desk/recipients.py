"""Whom a person may want to write to: customers that are known, and those of earlier conversations, by how their address begins."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import QuerySet

from drafting.models import CustomerAddress
from inbox.models import Conversation
from review import access
from review.desk import words

SHOWN = 8
READ = 200
"""So many earlier conversations are read at most; one customer may have several."""
SHORTEST = 2
"""Fewer letters fit everybody."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address, and whose it is."""

    address: str
    name: str


def recipients(values: Mapping[str, str], *, user: User) -> list[Recipient]:
    """The addresses that begin with what was typed (`recipient`), known customers first; none for less than two letters.

    Both are prefix searches by index, whatever the number of customers and conversations.
    """
    start = values.get("recipient", "").strip().lower()[:320]
    if len(start) < SHORTEST:
        return []
    known = CustomerAddress.objects.filter(address__startswith=start).order_by("address")
    found = {one.address: one.contact or one.customer.name for one in known.select_related("customer")[:SHOWN]}
    for address, name in _earlier(values, user, start)[:READ]:
        found.setdefault(address, name)
    return [Recipient(address, name) for address, name in list(found.items())[:SHOWN]]


def _earlier(values: Mapping[str, str], user: User, start: str) -> QuerySet[Conversation, tuple[str, str]]:
    talks = access.conversations(user).filter(customer_address__startswith=start)
    if mailbox_id := words.said_id(values.get("mailbox", "")):
        talks = talks.filter(mailbox=mailbox_id)
    # Not sorted: two letters may fit very many, and the index gives the first ones in order anyway.
    return talks.values_list("customer_address", "customer_name")

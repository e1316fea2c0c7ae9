"""Who the customer is, and what they ordered. Nothing here reads beyond the customer in the scope."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from drafting.errors import NotFound
from drafting.models import Customer, CustomerAddress, Order, OrderLine
from drafting.tools import words
from drafting.tools.base import Scope

OPEN = (Order.Status.OPEN, Order.Status.CONFIRMED, Order.Status.PACKED, Order.Status.SHIPPED, Order.Status.BACKORDERED)
RECENT = 200
"""Orders of one customer whose numbers are compared loosely; older ones must be written exactly."""
LISTED = 5
LINES = Prefetch("lines", OrderLine.objects.select_related("product").order_by("pk"))


def customer_of(*, address: str) -> Customer | None:
    """Whose mail address this is."""
    owner = CustomerAddress.objects.select_related("customer").filter(address=address.strip().lower()).first()
    return owner.customer if owner else None


def customer(scope: Scope, query: str) -> dict[str, Any]:
    """The customer who wrote."""
    who = scope.require_customer()
    return {"number": who.number, "name": who.name, "language": who.language, "terms": who.terms}


def order(scope: Scope, query: str) -> dict[str, Any]:
    """One of the customer's orders, by order, invoice or tracking number."""
    who = scope.require_customer()
    known = scope.known.get(query)
    found = known if known is not None and known.customer_id == who.pk else match(who, [query]).get(query)
    if found is None:
        raise NotFound(f"This customer has no order, invoice or shipment with the number {query}.")
    prefetch_related_objects([found], LINES)
    return describe(found)


def orders(scope: Scope, query: str) -> list[dict[str, Any]]:
    """The customer's open orders, newest first; where none is open, the latest ones."""
    mine = _orders_of(scope.require_customer()).prefetch_related(LINES)
    found = list(mine.filter(status__in=OPEN)[:LISTED]) or list(mine[:LISTED])
    if not found:
        raise NotFound("This customer has no orders.")
    return [describe(each) for each in found]


def match(who: Customer, codes: Iterable[str]) -> dict[str, Order]:
    """Which of `codes` name which order of this customer; the others are left out."""
    wanted = {code: words.bare(code) for code in codes if words.bare(code)}
    spellings = {spelling for code in wanted for spelling in (code, code.upper())}
    named = Q(number__in=spellings) | Q(invoice_number__in=spellings) | Q(tracking_number__in=spellings)
    known = _by_name(_orders_of(who).filter(named)) if wanted else {}
    if not known.keys() >= set(wanted.values()):
        known = _by_name(_orders_of(who)[:RECENT]) | known
    return {code: known[bare] for code, bare in wanted.items() if bare in known}


def looks_like_an_order_number(code: str, *, shapes: set[str]) -> bool:
    """Whether a code that matched nothing was meant as an order number; it is then said that there is no such order."""
    return words.shape(code) in shapes


def order_number_shapes() -> set[str]:
    """How order and invoice numbers look here, from the latest of all customers; only their shapes."""
    latest = Order.objects.order_by("-id").values_list("number", "invoice_number")[:50]
    return {words.shape(number) for pair in latest for number in pair if number}


def describe(each: Order) -> dict[str, Any]:
    """An order as evidence. The note is for the company's own people and stays out."""
    return {
        "number": each.number,
        "status": each.status,
        "ordered_on": each.ordered_on.isoformat(),
        "promised_on": each.promised_on.isoformat() if each.promised_on else None,
        "shipped_on": each.shipped_on.isoformat() if each.shipped_on else None,
        "delivered_on": each.delivered_on.isoformat() if each.delivered_on else None,
        "carrier": each.carrier,
        "tracking_number": each.tracking_number,
        "invoice_number": each.invoice_number,
        "total": str(each.total),
        "currency": each.currency,
        "delivery_address": each.delivery_address,
        "lines": [_describe_line(line) for line in each.lines.all()],
    }


def _describe_line(line: OrderLine) -> dict[str, Any]:
    return {"sku": line.product.sku, "name": line.product.name, "quantity": line.quantity, "price": str(line.price)}


def _orders_of(who: Customer) -> QuerySet[Order]:
    return Order.objects.filter(customer=who).order_by("-ordered_on", "-id")


def _by_name(orders: QuerySet[Order]) -> dict[str, Order]:
    return {bare: each for each in orders for bare in _names(each)}


def _names(each: Order) -> set[str]:
    """The bare spellings that name an order, and its number without the leading letters where that is still telling."""
    names = {words.bare(name) for name in (each.number, each.invoice_number, each.tracking_number) if name}
    digits = words.bare(each.number).lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return names | ({digits} if len(digits) >= 5 else set())

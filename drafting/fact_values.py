"""The values of the facts that rules speak of (see `facts.py`), from a mail and what was looked up about it.

A mail may name several orders and products; there is then one set of facts for each pair of them, and a rule holds if it holds for any.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any, TypeAlias

from django.utils import timezone

from drafting.agent.mail import Mail
from drafting.gate import find_flags
from drafting.grounding import Kind, atoms
from drafting.models import Customer, Evidence
from drafting.protocol import CategoryChoice
from drafting.tools import Lookup
from inbox import languages
from inbox.models import Message

Facts: TypeAlias = dict[str, Any]
"""Values by the names of `facts.FACTS`; None where it is not known."""


def build(
    *,
    message: Message,
    mail: Mail,
    choice: CategoryChoice,
    customer: Customer | None,
    lookups: Sequence[Lookup],
    body: str = "",
    today: date | None = None,
) -> list[Facts]:
    """The sets of facts, at least one. With `body`, those about the draft too.

    Of the model's claims only the category and its flags become facts, and flags that code finds are added: a claim must not free a mail
    from a rule.
    """
    today = today or timezone.localdate()
    named = _named_orders(lookups, body)
    common = {"category": choice.category, "orders.count": len(named)} | _mail(message, mail, choice) | _customer(customer)
    if body:
        common |= _draft(body, choice)
    orders = [_order(order, today) for order in named]
    products = [_product(each) for each in _answers(lookups, "product")]
    return [common | order | one for order, one in product(orders or [{}], products or [{}])]


def _answers(lookups: Sequence[Lookup], tool: str) -> list[dict[str, Any]]:
    """What a tool found, each thing once however often it was asked for."""
    found = [each.answer for each in lookups if each.tool == tool and each.outcome == Evidence.Outcome.FOUND]
    flat = [item for answer in found for item in (answer if isinstance(answer, list) else [answer])]
    return list({item.get("number") or item.get("sku"): item for item in flat}.values())


def _named_orders(lookups: Sequence[Lookup], body: str) -> list[dict[str, Any]]:
    """The orders that mail and draft are about. Before there is a draft, a mail that names none may be about the only open one."""
    named, listed = _answers(lookups, "order"), _answers(lookups, "orders")
    if not body:
        return named or (listed if len(listed) == 1 else [])
    numbers = {order["number"] for order in named}
    return [*named, *(order for order in listed if order["number"] in body and order["number"] not in numbers)]


def _mail(message: Message, mail: Mail, choice: CategoryChoice) -> Facts:
    return {
        "mail.subject": message.subject,
        "mail.text": mail.text,
        "mail.language": message.language or None,
        "mail.is_authenticated": message.authenticity == Message.Authenticity.PASS,
        "mail.has_attachments": bool(mail.attachments),
        "mail.attachments": len(mail.attachments),
        "mail.days_since_sent": max(0, (timezone.now() - mail.date).days),
        "mail.text_length": len(mail.text),
        "mail.word_count": len(mail.text.split()),
        "mail.flags": list(dict.fromkeys([*choice.flags, *find_flags(mail.subject, mail.text)])),
    }


def _customer(customer: Customer | None) -> Facts:
    if customer is None:
        return {"customer.is_known": False}
    return {
        "customer.is_known": True,
        "customer.number": customer.number,
        "customer.language": customer.language,
        "customer.terms": customer.terms,
    }


def _order(order: dict[str, Any], today: date) -> Facts:
    promised = _days(today, order["promised_on"])
    is_waiting = order["status"] not in {"delivered", "cancelled", "returned"}
    delivered = _days(today, order["delivered_on"])
    ordered = _days(today, order["ordered_on"])
    return {
        "order.number": order["number"],
        "order.status": order["status"],
        "order.total": Decimal(order["total"]),
        "order.currency": order["currency"],
        "order.days_since_ordered": None if ordered is None else -ordered,
        "order.days_since_delivered": None if delivered is None else -delivered,
        "order.days_until_promised": promised,
        "order.is_overdue": is_waiting and promised is not None and promised < 0,
        "order.line_count": len(order["lines"]),
    }


def _product(each: dict[str, Any]) -> Facts:
    return {
        "product.sku": each["sku"],
        "product.stock": each["stock"],
        "product.price": Decimal(each["price"]),
        "product.is_in_stock": each["stock"] > 0,
    }


def _draft(body: str, choice: CategoryChoice) -> Facts:
    language = languages.detect(body)
    found = atoms(body, language=language)
    amounts = [value.partition(" ")[0] for atom in found if atom.kind is Kind.AMOUNT for value in atom.value]
    return {
        "draft.category": choice.category,
        "draft.language": language or None,
        "draft.text": body,
        "draft.length": len(body),
        "draft.amounts": [Decimal(amount) for amount in amounts],
        "draft.mentions": [atom.text for atom in found if atom.kind is Kind.ID],
    }


def _days(today: date, iso: str | None) -> int | None:
    return None if iso is None else (date.fromisoformat(iso) - today).days

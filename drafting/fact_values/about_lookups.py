"""Facts of what was looked up: orders, products, and what the connectors found. What was not found or not asked for is missing."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from drafting import working_days
from drafting.fact_values.records import Facts
from drafting.facts import group_of
from drafting.models import Evidence
from drafting.tools import FieldType, Lookup, Tool, ToolField


def answers(lookups: Sequence[Lookup], tool: str) -> list[dict[str, Any]]:
    """What a tool found, each thing once however often it was asked for."""
    found = [each.answer for each in lookups if each.tool == tool and each.outcome == Evidence.Outcome.FOUND]
    flat = [item for answer in found for item in (answer if isinstance(answer, list) else [answer])]
    return list({json.dumps(item, sort_keys=True): item for item in flat if isinstance(item, dict)}.values())


def named_orders(lookups: Sequence[Lookup], body: str) -> list[dict[str, Any]]:
    """The orders that mail and draft are about. Before there is a draft, a mail that names none may be about the only open one."""
    named, listed = answers(lookups, "order"), answers(lookups, "orders")
    if not body:
        return named or (listed if len(listed) == 1 else [])
    known = {order.get("number") for order in named}
    return [*named, *(order for order in listed if (number := order.get("number")) and number in body and number not in known)]


def of_order(order: dict[str, Any], today: date) -> Facts:
    """The facts of one order. What evidence of an older version lacks is not known."""
    promised, delivered, ordered = (_day(order.get(name)) for name in ("promised_on", "delivered_on", "ordered_on"))
    status, lines = order.get("status"), order.get("lines")
    is_waiting = status not in {"delivered", "cancelled", "returned"}
    return {
        "order.number": order.get("number"),
        "order.status": status,
        "order.total": _amount(order.get("total")),
        "order.currency": order.get("currency"),
        "order.ordered_on": ordered,
        "order.promised_on": promised,
        "order.delivered_on": delivered,
        "order.days_since_ordered": (today - ordered).days if ordered else None,
        "order.days_since_delivered": (today - delivered).days if delivered else None,
        "order.working_days_since_delivered": working_days.between(delivered, today) if delivered else None,
        "order.days_until_promised": (promised - today).days if promised else None,
        "order.is_overdue": None if status is None else is_waiting and promised is not None and promised < today,
        "order.line_count": None if lines is None else len(lines),
    }


def of_product(each: dict[str, Any]) -> Facts:
    """The facts of one product, likewise."""
    stock = each.get("stock")
    return {
        "product.sku": each.get("sku"),
        "product.stock": stock,
        "product.price": _amount(each.get("price")),
        "product.is_in_stock": None if stock is None else stock > 0,
    }


def of_connectors(lookups: Sequence[Lookup], tools: Mapping[str, Tool]) -> list[list[Facts]]:
    """For each of the connectors' lookups that found something, the facts of each thing found."""
    asked = {each.tool: tools[each.tool] for each in lookups if each.tool in tools and tools[each.tool].fields}
    return [[_of_answer(tool, item) for item in answers(lookups, name)] for name, tool in asked.items() if group_of(name)]


def _of_answer(tool: Tool, item: Mapping[str, Any]) -> Facts:
    return {f"{group_of(tool.name)}.{field.name}": _value(field, item.get(field.name)) for field in tool.fields}


def _value(field: ToolField, value: Any) -> Any:
    """A field of a connector's answer as rules see it. What is not of the kind that was declared is not known."""
    if value is None or value == "":
        return None
    if field.type in (FieldType.NUMBER, FieldType.AMOUNT):
        return _number(value)
    if field.type is FieldType.YES_NO:
        return value if isinstance(value, bool) else None
    return _day(str(value)[:10]) if field.type is FieldType.DATE else str(value)


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if abs(number) < float("inf") and not isinstance(value, bool) else None


def _amount(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None


def _day(iso: str | None) -> date | None:
    try:
        return date.fromisoformat(iso) if iso else None
    except ValueError:
        return None

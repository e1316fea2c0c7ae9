"""The functions that rules may call beside those of CEL. Dates are ISO 8601 texts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from drafting import working_days


@dataclass(frozen=True, slots=True)
class Function:
    """One function, as the editor shows it; `example` is part of a rule that can be saved. No `call`: CEL has it."""

    signature: str
    description: str
    example: str
    call: Callable[..., Any] | None = None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text[:40]}” is no date such as 2026-01-31") from None


def _days_between(first: str, second: str) -> int:
    return (_day(second) - _day(first)).days


def _working_days_between(first: str, second: str) -> int:
    return working_days.between(_day(first), _day(second))


def _add_working_days(start: str, count: int) -> str:
    return working_days.add(_day(start), count).isoformat()


def _amount(amounts: Mapping[str, float], currency: str) -> float:
    return float(amounts.get(currency.upper(), 0))


def _mentions(texts: str | Iterable[str], words: str) -> bool:
    wanted = " ".join(words.casefold().split())
    return any(wanted in " ".join(text.casefold().split()) for text in ([texts] if isinstance(texts, str) else texts))


FUNCTIONS: dict[str, Function] = {
    "days_between": Function(
        "days_between(date, date)",
        "Days from the first date to the second; negative if the second is earlier",
        'days_between(order.ordered_on, "2026-12-31") > 14',
        _days_between,
    ),
    "working_days_between": Function(
        "working_days_between(date, date)",
        "The same in working days: Monday to Friday, without the public holidays that the operator listed",
        "working_days_between(order.delivered_on, mail.sent_on) > 5",
        _working_days_between,
    ),
    "add_working_days": Function(
        "add_working_days(date, number)",
        "The date so many working days later; earlier with a negative number",
        "add_working_days(order.promised_on, 2) < today",
        _add_working_days,
    ),
    "amount": Function(
        "amount(amounts, currency)", "The amount in a currency; 0 if there is none", 'amount(draft.money, "EUR") > 1000', _amount
    ),
    "mentions": Function(
        "mentions(text or texts, words)",
        "Whether the words stand in the text, or in one of the texts, in small or capital letters",
        'mentions(conversation.attachment_names, "invoice")',
        _mentions,
    ),
    "has": Function("has(fact)", "Whether the fact is known", "has(order.total) && order.total > 500"),
    "in": Function("value in list", "Whether the list contains it, or an amount in that currency is named", '"CHF" in draft.money'),
    "exists": Function("list.exists(name, condition)", "Whether any of the list is so", "draft.amounts.exists(each, each > 100)"),
    "all": Function("list.all(name, condition)", "Whether each of the list is so", 'mail.attachment_types.all(each, each == "image")'),
    "size": Function("size(text or list)", "How many characters or members", "size(mail.attachment_names) > 3"),
    "contains": Function("text.contains(text)", "Whether the text stands in it, exactly so", 'order.number.contains("SO-")'),
    "startsWith": Function("text.startsWith(text)", "Whether it begins so", 'mail.subject.startsWith("Re:")'),
    "endsWith": Function("text.endsWith(text)", "Whether it ends so", 'customer.number.endsWith("-X")'),
    "matches": Function("text.matches(pattern)", "Whether a regular expression finds something", 'mail.text.matches("(?i)urgent|asap")'),
    "int": Function("int(number)", "As a whole number", "int(order.total) > 500"),
    "double": Function("double(number)", "As a decimal number, to calculate with decimals", "double(orders.count) * order.total > 1000"),
    "string": Function("string(value)", "As a text", 'string(order.line_count) == "4"'),
}
"""By name, in the order in which the editor shows them."""

CALLS: dict[str, Callable[..., Any]] = {name: function.call for name, function in FUNCTIONS.items() if function.call}

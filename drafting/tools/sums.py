"""Arithmetic and dates, so that sums and days in a reply are evidence too."""

import ast
import operator
from collections.abc import Callable
from datetime import date
from decimal import Context, Decimal, DecimalException, localcontext
from typing import Any

from drafting import working_days
from drafting.errors import NotFound
from drafting.tools.base import Scope

OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def calculate(scope: Scope, query: str) -> dict[str, str]:
    """The value of an expression of numbers, + - * / and brackets, in decimal arithmetic."""
    expression = query.strip()
    try:
        with localcontext(Context(prec=28)):
            return {"expression": expression, "result": _plain(_value(ast.parse(expression, mode="eval").body, expression))}
    except (SyntaxError, ValueError, DecimalException, RecursionError, MemoryError) as error:
        raise NotFound(f"{query[:80]!r} cannot be calculated; write numbers with a point, + - * / and brackets.") from error


def dates(scope: Scope, query: str) -> dict[str, Any]:
    """Today, and the date that is asked for: a number of working days from today, or an ISO date."""
    asked = query.strip()
    try:
        day = working_days.add(scope.today, int(asked)) if _is_count(asked) else date.fromisoformat(asked or scope.today.isoformat())
    except (ValueError, OverflowError) as error:
        raise NotFound(f"{query[:80]!r} is no date; ask with a number of working days (3) or a date (2026-01-31).") from error
    return {
        "today": scope.today.isoformat(),
        "weekday": f"{scope.today:%A}",
        "date": day.isoformat(),
        "date_weekday": f"{day:%A}",
        "working_days_from_today": working_days.between(scope.today, day),
    }


def _is_count(text: str) -> bool:
    return text.lstrip("+-").isdecimal() and len(text) <= 5


def _value(node: ast.expr, expression: str) -> Decimal:
    if isinstance(node, ast.Constant) and type(node.value) in {int, float}:
        return Decimal(ast.get_source_segment(expression, node) or "")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, expression)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        return OPERATIONS[type(node.op)](_value(node.left, expression), _value(node.right, expression))
    raise ValueError(ast.dump(node)[:80])


def _plain(value: Decimal) -> str:
    if not value.is_finite() or abs(value.adjusted()) > 20:
        raise ValueError("out of range")
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text and len(text.split(".")[1]) > 2 else text

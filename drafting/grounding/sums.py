"""What a calculation may confirm. Whoever may multiply and divide known numbers at will reaches nearly every amount, so few forms count:

* quantity × price of one line of a record, or of a quantity that the customer asked about and a unit price;
* at most three amounts of one record and such products, added or subtracted, or any number of them added up;
* the same field of several records added up (the totals of all open orders), or products with quantities the customer asked about;
* counts of the same field of one record added up (all pieces of an order).

Each figure counts once, all money is of one currency. No division, no percentages, nothing from free text but quantities.
"""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from drafting.grounding.sources import Figure

MOST_TERMS = 12
MOST_SIGNED = 3
_UNIT_PRICES = ("price", "preis", "prix", "precio", "prezzo", "prijs", "cena", "preço", "preco")


@dataclass(frozen=True, slots=True)
class _Term:
    """One summand: a figure, or a quantity times a price."""

    sign: int
    factors: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class _Use:
    """What a term may stand for."""

    key: str
    currency: str
    field: str
    record: int
    is_asked: bool = False


def derive(expression: str, *, figures: Sequence[Figure], asked_quantities: Iterable[str]) -> str | None:
    """The currency of what `expression` comes to ("?" if unknown, "" for a count); None if it confirms nothing."""
    terms = _terms(expression)
    if not terms or len(terms) > MOST_TERMS:
        return None
    asked = set(asked_quantities)
    uses = [_uses(term, figures, asked) for term in terms]
    if not all(uses):
        return None
    for currency in dict.fromkeys(use.currency for use in uses[0]):
        same = [[use for use in each if use.currency == currency] for each in uses]
        if all(same) and _fit_together(terms, same, is_money=bool(currency)):
            return currency
    return None


def _fit_together(terms: list[_Term], uses: list[list[_Use]], *, is_money: bool) -> bool:
    is_sum = all(term.sign > 0 for term in terms)
    by_record, by_field = _grouped(uses, lambda use: use.record), _grouped(uses, lambda use: "asked" if use.is_asked else use.field)
    if is_money:
        in_one_record = any(_distinct(group) for group in by_record.values()) and (is_sum or len(terms) <= MOST_SIGNED)
        return in_one_record or (is_sum and any(_distinct(group) for group in by_field.values()))
    per_field = _grouped(uses, lambda use: (use.record, use.field))
    return is_sum and any(_distinct(group) for group in per_field.values())


def _grouped(uses: list[list[_Use]], key: object) -> dict[object, list[list[_Use]]]:
    """The uses of every term that are alike by `key`; groups in which a term has none are left out."""
    assert callable(key)
    names = dict.fromkeys(key(use) for use in uses[0])
    groups = {name: [[use for use in each if key(use) == name] for each in uses] for name in names}
    return {name: group for name, group in groups.items() if all(group)}


def _distinct(uses: list[list[_Use]]) -> bool:
    """Whether every term can have a use of its own. Terms with the same uses need as many of them (equal numbers, equal uses)."""
    wanted: Counter[frozenset[str]] = Counter(frozenset(use.key for use in each) for each in uses)
    return all(count <= len(keys) for keys, count in wanted.items())


def _uses(term: _Term, figures: Sequence[Figure], asked: set[str]) -> list[_Use]:
    if len(term.factors) == 1:
        value = term.factors[0]
        return [_Use(str(at), each.currency, each.field, each.record) for at, each in enumerate(figures) if each.value == value]
    return [use for one, other in (term.factors, term.factors[::-1]) for use in _products(one, other, figures, asked)]


def _products(quantity: Decimal, price: Decimal, figures: Sequence[Figure], asked: set[str]) -> list[_Use]:
    counts = defaultdict(set)
    for each in figures:
        if not each.currency and each.value == quantity:
            counts[each.line].add(each.field)
    prices = [(at, each) for at, each in enumerate(figures) if each.currency and each.value == price and _is_unit_price(each.field)]
    is_asked = quantity == quantity.to_integral_value() and str(int(quantity)) in asked
    lines = [_Use(f"line {at}", each.currency, "line", each.record) for at, each in prices if _is_quantity(counts.get(each.line, set()))]
    return lines + [_Use(f"asked {at}", each.currency, each.field, each.record, is_asked=True) for at, each in prices if is_asked]


def _is_unit_price(name: str) -> bool:
    return any(word in name.lower() for word in _UNIT_PRICES)


def _is_quantity(names: set[str]) -> bool:
    return any(word in name.lower() for name in names for word in ("quantity", "qty", "count", "pieces", "menge", "anzahl"))


def _terms(expression: str) -> list[_Term]:
    """The summands of a flat expression; empty if it is anything else."""
    try:
        return _flat(ast.parse(expression.strip(), mode="eval").body, expression.strip(), sign=1)
    except (SyntaxError, ValueError, InvalidOperation, RecursionError, MemoryError):
        return []


def _flat(node: ast.expr, expression: str, *, sign: int) -> list[_Term]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        other = sign if isinstance(node.op, ast.Add) else -sign
        return [*_flat(node.left, expression, sign=sign), *_flat(node.right, expression, sign=other)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return [_Term(sign, (_number(node.left, expression), _number(node.right, expression)))]
    return [_Term(sign, (_number(node, expression),))]


def _number(node: ast.expr, expression: str) -> Decimal:
    if isinstance(node, ast.Constant) and type(node.value) in {int, float}:
        return Decimal(ast.get_source_segment(expression, node) or "")
    raise ValueError("no number")

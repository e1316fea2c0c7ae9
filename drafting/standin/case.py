"""One ask with everything needed to deal with it, and the facts of orders and products as the reply's language writes them."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from drafting.standin.languages import join, read_date, write_amount, write_date, write_number
from drafting.standin.material import Material, Thing
from drafting.standin.phrases import say

_FREIGHT = re.compile(
    r"freight|shipping|postage|fracht|versand|porto?\b|frais de|envío|gastos de|spedizione|verzend|vracht|wysyłka", re.IGNORECASE
)
DATES = ("ordered_on", "promised_on", "shipped_on", "delivered_on", "restock_on")
MOST_ITEMS = 2
"""Up to so many positions are named within a sentence about an order."""


@dataclass(frozen=True)
class Case:
    """An ask (`text`, `intent`) of a mail, the language of the reply, and the facts that it shall leave out."""

    material: Material
    language: str
    text: str
    intent: str
    omits: frozenset[str] = frozenset()

    def say(self, key: str, facts: Thing | None = None) -> str:
        """A phrase in the reply's language, its wording picked by the mail."""
        told = {name: fact for name, fact in (facts or {}).items() if name not in self.omits}
        return say(key, self.language, told, case=self.material.whole_mail)

    def can_look_up(self, kind: str, query: str) -> bool:
        """Whether the tool is there, a lookup is left, and this was not asked before."""
        return bool(self.material.tool(kind)) and not self.material.was_asked(kind, query)

    @property
    def places(self) -> list[str]:
        """Texts to search for what the ask is about, nearest first."""
        return [self.text, self.material.text, self.material.subject, self.material.history]


def order_facts(order: Thing, language: str) -> dict[str, str]:
    """The facts of an order in words; what is not known is left out."""
    facts = {key: str(value) for key, value in order.items() if isinstance(value, str | int) and value != ""}
    facts |= _dates(order, language)
    if order.get("total") is not None:
        facts["total"] = _amount(order["total"], order, language)
    lines = positions(order)
    if 0 < len(lines) <= MOST_ITEMS:
        facts["items"] = join([f"{line.get('quantity', 1)} × {line['name']}" for line in lines], language)
    return facts


def positions(order: Thing) -> list[Thing]:
    """The goods of an order, without its freight."""
    return [line for line in order.get("lines") or [] if isinstance(line, dict) and line.get("name") and not _FREIGHT.match(line["name"])]


def product_facts(product: Thing, language: str) -> dict[str, str]:
    """The facts of a product in words; `product` is its name."""
    facts = {"product": str(product.get("name") or product["sku"]), "sku": str(product["sku"])} | _dates(product, language)
    if product.get("price") is not None:
        facts["price"] = _amount(product["price"], product, language)
    if isinstance(product.get("stock"), int):
        facts["stock"] = write_number(product["stock"], language)
    return facts


def total_of(case: Case, product: Thing, quantity: int) -> str | None:
    """What `calculate` said that so many cost, in words; None where it was not asked."""
    result = case.material.result(expression(product, quantity))
    try:
        return None if result is None else _amount(Decimal(str(result)), product, case.language)
    except InvalidOperation:
        return None


def expression(product: Thing, quantity: int) -> str:
    """What to ask `calculate` for the price of so many."""
    return f"{quantity} * {product.get('price')}"


def is_past(value: object, today: str) -> bool:
    """Whether a day lies before today; False where either is not known."""
    day, now = read_date(value), read_date(today)
    return bool(day and now and day < now)


def bare(text: object) -> str:
    """Letters and digits alone, in lower case, so that spellings of an id compare equal."""
    return re.sub(r"[\W_]", "", str(text)).casefold()


def _dates(thing: Thing, language: str) -> dict[str, str]:
    return {name: write_date(thing[name], language) for name in DATES if thing.get(name)}


def _amount(value: object, thing: Thing, language: str) -> str:
    return write_amount(value, str(thing.get("currency") or "EUR"), language)

"""Which orders and products of the evidence an ask is about, or what to look up to know."""

from dataclasses import dataclass, field

from drafting.standin.case import Case, bare
from drafting.standin.intents import score
from drafting.standin.languages import WORD
from drafting.standin.material import Thing
from drafting.standin.outcomes import GiveUp, Lookup
from drafting.standin.reading import codes, content_words, order_numbers

UNDER_WAY = ("open", "confirmed", "packed", "shipped", "backordered")
UNKNOWN_SENDER = GiveUp("missing_fact", "The sender is no known, authenticated customer, so no order may be looked up for this mail.")
MOST_PRODUCTS = 8


@dataclass(frozen=True)
class Found:
    """The things meant; `are_named` when the mail itself says which; `unknown` are named but were looked up in vain."""

    things: list[Thing] = field(default_factory=list)
    are_named: bool = False
    unknown: list[str] = field(default_factory=list)


def find_orders(case: Case) -> Found | Lookup | GiveUp:
    """The orders that the ask names, else those that it could mean."""
    named = _named_orders(case)
    if not case.material.orders and not case.material.customer:
        return UNKNOWN_SENDER
    unknown = []
    for number in _numbers(case):
        if not any(_same(number, order) for order in case.material.orders):
            if case.can_look_up("order", number):
                return Lookup("order", number)
            unknown.append(number)
    if named or unknown:
        return Found(named, are_named=True, unknown=unknown)
    if not case.material.orders and case.can_look_up("orders", ""):
        return Lookup("orders", "")
    return Found(_meant(case))


def find_products(case: Case) -> Found | Lookup:
    """The products that the ask names by number or name."""
    named, unknown = _by_sku(case), []
    for code in _part_numbers(case):
        if not any(bare(code) == bare(product["sku"]) for product in case.material.products):
            if case.can_look_up("product", code):
                return Lookup("product", code)
            unknown.append(code)
    if named:
        return Found(named, are_named=True, unknown=[code for code in unknown if case.material.was_not_found("product", code)])
    if by_name := _by_name(case):
        return Found(by_name, are_named=len(by_name) == 1)
    query = product_words(case)
    if query and case.can_look_up("product", query):
        return Lookup("product", query)
    return Found(unknown=[one for one in [*unknown, query] if one and case.material.was_not_found("product", one)])


def product_words(case: Case) -> str:
    """The words of the ask that neither state an intent nor say nothing: most likely what the product is called."""
    words = content_words(case.text, case.language)
    return " ".join([word for word in words if not score(word, case.language)][:4])


def _numbers(case: Case) -> list[str]:
    for text in case.places:
        if numbers := order_numbers(text):
            return numbers[:3]
    return []


def _named_orders(case: Case) -> list[Thing]:
    for text in case.places:
        written = {bare(word) for word in text.split()}
        numbers = order_numbers(text)
        named = [
            order
            for order in case.material.orders
            if bare(order["number"]) in written
            or (order.get("invoice_number") and bare(order["invoice_number"]) in written)
            or any(_same(number, order) for number in numbers)
        ]
        if named:
            return named[:3]
    return []


def _same(number: str, order: Thing) -> bool:
    """Equal apart from spelling; a number without its letters in front counts as the same."""
    wanted, known = bare(number), bare(order["number"])
    return wanted == known or (wanted.isdigit() and len(wanted) >= 4 and wanted == "".join(filter(str.isdigit, known)))


def _meant(case: Case) -> list[Thing]:
    """Orders under way, those first narrowed to what contains something that the mail names."""
    under_way = [order for order in case.material.orders if order.get("status") in UNDER_WAY]
    by_line = [order for order in case.material.orders if any(_names(case, line) for line in order.get("lines") or [])]
    return (by_line[:1] if len(by_line) == 1 else []) or under_way


def _names(case: Case, line: Thing) -> bool:
    return bool(line.get("sku")) and bare(line["sku"]) in {bare(word) for word in case.material.whole_mail.split()}


def _by_sku(case: Case) -> list[Thing]:
    for text in case.places[:3]:
        written = {bare(word) for word in text.split()} | {bare(code) for code in codes(text)}
        if named := [product for product in case.material.products if bare(product["sku"]) in written]:
            return named[:MOST_PRODUCTS]
    return []


def _part_numbers(case: Case) -> list[str]:
    """Codes in the mail that are no order, invoice or tracking number that we know of or that the mail calls an order."""
    orders = case.material.orders
    others = {bare(order.get(key)) for order in orders for key in ("number", "invoice_number", "tracking_number")}
    others |= {bare(number) for text in case.places for number in order_numbers(text)}
    for text in case.places[:3]:
        if found := [code for code in codes(text) if bare(code) not in others]:
            return found[:3]
    return []


def _by_name(case: Case) -> list[Thing]:
    """The products whose names share most words with the mail, more than one where they tie."""
    ranked = [(_likeness(product, text), product) for text in case.places[:2] for product in case.material.products]
    best = max((likeness for likeness, _ in ranked), default=0)
    if best <= 0:
        return []
    tied = [product for likeness, product in ranked if likeness == best]
    return list({str(product["sku"]): product for product in tied}.values())[:4]


def _likeness(product: Thing, text: str) -> float:
    name = {word[:5] for word in WORD.findall(str(product.get("name", "")).lower()) if len(word) > 2}
    digits = {token for token in str(product.get("name", "")).lower().split() if any(letter.isdigit() for letter in token)}
    shared = name & {word[:5] for word in WORD.findall(text.lower())}
    return len(shared) + 0.5 * len(digits & set(text.lower().split())) + (0.1 * len(shared) / len(name) if name else 0)

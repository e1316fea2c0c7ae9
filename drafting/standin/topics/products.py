"""Stock, prices and quotes."""

import re

from drafting.standin.case import Case, expression, product_facts, total_of
from drafting.standin.material import Thing
from drafting.standin.outcomes import Answer, GiveUp, Lookup, Outcome
from drafting.standin.reading import order_numbers, quantity
from drafting.standin.topics.finding import Found, find_products
from drafting.standin.topics.orders import things_of
from drafting.standin.wording import template

_PRICE = re.compile(
    r"pri(?:ce|s|x|jz|js)|cost|how much|quot|preis|kost|wie viel|wieviel|tarif|coût|combien|preci|cuest|cuánto|prezz|costa|quanto"
    r"|cen[aęy]|ile kosztuje|angebot|devis|offert",
    re.IGNORECASE,
)


def stock(case: Case) -> Outcome:
    """Whether there is enough of it, and the price where that is asked."""
    found = find_products(case)
    if isinstance(found, Lookup):
        return found
    if not found.things:
        return _unknown(case, found)
    if len(found.things) > 1:
        return _several(case, found)
    return _one(case, found.things[0])


def quote(case: Case) -> Outcome:
    """Prices for what is named, with the sums that `calculate` made."""
    found = find_products(case)
    if isinstance(found, Lookup):
        return found
    if not found.things or not found.are_named:
        return _unknown(case, found) if not found.things else _several(case, found)
    if lookup := _sum_lookup(case, found.things):
        return lookup
    rows = [_row(case, product) for product in found.things]
    if approved := template(case, things_of(case, {})):
        return Answer([approved, "\n".join([case.say("asked_about"), *rows]), *_not_found(case, found)])
    return Answer(["\n".join([case.say("quote"), *rows]), *_not_found(case, found), case.say("quote_end")])


def _one(case: Case, product: Thing) -> Outcome:
    wanted, facts = _quantity(case, product), product_facts(product, case.language)
    asks_price = bool(_PRICE.search(case.text))
    if asks_price and (lookup := _sum_lookup(case, [product])):
        return lookup
    if not isinstance(product.get("stock"), int):
        return GiveUp("missing_fact", f"The stock of {facts['sku']} is not known.")
    facts |= {"quantity": str(wanted or "")}
    said = [case.say(_stock_key(product["stock"], wanted), facts)]
    if asks_price:
        total = total_of(case, product, wanted) if wanted else None
        said.append(case.say("price_total", facts | {"total": total}) if total else case.say("price", facts))
    return Answer([" ".join(filter(None, said))])


def _stock_key(available: int, wanted: int | None) -> str:
    if available <= 0:
        return "stock_none"
    if not wanted:
        return "stock"
    return "stock_enough" if available >= wanted else "stock_short"


def _several(case: Case, found: Found) -> Outcome:
    rows = [_row(case, product) for product in found.things]
    if found.are_named:
        return _sum_lookup(case, found.things) or Answer(["\n".join([case.say("asked_about"), *rows]), *_not_found(case, found)])
    return Answer(["\n".join([case.say("which_product"), *rows]), case.say("which_product_end")])


def _row(case: Case, product: Thing) -> str:
    wanted = _quantity(case, product)
    total = total_of(case, product, wanted) if wanted else None
    return case.say("product_line", product_facts(product, case.language) | {"quantity": wanted, "total": total})


def _unknown(case: Case, found: Found) -> Outcome:
    if named := [name for name in found.unknown if re.search(r"\d", name) and " " not in name]:
        return Answer(_not_found(case, Found(unknown=named[:1])))
    if found.unknown and "?" in case.text:
        return Answer([case.say("product_ask")])
    return GiveUp("missing_fact", "The product that the customer asks about could not be looked up.")


def _not_found(case: Case, found: Found) -> list[str]:
    return [case.say("product_not_found", {"query": _quoted(name, case.language)}) for name in found.unknown]


def _quoted(name: str, language: str) -> str:
    marks = {"de": "„“", "pl": "„”", "fr": "«»", "es": "«»", "it": "«»"}.get(language, "“”")
    space = "\u00a0" if language == "fr" else ""
    return f"{marks[0]}{space}{name}{space}{marks[1]}"


def _sum_lookup(case: Case, products: list[Thing]) -> Lookup | None:
    for product in products:
        wanted = _quantity(case, product)
        if wanted and product.get("price") and case.can_look_up("calculate", expression(product, wanted)):
            return Lookup("calculate", expression(product, wanted))
    return None


def _quantity(case: Case, product: Thing) -> int | None:
    """How many of it are wanted: what stands on its line, else what the ask says."""
    sku = str(product["sku"]).lower()
    lines = [line for line in case.material.whole_mail.splitlines() if sku in line.lower()]
    near = [part for line in lines for part in re.split(r"[,;]| and | und | et | y | e | en | i ", line) if sku in part.lower()]
    if before := re.search(rf"(?<![\w.,-])(\d{{1,5}})\s*(?:[^\W\d]+\s+){{0,3}}{re.escape(sku)}", " ".join(lines).lower()):
        return int(before[1]) or None
    texts = [*near, *lines, case.text] if not order_numbers(case.text) else near
    return next((wanted for text in texts if (wanted := quantity(text))), None)

"""Where an order stands, its invoice, a change of its delivery, its cancellation."""

from drafting.standin.case import Case, bare, is_past, order_facts, product_facts
from drafting.standin.material import Thing
from drafting.standin.outcomes import Answer, GiveUp, Lookup, Outcome
from drafting.standin.topics.finding import UNDER_WAY, Found, find_orders
from drafting.standin.wording import article, article_query, template

STATUS_WORDS = {
    "open": "open|received|eingegangen|offen|reçue|recibido|ricevuto|ontvangen|przyjęt",
    "confirmed": "confirm|bestätig|potwierdz|bevestigd",
    "packed": "packed|gepackt|emball|embalad|imball|ingepakt|spakowan",
    "shipped": "shipped|on its way|dispatched|versandt|versendet|unterwegs|verschickt|expédi|en route|enviado|en camino|spedito"
        "|in viaggio|verzonden|onderweg|wysłan|w drodze",
    "delivered": "delivered|zugestellt|geliefert|livré|entregado|consegnato|bezorgd|geleverd|doręczon",
    "backordered": "backorder|back order|waiting for stock|out of stock|rückstand|wartet auf|nicht lieferbar|rupture|en attente"
        "|sin existencias|a la espera|in attesa|nalevering|wacht op|brak towaru|czeka",
    "cancelled": "cancel|stornier|annul|cancelado|geannuleerd|anulowan",
    "returned": "returned|zurückgesandt|retourné|devuelto|restituito|geretourneerd|zwrócon",
}  # fmt: skip
MOST_LISTED = 5


def status(case: Case) -> Outcome:
    """Where the orders meant stand."""
    found = find_orders(case)
    if not isinstance(found, Found):
        return found
    if found.are_named:
        return _about(case, found)
    if len(found.things) == 1:
        return _about(case, found)
    if found.things:
        return Answer([_listed(case, found.things)], [])
    return Answer([case.say("which_order")])


def invoice(case: Case) -> Outcome:
    """Number and amount of the invoice, and how the copy comes: that only a template or an article can say."""
    order = _one_order(case)
    if not isinstance(order, dict):
        return order
    facts = order_facts(order, case.language)
    if not order.get("invoice_number"):
        return Answer([case.say("no_invoice", facts)])
    if wording := _approved(case, order):
        return Answer([*([] if facts["invoice_number"] in wording else [case.say("invoice", facts)]), wording])
    if lookup := _article_lookup(case):
        return lookup
    return GiveUp("not_allowed", f"The customer wants a copy of invoice {facts['invoice_number']}; a person has to attach it.")


def change(case: Case) -> Outcome:
    """Too late once it has left; before that only what a template or an article allows."""
    order = _one_order(case)
    if not isinstance(order, dict):
        return order
    facts = order_facts(order, case.language)
    late = {"shipped": "change_too_late", "delivered": "change_delivered", "cancelled": "cancelled", "returned": "returned"}
    if key := late.get(str(order["status"])):
        return Answer([case.say(key, facts)])
    return _permitted(case, order, "The delivery can still be changed, but a person has to enter the new details.")


def cancel(case: Case) -> Outcome:
    """Only what a template or an article allows."""
    order = _one_order(case)
    if not isinstance(order, dict):
        return order
    if order["status"] == "cancelled":
        return Answer([case.say("cancelled", order_facts(order, case.language))])
    return _permitted(case, order, "The customer wants to cancel it; a person has to decide and do that.")


def things_of(case: Case, order: Thing) -> dict[str, dict[str, str]]:
    """What the slots of a template may stand for."""
    facts = order_facts(order, case.language) if order else {}
    customer = {key: str(value) for key, value in case.material.customer.items() if value}
    return {"order": facts, "customer": customer, "": {f"order_{key}": value for key, value in facts.items()}}


def unknown_orders(case: Case, found: Found) -> str:
    """That the numbers named cannot be found, and which orders are under way instead."""
    paragraphs = [case.say("order_not_found", {"number": number}) for number in found.unknown]
    under_way = [order for order in case.material.orders if order.get("status") in UNDER_WAY and order not in found.things]
    return "\n\n".join([*paragraphs, *([_listed(case, under_way)] if under_way else [])])


def _about(case: Case, found: Found) -> Outcome:
    said: list[str] = []
    for order in found.things:
        if lookup := _restock_lookup(case, order):
            return lookup
        said.append(_stands(case, order))
    return Answer([*said, *([unknown_orders(case, found)] if found.unknown else [])])


def _stands(case: Case, order: Thing) -> str:
    status_now = str(order["status"])
    facts = order_facts(order, case.language)
    if wording := template(case, things_of(case, order), about=STATUS_WORDS.get(status_now, "")):
        return wording
    said = [case.say(status_now, facts), case.say("tracking", facts) if status_now in {"shipped", "delivered"} else ""]
    if status_now in UNDER_WAY:
        said += [*_restocks(case, order), _planned(case, order, facts)]
    if status_now in {"delivered", "cancelled"}:
        said.append(case.say("not_at_hand" if status_now == "delivered" else "surprise"))
    return " ".join(filter(None, said))


def _planned(case: Case, order: Thing, facts: dict[str, str]) -> str:
    return case.say("overdue" if is_past(order.get("promised_on"), case.material.today) else "promised", facts)


def _restock_lookup(case: Case, order: Thing) -> Lookup | None:
    """The first position of an order that waits for stock whose stock is not known yet."""
    if order["status"] != "backordered":
        return None
    known = {bare(product["sku"]) for product in case.material.products}
    skus = [str(line["sku"]) for line in order.get("lines") or [] if line.get("sku")]
    missing = [sku for sku in skus[:3] if bare(sku) not in known and case.can_look_up("product", sku)]
    return Lookup("product", missing[0]) if missing else None


def _restocks(case: Case, order: Thing) -> list[str]:
    wanted = {bare(line["sku"]): line.get("quantity") or 1 for line in order.get("lines") or [] if line.get("sku")}
    short = [product for product in case.material.products if (product.get("stock") or 0) < wanted.get(bare(product["sku"]), 0)]
    waits = order["status"] == "backordered"
    return [case.say("restock", product_facts(product, case.language)) for product in short] if waits else []


def _listed(case: Case, orders: list[Thing]) -> str:
    return "\n".join([case.say("orders_under_way"), *(_row(case, order) for order in orders[:MOST_LISTED])])


def _row(case: Case, order: Thing) -> str:
    facts = order_facts(order, case.language)
    if is_past(order.get("promised_on"), case.material.today):
        facts.pop("promised_on")
    return case.say("order_line", facts | {"label": case.say(f"label_{order['status']}", facts)})


def _one_order(case: Case) -> Thing | Outcome:
    """The order meant; otherwise what to do first: look up, ask the customer for the number, or give up."""
    found = find_orders(case)
    if not isinstance(found, Found):
        return found
    if found.unknown:
        return Answer([unknown_orders(case, found)])
    if len(found.things) == 1 or (found.things and found.are_named):
        return found.things[0]
    return Answer([case.say("which_order")])


def _permitted(case: Case, order: Thing, words: str) -> Outcome:
    if wording := _approved(case, order):
        return Answer([wording])
    return _article_lookup(case) or GiveUp("not_allowed", f"Order {order['number']} is {order['status']}. {words}")


def _approved(case: Case, order: Thing) -> str:
    return template(case, things_of(case, order)) or article(case)


def _article_lookup(case: Case) -> Lookup | None:
    query = article_query(case)
    return Lookup("articles", query) if case.can_look_up("articles", query) else None

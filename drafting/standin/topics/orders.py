"""Where an order stands, its invoice, a change of its delivery, its cancellation."""

import re
from dataclasses import replace

from drafting.standin.case import Case, bare, is_past, order_facts, positions, product_facts
from drafting.standin.languages import read_date, write_date
from drafting.standin.material import Thing
from drafting.standin.outcomes import Answer, GiveUp, Lookup, Outcome
from drafting.standin.topics.finding import UNDER_WAY, Found, find_orders
from drafting.standin.wording import article, article_query, beside, template

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
_LATE_WORDS = "late|on time|delay|overdue|verspät|pünktlich|verzug|retard|retras|ritard|vertrag|opóźn"
_AFTER = {"delivered": "not_at_hand", "cancelled": "new_order"}
_COPY = re.compile(
    r"cop[yií]|again|send|resend|duplica|not (?:received|arrived)|kopie|noch einmal|nochmal|schick|send|zusend|brauch|benötig|fehlt"
    r"|envoy|nouveau|manda|envi|invi|ricev|stu[ur]"
    r"|opnieuw|przesł|przesy|duplikat|need|find",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"correct|wrong|korrig|korrekt|falsch|prüfen|änder|corrig|erron|erreur|errat|sbagliat|equivocad|verkeerd|fout|błąd|błędn", re.IGNORECASE
)
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
    if _CORRECTION.search(case.text) or not _COPY.search(case.text):
        return _about_payment(case, facts)
    if wording := _approved(case, order):
        return Answer([*([] if facts["invoice_number"] in wording else [case.say("invoice", facts)]), wording])
    if lookup := _article_lookup(case):
        return lookup
    return GiveUp("not_allowed", f"The customer wants a copy of invoice {facts['invoice_number']}; a person has to attach it.")


def change(case: Case) -> Outcome:
    """Too late once it has arrived; before that what a template or an article says, and without one too late once it has left."""
    order = _one_order(case)
    if not isinstance(order, dict):
        return order
    facts, status_now = order_facts(order, case.language), str(order["status"])
    if status_now in {"delivered", "cancelled", "returned"}:
        return Answer([case.say("change_delivered" if status_now == "delivered" else status_now, facts)])
    if status_now == "shipped" and not template(case, things_of(case, order)):
        return Answer([case.say("change_too_late", facts)])
    return _permitted(case, order, "The customer wants the delivery changed; a person has to see whether that is possible and enter it.")


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
        if lookup := _restock_lookup(case, order) or _parcel_lookup(case, order):
            return lookup
        said.append(_stands(case, order))
    is_sorry = bool(found.things) and _is_overdue(case, found.things[0])
    return Answer([*said, *([unknown_orders(case, found)] if found.unknown else [])], is_sorry=is_sorry)


def _stands(case: Case, order: Thing) -> str:
    """One paragraph about an order: regret first where it is late, then its state, then what helps."""
    facts, status_now = order_facts(order, case.language), str(order["status"])
    if wording := template(case, things_of(case, order), about=STATUS_WORDS.get(status_now, "")):
        return wording
    said = [_regret(case, order, facts) if _is_overdue(case, order) else "", case.say(status_now, facts)]
    if status_now in UNDER_WAY:
        planned = "" if _is_overdue(case, order) else case.say("promised", facts)
        said += [case.say("tracking", facts) if status_now == "shipped" else "", *_restocks(case, order), planned]
        said.append(_seen(case, order, facts))
    if status_now == "returned":
        said.append(beside(replace(case, intent="return"), ""))
    return " ".join(filter(None, [*said, case.say(_AFTER.get(status_now, ""))]))


def _parcel_lookup(case: Case, order: Thing) -> Lookup | None:
    number = str(order.get("tracking_number") or "")
    is_known = order["status"] == "shipped" and number and case.material.knows_carrier(str(order.get("carrier") or ""))
    return Lookup("parcel", number) if is_known and case.can_look_up("parcel", number) else None


def _seen(case: Case, order: Thing, facts: dict[str, str]) -> str:
    """Where the carrier saw the parcel last, and how many parcels the warehouse packed."""
    known = case.material.shipment(order)
    told = {"place": str(known.get("place") or ""), "parcels": str(known.get("parcels") or "")}
    if read_date(known.get("seen_on")):
        told["seen_on"] = write_date(known["seen_on"], case.language)
    return case.say("parcel_seen" if order["status"] == "shipped" else "parcels" if order["status"] == "packed" else "", facts | told)


def _regret(case: Case, order: Thing, facts: dict[str, str]) -> str:
    """An approved wording for lateness speaks of the way, so it is for what is on its way."""
    approved = template(case, things_of(case, order), about=_LATE_WORDS) if order["status"] == "shipped" else ""
    return approved or case.say("overdue", facts)


def _is_overdue(case: Case, order: Thing) -> bool:
    return order["status"] in UNDER_WAY and is_past(order.get("promised_on"), case.material.today)


def _restock_lookup(case: Case, order: Thing) -> Lookup | None:
    """The first position of an order that waits for stock whose stock is not known yet."""
    if order["status"] != "backordered":
        return None
    known = {bare(product["sku"]) for product in case.material.products}
    skus = [str(line["sku"]) for line in positions(order) if line.get("sku")]
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
    if wording := template(case, things_of(case, order), intents=("change",)):
        return Answer([case.say(str(order["status"]), order_facts(order, case.language)) + " " + wording])
    if wording := article(case):
        return Answer([case.say(str(order["status"]), order_facts(order, case.language)), wording])
    return _article_lookup(case) or GiveUp("not_allowed", f"Order {order['number']} is {order['status']}. {words}")


def _approved(case: Case, order: Thing) -> str:
    return template(case, things_of(case, order)) or article(case)


def _about_payment(case: Case, facts: dict[str, str]) -> Outcome:
    """What is asked about an invoice other than a copy: what an article says nearest to the question."""
    if _CORRECTION.search(case.text):
        return GiveUp("not_allowed", f"Something about invoice {facts['invoice_number']} may be wrong; a person has to look at it.")
    return Answer([" ".join(filter(None, [case.say("invoice", facts), beside(case, "")]))])


def _article_lookup(case: Case) -> Lookup | None:
    query = article_query(case)
    return Lookup("articles", query) if case.can_look_up("articles", query) else None

"""Materials for the stand-in's tests, of a company made up for them, and a short way to ask it."""

from typing import Any

from drafting.protocol import Action, CategoryChoice, action_schema, category_schema
from drafting.standin.acting import act
from drafting.standin.choosing import choose
from drafting.standin.completions import fit
from drafting.standin.material import Material

TOOLS = ["customer", "order", "orders", "product", "articles", "templates", "calculate", "dates"]
CATEGORIES = [
    {"slug": "order-status", "name": "Order status", "description": "Where an order is, when it ships or arrives."},
    {"slug": "stock-price", "name": "Stock and price", "description": "Whether a product is in stock and what it costs."},
    {"slug": "return", "name": "Return", "description": "Sending back goods that are not needed."},
    {"slug": "damage-claim", "name": "Damage claim", "description": "Goods arrived broken, bent or incomplete."},
    {"slug": "invoice-copy", "name": "Invoice copy", "description": "The customer wants an invoice again."},
    {"slug": "delivery-change", "name": "Delivery change", "description": "Another delivery address or date, or cancelling an order."},
    {"slug": "quote-request", "name": "Quote request", "description": "A written offer for goods not ordered yet."},
    {"slug": "technical-question", "name": "Technical question", "description": "Which part fits, data sheets, certificates."},
    {"slug": "complaint", "name": "Complaint", "description": "The customer is dissatisfied and complains."},
    {"slug": "other", "name": "Other", "description": "Anything else: opening hours, thanks, unclear mails."},
]
ORDER = {
    "number": "QX-70114",
    "status": "shipped",
    "ordered_on": "2026-02-20",
    "promised_on": "2026-03-05",
    "shipped_on": "2026-03-01",
    "delivered_on": None,
    "carrier": "Roadrunner",
    "tracking_number": "RR5567812",
    "invoice_number": "F-3321",
    "total": "1234.50",
    "currency": "EUR",
    "delivery_address": "Mill Lane 4",
    "lines": [
        {"sku": "LMP-20", "name": "Desk lamp", "quantity": 3, "price": "41.15"},
        {"sku": "SHP-1", "name": "Freight, parcel", "quantity": 1, "price": "0.00"},
    ],
}
LAMP = {"sku": "LMP-20", "name": "Desk lamp", "description": "", "price": "41.15", "currency": "EUR", "stock": 34, "restock_on": None}


def mail(text: str, *, subject: str = "", name: str = "Anna Berger", attachments: tuple[str, ...] = ()) -> dict[str, Any]:
    """MAIL of the protocol, written on 2 March 2026."""
    return {"subject": subject, "text": text, "from_name": name, "date": "2026-03-02T09:30:00+00:00", "attachments": list(attachments)}


def evidence(tool: str, answer: object, query: str = "", outcome: str = "found") -> dict[str, Any]:
    """One lookup and what it returned."""
    return {"id": 1, "tool": tool, "question": {"query": query}, "outcome": outcome, "answer": answer}


def order(**changed: Any) -> dict[str, Any]:
    """Evidence of the order, changed as told."""
    changed_order = ORDER | changed
    return evidence("order", changed_order, changed_order["number"])


def sort(text: str, **about: Any) -> CategoryChoice:
    """What the stand-in makes of a mail in the category turn."""
    slugs = [category["slug"] for category in CATEGORIES]
    material = Material({"mail": mail(text, **about), "categories": CATEGORIES})
    return CategoryChoice.model_validate(fit(choose(material, slugs=slugs), category_schema(slugs)))


def answer(text: str, *found: dict[str, Any], about: dict[str, Any] | None = None, **changed: Any) -> Action:
    """What the stand-in does in the drafting turn, after the category turn, with `found` as evidence."""
    choice = sort(text, **about or {})
    value = {
        "mail": mail(text, **about or {}),
        "category": choice.category,
        "language": choice.language,
        "asks": choice.asks,
        "history": [],
        "customer": {"number": "77", "name": "Berger & Co", "language": choice.language, "terms": ""},
        "evidence": list(found),
        "articles": [],
        "templates": [],
        "instructions": [],
        "guidance": [],
        "reviewer_instruction": "",
        "tools": [{"name": name, "about": ""} for name in TOOLS],
        "lookups_left": 3,
        "signature_is_added": True,
    }
    return Action.model_validate(fit(act(Material(value | changed), actions=[]), action_schema(TOOLS)))

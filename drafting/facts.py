"""The facts that rules may use: name, kind, what it means, an example. The editor shows this list."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Type(StrEnum):
    """The kind of a fact, as an admin reads it."""

    TEXT = "text"
    DECIMAL = "decimal number"
    WHOLE = "whole number"
    YES_NO = "yes or no"
    TEXTS = "list of texts"
    DECIMALS = "list of decimal numbers"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact; it is missing where the thing it is about is."""

    type: Type
    description: str
    example: Any


FACTS: dict[str, Fact] = {
    "category": Fact(Type.TEXT, "The category of the mail, by its slug", "order-status"),
    "mail.subject": Fact(Type.TEXT, "The subject", "Where is my order?"),
    "mail.text": Fact(Type.TEXT, "What the person newly wrote", "Hello, where is SO-10423?"),
    "mail.language": Fact(Type.TEXT, "Its language, two letters", "de"),
    "mail.is_authenticated": Fact(Type.YES_NO, "Whether the sender's address is proven", True),
    "mail.has_attachments": Fact(Type.YES_NO, "Whether anything is attached", True),
    "mail.attachments": Fact(Type.WHOLE, "How many files are attached", 2),
    "mail.days_since_sent": Fact(Type.WHOLE, "Full days since the mail was sent", 1),
    "mail.text_length": Fact(Type.WHOLE, "Characters that the person newly wrote", 240),
    "mail.word_count": Fact(Type.WHOLE, "Words that the person newly wrote", 40),
    "mail.flags": Fact(Type.TEXTS, "What makes the mail sensitive: complaint, threat, legal, medical, press", ["complaint"]),
    "customer.is_known": Fact(Type.YES_NO, "Whether the sender's address belongs to a customer", True),
    "customer.number": Fact(Type.TEXT, "Customer number", "C-2041"),
    "customer.language": Fact(Type.TEXT, "The customer's usual language, two letters", "de"),
    "customer.terms": Fact(Type.TEXT, "What was agreed with the customer, in words", "30 days net"),
    "orders.count": Fact(Type.WHOLE, "Orders of this customer that the mail names", 1),
    "order.number": Fact(Type.TEXT, "Number of the order that the mail is about", "SO-10423"),
    "order.status": Fact(Type.TEXT, "open, confirmed, packed, shipped, delivered, backordered, cancelled or returned", "shipped"),
    "order.total": Fact(Type.DECIMAL, "Its total, freight included", 1234.5),
    "order.currency": Fact(Type.TEXT, "Currency of the total", "EUR"),
    "order.days_since_ordered": Fact(Type.WHOLE, "Full days since it was ordered", 9),
    "order.days_since_delivered": Fact(Type.WHOLE, "Full days since it was delivered", 3),
    "order.days_until_promised": Fact(Type.WHOLE, "Full days until the promised day; negative if it has passed", 2),
    "order.is_overdue": Fact(Type.YES_NO, "Whether the promised day has passed and it is not delivered", True),
    "order.line_count": Fact(Type.WHOLE, "Positions of the order", 4),
    "product.sku": Fact(Type.TEXT, "Code of the article that the mail is about", "KL-2040"),
    "product.stock": Fact(Type.WHOLE, "Pieces in stock", 120),
    "product.price": Fact(Type.DECIMAL, "Price of one piece", 12.9),
    "product.is_in_stock": Fact(Type.YES_NO, "Whether there is at least one piece", True),
    "draft.category": Fact(Type.TEXT, "As `category`, once there is a draft", "order-status"),
    "draft.language": Fact(Type.TEXT, "Language of the draft, two letters", "de"),
    "draft.text": Fact(Type.TEXT, "The draft", "Your order is on its way."),
    "draft.length": Fact(Type.WHOLE, "Characters of the draft", 420),
    "draft.amounts": Fact(Type.DECIMALS, "Amounts of money that the draft names", [1234.5]),
    "draft.mentions": Fact(Type.TEXTS, "Ids that the draft names", ["SO-10423"]),
}

GROUPS: dict[str, bool] = {name.partition(".")[0]: "." in name for name in FACTS}
"""The first words of the facts, and whether facts stand behind a dot."""

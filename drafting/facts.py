"""The facts that rules may use: name, kind, what it means, an example. The editor shows this list."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from drafting.models import ConnectorTool


class Type(StrEnum):
    """The kind of a fact, as an admin reads it. A date is a text such as "2026-01-31", so dates compare and functions take them."""

    TEXT = "text"
    DATE = "date"
    DECIMAL = "decimal number"
    WHOLE = "whole number"
    YES_NO = "yes or no"
    TEXTS = "list of texts"
    DECIMALS = "list of decimal numbers"
    AMOUNTS = "amounts by currency"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact; it is missing where the thing it is about is."""

    type: Type
    description: str
    example: Any


FACTS: dict[str, Fact] = {
    "category": Fact(Type.TEXT, "The category of the mail, by its slug", "order-status"),
    "today": Fact(Type.DATE, "The day on which the draft is written", "2026-01-12"),
    "mail.subject": Fact(Type.TEXT, "The subject", "Where is my order?"),
    "mail.text": Fact(Type.TEXT, "What the person newly wrote", "Hello, where is SO-10423?"),
    "mail.language": Fact(Type.TEXT, "Its language, two letters", "de"),
    "mail.is_authenticated": Fact(Type.YES_NO, "Whether the sender's address is proven", True),
    "mail.has_attachments": Fact(Type.YES_NO, "Whether anything is attached", True),
    "mail.attachments": Fact(Type.WHOLE, "How many files are attached", 2),
    "mail.attachment_names": Fact(Type.TEXTS, "Names of the attached files", ["invoice.pdf"]),
    "mail.attachment_types": Fact(
        Type.TEXTS, "What came with it: image, pdf, document, spreadsheet, text, video, audio, archive or other", ["image"]
    ),
    "mail.sent_on": Fact(Type.DATE, "The day on which it was sent", "2026-01-10"),
    "mail.days_since_sent": Fact(Type.WHOLE, "Days since it was sent", 2),
    "mail.working_days_since_sent": Fact(Type.WHOLE, "Working days since it was sent", 1),
    "mail.text_length": Fact(Type.WHOLE, "Characters that the person newly wrote", 240),
    "mail.word_count": Fact(Type.WHOLE, "Words that the person newly wrote", 40),
    "mail.money": Fact(Type.AMOUNTS, "The largest amount that it names, in each currency", {"EUR": 1234.5}),
    "mail.flags": Fact(Type.TEXTS, "What makes the mail sensitive: complaint, threat, legal, medical, press", ["complaint"]),
    "conversation.attachment_names": Fact(Type.TEXTS, "As in the mail, earlier mails of this sender included", ["invoice.pdf"]),
    "conversation.attachment_types": Fact(Type.TEXTS, "As in the mail, earlier mails of this sender included", ["image", "pdf"]),
    "customer.is_known": Fact(Type.YES_NO, "Whether the sender's address belongs to a customer", True),
    "customer.number": Fact(Type.TEXT, "Customer number", "C-2041"),
    "customer.language": Fact(Type.TEXT, "The customer's usual language, two letters", "de"),
    "customer.terms": Fact(Type.TEXT, "What was agreed with the customer, in words", "30 days net"),
    "orders.count": Fact(Type.WHOLE, "Orders of this customer that the mail names", 1),
    "order.number": Fact(Type.TEXT, "Number of the order that the mail is about", "SO-10423"),
    "order.status": Fact(Type.TEXT, "open, confirmed, packed, shipped, delivered, backordered, cancelled or returned", "shipped"),
    "order.total": Fact(Type.DECIMAL, "Its total, freight included", 1234.5),
    "order.currency": Fact(Type.TEXT, "Currency of the total", "EUR"),
    "order.ordered_on": Fact(Type.DATE, "The day on which it was ordered", "2026-01-03"),
    "order.promised_on": Fact(Type.DATE, "The day for which it was promised", "2026-01-14"),
    "order.delivered_on": Fact(Type.DATE, "The day on which it was delivered", "2026-01-09"),
    "order.days_since_ordered": Fact(Type.WHOLE, "Days since it was ordered", 9),
    "order.days_since_delivered": Fact(Type.WHOLE, "Days since it was delivered", 3),
    "order.working_days_since_delivered": Fact(Type.WHOLE, "Working days since it was delivered", 1),
    "order.days_until_promised": Fact(Type.WHOLE, "Days until the promised day; negative if it has passed", 2),
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
    "draft.money": Fact(Type.AMOUNTS, "The largest amount that the draft names, in each currency", {"EUR": 1234.5, "CHF": 80.0}),
    "draft.mentions": Fact(Type.TEXTS, "Ids that the draft names", ["SO-10423"]),
}

GROUPS: dict[str, bool] = {name.partition(".")[0]: "." in name for name in FACTS}
"""The first words of these facts, and whether facts stand behind a dot."""

ALWAYS = ("category", "today", "mail", "conversation", "orders", "draft")
"""The groups whose facts are there for every mail (those of the draft once there is one), if only as not known."""

_EXAMPLES: dict[str, tuple[Type, Any]] = {
    "text": (Type.TEXT, "active"),
    "customer_number": (Type.TEXT, "C-2041"),
    "number": (Type.DECIMAL, 12.5),
    "amount": (Type.DECIMAL, 1234.5),
    "date": (Type.DATE, "2026-01-09"),
    "yes_no": (Type.YES_NO, True),
}
"""The kinds of a connector's fields (`tools.FieldType`) as facts."""


def catalogue() -> dict[str, Fact]:
    """All facts of now: `FACTS`, and what the active connectors' lookups find ("policy.status"), missing where they were not asked."""
    tools = ConnectorTool.objects.filter(is_active=True, connector__is_active=True).select_related("connector")
    found = {
        f"{group}.{field['name']}": _of_connector(tool, field)
        for tool in tools
        if (group := group_of(tool.name))
        for field in tool.fields
        if str(field.get("name", "")).isidentifier() and field.get("type") in _EXAMPLES
    }
    return FACTS | found


def group_of(tool: str) -> str:
    """The first word of the facts that a connector's lookup finds; "" where that is the name of other facts, which it must not change."""
    group = tool.replace("-", "_")
    return group if group.isidentifier() and group not in GROUPS else ""


def _of_connector(tool: ConnectorTool, field: dict[str, Any]) -> Fact:
    kind, example = _EXAMPLES[field["type"]]
    return Fact(kind, field.get("about") or f"{field['name'].replace('_', ' ').capitalize()}, from {tool.connector.name}", example)

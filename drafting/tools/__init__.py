"""The lookups that the assistant may make. All are read-only, and whose data they read is bound by code (see `base.Scope`)."""

from drafting.tools import customers, knowledge, products, sums
from drafting.tools.base import FieldType, Lookup, LookupFailed, Scope, Tool, ToolField, look_up

TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool("customer", "Who the customer is and what was agreed with them. Query: empty.", "Customers", customers.customer),
        Tool("order", "One order of this customer. Query: an order, invoice or tracking number.", "Orders", customers.order),
        Tool("orders", "This customer's open orders, newest first. Query: empty.", "Orders", customers.orders),
        Tool("product", "Stock and price. Query: an article number or words of a product's name.", "Products", products.product),
        Tool("articles", "What the company says about a topic. Query: a few words.", "Articles", knowledge.articles),
        Tool("templates", "Approved wordings for this kind of mail. Query: empty.", "Templates", knowledge.templates),
        Tool("calculate", "Arithmetic. Query: numbers with + - * / and brackets.", "Calculator", sums.calculate),
        Tool("dates", "Today, working days. Query: empty, a number of working days, or a date (2026-01-31).", "Calendar", sums.dates),
    )
}


def toolbox() -> dict[str, Tool]:
    """The built-in tools and those of the active connectors, as they are now; read once per draft."""
    from drafting.connectors import tools  # built on this package

    return TOOLS | tools()


__all__ = ["TOOLS", "FieldType", "Lookup", "LookupFailed", "Scope", "Tool", "ToolField", "look_up", "toolbox"]

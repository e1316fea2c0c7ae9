"""The rows of drafting: drafts with their evidence, setups, knowledge and rules, and the built-in tables."""

from drafting.models.drafts import CheckResult, Draft, Evidence, HandOverReason, ModelCall
from drafting.models.knowledge import Article, Category, Guidance, ReplyTemplate, Rule
from drafting.models.setups import Setup, SetupActivation
from drafting.models.tables import Customer, CustomerAddress, Order, OrderLine, Product

__all__ = [
    "Article",
    "Category",
    "CheckResult",
    "Customer",
    "CustomerAddress",
    "Draft",
    "Evidence",
    "Guidance",
    "HandOverReason",
    "ModelCall",
    "Order",
    "OrderLine",
    "Product",
    "ReplyTemplate",
    "Rule",
    "Setup",
    "SetupActivation",
]

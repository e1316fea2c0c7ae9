"""The rows of drafting: drafts with their evidence, setups, knowledge and rules, connectors, the built-in tables, replays."""

from drafting.models.connectors import Connector, ConnectorTool
from drafting.models.drafts import CheckResult, Draft, Evidence, HandOverReason, ModelCall
from drafting.models.imports import TableImport
from drafting.models.knowledge import Article, Category, Guidance, ReplyTemplate, Rule, Version
from drafting.models.replays import Replay, ReplayRun
from drafting.models.setups import Canary, CanaryRun, Probe, Setup, SetupActivation, SetupJob
from drafting.models.tables import Customer, CustomerAddress, Order, OrderLine, Product

__all__ = [
    "Article",
    "Canary",
    "CanaryRun",
    "Category",
    "CheckResult",
    "Connector",
    "ConnectorTool",
    "Customer",
    "CustomerAddress",
    "Draft",
    "Evidence",
    "Guidance",
    "HandOverReason",
    "ModelCall",
    "Order",
    "OrderLine",
    "Probe",
    "Product",
    "Replay",
    "ReplayRun",
    "ReplyTemplate",
    "Rule",
    "Setup",
    "SetupActivation",
    "SetupJob",
    "TableImport",
    "Version",
]

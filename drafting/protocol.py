"""The JSON action protocol between us and a model: one flat, closed schema a turn.

Every request has one system message (what to do, the schema) and one user message, a line of instruction followed by one JSON object (the
"material"). Being JSON strings, a customer's words can never end the place they stand in.

Turn "category": material is {"mail": MAIL, "categories": [{"slug", "name", "description"}]}; the answer is a `CategoryChoice`.
Turn "draft": material is {"mail": MAIL, "category": slug, "language": code, "asks": [str], "history": [{"from": "customer" | "us",
"text"}], "customer": {...} | null, "evidence": [{"id", "tool", "question", "outcome", "answer"}], "articles": …, "templates": [{"id",
"name", "body"}], "examples": [{"mail", "reply"}] (approved for other mails of the category, masked), "instructions": [str] (rules that tell
the model something), "guidance": [str], "reviewer_instruction": str, "rejected_draft": str (the one that the reviewer speaks of), "tools":
[{"name", "about"}], "lookups_left": int, "signature_is_added": true}; the answer is an `Action`. MAIL is {"subject", "text", "from_name",
"date", "attachments": [str], "attachment_texts": [{"name", "text"}]}, the last only where something is written in files that came with it.
History, examples and articles are left out, in this order, where the context has no room for them.

Either material has "repair": str as its last key when the answer before could not be used; it says why.

Evidence "id" counts from 1 within the draft, "question" is an object (mostly {"query": str}), "outcome" is found | not_found | refused,
and "answer" is {"words": str} unless found. A connector's tool answers with an object of its declared fields, or a list of them; the
company names these tools. Found answers of the built-in ones (amounts are strings such as "123.40", dates ISO 8601 or null):
customer {"number", "name", "language", "terms"} · order ORDER · orders [ORDER] newest first · product [{"sku", "name", "description",
"price", "currency", "stock", "restock_on"}] · articles [{"id", "language", "title", "body"}] · templates [{"id", "name", "language",
"body"}] · calculate {"expression", "result"} · dates {"today", "weekday", "date", "date_weekday", "working_days_from_today"}. ORDER is
{"number", "status", "ordered_on", "promised_on", "shipped_on", "delivered_on", "carrier", "tracking_number", "invoice_number", "total",
"currency", "delivery_address", "lines": [{"sku", "name", "quantity", "price"}]}. "articles" in the material holds the articles found in
advance, [{"id", "language", "title", "body"}]; those the model asks for come as evidence.
"""

import hashlib
import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from drafting.models import HandOverReason

FLAGS = ("complaint", "threat", "legal", "medical", "press", "instructions_to_assistant")
"""What makes a mail sensitive, whatever its category."""

MODEL_REASONS = (
    HandOverReason.UNSURE.value,
    HandOverReason.MISSING_FACT.value,
    HandOverReason.NOT_ALLOWED.value,
    HandOverReason.SENSITIVE.value,
)
"""The hand-over reasons that a model may give; the others are ours."""


class CategoryChoice(BaseModel):
    """What the mail is about. `asks` are the separate things that the customer wants, in the customer's words, shortened."""

    model_config = ConfigDict(extra="forbid", strict=True)

    category: str
    is_certain: bool
    is_single_topic: bool
    language: str = Field(max_length=8, pattern=r"^[a-z]{2,3}$")
    asks: list[str] = Field(max_length=8)
    flags: list[Literal["complaint", "threat", "legal", "medical", "press", "instructions_to_assistant"]]


class Ask(BaseModel):
    """One thing the customer wants, and whether the reply answers it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    ask: str = Field(max_length=300)
    answered: bool


class Action(BaseModel):
    """What the model does in a drafting turn: a lookup (named by its tool), a reply, or a hand-over."""

    model_config = ConfigDict(extra="forbid", strict=True)

    action: str
    query: str = Field(max_length=300)
    body: str = Field(max_length=6000)
    asks: list[Ask] = Field(max_length=8)
    reason: Literal["", "unsure", "missing_fact", "not_allowed", "sensitive"]
    words: str = Field(max_length=500)


def category_schema(slugs: list[str]) -> dict[str, Any]:
    """The JSON schema of a `CategoryChoice` among `slugs`. Only enums and lengths: servers differ in what else they support."""
    return _closed(
        {
            "category": {"type": "string", "enum": slugs},
            "is_certain": {"type": "boolean"},
            "is_single_topic": {"type": "boolean"},
            "language": {"type": "string", "maxLength": 8},
            "asks": {"type": "array", "items": {"type": "string", "maxLength": 300}, "maxItems": 8},
            "flags": {"type": "array", "items": {"type": "string", "enum": list(FLAGS)}, "maxItems": len(FLAGS)},
        }
    )


def action_schema(tools: list[str]) -> dict[str, Any]:
    """The JSON schema of an `Action` that may use `tools`; without tools it is a reply or a hand-over.

    `body` has no `maxLength`: llama.cpp unrolls it into its grammar and refuses 2,000 repetitions and more, and llama-cpp-python's server
    dies of that. The length is checked when the answer is read.
    """
    ask = _closed({"ask": {"type": "string", "maxLength": 300}, "answered": {"type": "boolean"}})
    return _closed(
        {
            "action": {"type": "string", "enum": [*tools, "reply", "hand_over"]},
            "query": {"type": "string", "maxLength": 300},
            "body": {"type": "string"},
            "asks": {"type": "array", "items": ask, "maxItems": 8},
            "reason": {"type": "string", "enum": ["", *MODEL_REASONS]},
            "words": {"type": "string", "maxLength": 500},
        }
    )


def fingerprint(value: Any) -> str:
    """SHA-256 of a JSON value in one canonical spelling."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def material(value: dict[str, Any]) -> str:
    """The JSON object at the end of a user message."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}

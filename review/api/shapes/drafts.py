"""Drafts, with what they rest on."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from drafting import models
from review.api.shapes.basics import ErasedAt


class Category(BaseModel):
    """The kind of a mail."""

    slug: str
    name: str


class HandOver(BaseModel):
    """Why the assistant gave up."""

    reason: str
    words: str


class Setup(BaseModel):
    """The pinned whole that wrote a draft: model, prompts, tools, rules and gate."""

    id: int
    name: str
    fingerprint: str = Field(description="SHA-256 of all its parts, in hex.")


class Ask(BaseModel):
    """One thing that the mail asks for."""

    ask: str
    answered: bool


class Atom(BaseModel):
    """A number, date, amount, id, address or link in the draft, and where it comes from."""

    kind: str
    text: str
    start: int = Field(description="Where it begins in `text`, in characters.")
    end: int
    traced: bool
    source: str = Field(description="evidence:ID, mail, template:ID, or empty.")


class Evidence(BaseModel):
    """What one lookup returned."""

    id: int
    tool: str
    source: str = Field(description="Which system answered, in words.")
    question: Any
    outcome: str = Field(description="found, not_found, unavailable or refused.")
    answer: Any = Field(description="An object, a list of objects, or null.")
    asked_by: str = Field(description="code (in advance) or model.")
    milliseconds: int
    at: datetime


class Check(BaseModel):
    """One test that code made on the draft."""

    code: str
    passed: bool
    reason: str


class DraftSummary(BaseModel):
    """The assistant's proposed reply to one message, or its hand-over."""

    id: int
    message_id: int = Field(description="The id of the message that it answers.")
    conversation_id: int
    state: str = Field(description="queued, writing, ready, handed_over, decided or superseded.")
    category: Category | None
    language: str
    text: str
    hand_over: HandOver | None
    is_eligible: bool = Field(description="Whether every check passed.")
    setup: Setup | None
    redraft_of: int | None = Field(description="The draft that a reviewer rejected before.")
    created_at: datetime
    finished_at: datetime | None = Field(description="When it was ready or handed over.")
    erased_at: ErasedAt

    @classmethod
    def of(cls, row: models.Draft) -> "DraftSummary":
        """A draft with its category and setup."""
        return cls(**_values(row))


class Draft(DraftSummary):
    """A draft with all that it rests on."""

    instruction: str = Field(description="What the reviewer asked for on rejecting the draft before.")
    asks: list[Ask]
    atoms: list[Atom]
    evidence: list[Evidence]
    checks: list[Check]

    @classmethod
    def of(cls, row: models.Draft) -> "Draft":
        """A draft with category and setup, whose evidence and checks are fetched already."""
        return cls(
            **_values(row),
            instruction=row.instruction,
            asks=[Ask.model_validate(ask) for ask in row.asks],
            atoms=[Atom.model_validate(atom) for atom in row.atoms],
            evidence=[_evidence(one) for one in row.evidence.all()],
            checks=[Check(code=one.code, passed=one.passed, reason=one.reason) for one in row.checks.all()],
        )


def _values(row: models.Draft) -> dict[str, Any]:
    setup = row.setup
    return {
        "id": row.pk,
        "message_id": row.message_id,
        "conversation_id": row.conversation_id,
        "state": row.state,
        "category": Category(slug=row.category.slug, name=row.category.name) if row.category else None,
        "language": row.language,
        "text": row.body,
        "hand_over": HandOver(reason=row.hand_over_reason, words=row.hand_over_words) if row.hand_over_reason else None,
        "is_eligible": row.is_eligible,
        "setup": Setup(id=setup.pk, name=str(setup), fingerprint=setup.fingerprint) if setup else None,
        "redraft_of": row.redraft_of_id,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
        "erased_at": row.erased_at,
    }


def _evidence(row: models.Evidence) -> Evidence:
    return Evidence(
        id=row.pk,
        tool=row.tool,
        source=row.source,
        question=row.question,
        outcome=row.outcome,
        answer=row.answer,
        asked_by=row.asked_by,
        milliseconds=row.milliseconds,
        at=row.at,
    )

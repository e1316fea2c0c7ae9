"""Messages that came in."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from inbox import models
from review.api.shapes.basics import ErasedAt


class Address(BaseModel):
    """An address with the name beside it."""

    address: str
    name: str


class Authenticity(BaseModel):
    """Whether the sender is who the mail says."""

    result: str = Field(description="pass, fail or none (not checked).")
    reason: str


class Attachment(BaseModel):
    """A file in a message; its content is at /api/v1/attachments/{id}."""

    id: int
    name: str
    content_type: str = Field(description="As the bytes look, not as the mail claims.")
    size: int = Field(description="Bytes.")
    sha256: str
    is_inline: bool

    @classmethod
    def of(cls, row: models.Attachment) -> "Attachment":
        """A file without its content."""
        return cls(id=row.pk, name=row.name, content_type=row.content_type, size=row.size, sha256=row.sha256, is_inline=row.is_inline)


class Message(BaseModel):
    """One mail that came in."""

    id: int
    mailbox_id: int
    conversation_id: int | None = Field(description="Null for the moment in which it is not read yet.")
    state: str = Field(description="received (not read yet), parsed or unreadable.")
    kind: str = Field(description="person, automatic, bounce, list or own.")
    sender: Address
    to: list[str]
    cc: list[str]
    reply_to: list[str]
    subject: str
    text: str = Field(description="The whole text.")
    new_text: str = Field(description="What the sender newly wrote, without the quoted mails below.")
    language: str = Field(description="ISO 639-1, empty where it is not known.")
    message_id: str = Field(description="Its Message-ID, without angle brackets, like all ids of mails here.")
    in_reply_to: str
    date: datetime | None = Field(description="As the sender's computer had it.")
    received_at: datetime
    authenticity: Authenticity
    problem: str = Field(description="Why it could not be read, or what was left out, in words.")
    attachments: list[Attachment]
    erased_at: ErasedAt

    @classmethod
    def of(cls, row: models.Message) -> "Message":
        """A message whose attachments are fetched already."""
        return cls(**_values(row))


class WholeMessage(Message):
    """One mail that came in, with all that is kept of it but its bytes."""

    references: list[str]
    html: str = Field(description="As the sender wrote it: clean it before any browser shows it.")
    hidden_text: str = Field(description="Text that a reader of the mail would not have seen.")

    @classmethod
    def of(cls, row: models.Message) -> "WholeMessage":
        """A message whose attachments are fetched already."""
        return cls(**_values(row), references=row.references, html=row.html, hidden_text=row.hidden_text)


def _values(row: models.Message) -> dict[str, Any]:
    return {
        "id": row.pk,
        "mailbox_id": row.mailbox_id,
        "conversation_id": row.conversation_id,
        "state": row.state,
        "kind": row.kind,
        "sender": Address(address=row.from_address, name=row.from_name),
        "to": row.to,
        "cc": row.cc,
        "reply_to": row.reply_to,
        "subject": row.subject,
        "text": row.text,
        "new_text": row.reply_text,
        "language": row.language,
        "message_id": row.message_id,
        "in_reply_to": row.in_reply_to,
        "date": row.date,
        "received_at": row.received_at,
        "authenticity": Authenticity(result=row.authenticity, reason=row.authenticity_reason),
        "problem": row.problem,
        "attachments": [Attachment.of(one) for one in row.attachments.all()],
        "erased_at": row.erased_at,
    }

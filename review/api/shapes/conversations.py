"""Mailboxes, conversations, and the mail that leaves."""

from datetime import datetime

from pydantic import BaseModel, Field

from inbox import models
from review.api.shapes.basics import ErasedAt, Person


class Mailbox(BaseModel):
    """An account that mail is fetched from and answered from."""

    id: int
    name: str
    address: str
    language: str
    is_active: bool = Field(description="Whether mail is fetched. Messages can be created either way.")

    @classmethod
    def of(cls, row: models.Mailbox) -> "Mailbox":
        """A mailbox without its secrets."""
        return cls(id=row.pk, name=row.name, address=row.address, language=row.language, is_active=row.is_active)


class Conversation(BaseModel):
    """A thread of messages with one customer in one mailbox."""

    id: int
    mailbox_id: int
    subject: str
    customer_address: str = Field(description="In lower case.")
    customer_name: str
    state: str = Field(description="open, waiting (for the customer), snoozed or closed.")
    led_by: str = Field(description="assistant, or person once somebody took over.")
    assigned_to: Person | None
    snoozed_until: datetime | None
    created_at: datetime
    last_message_at: datetime = Field(description="When the last message came in or went out.")
    erased_at: ErasedAt

    @classmethod
    def of(cls, row: models.Conversation) -> "Conversation":
        """A conversation with whom it is assigned to."""
        return cls(
            id=row.pk,
            mailbox_id=row.mailbox_id,
            subject=row.subject,
            customer_address=row.customer_address,
            customer_name=row.customer_name,
            state=row.state,
            led_by=row.led_by,
            assigned_to=Person.of(row.assigned_to),
            snoozed_until=row.snoozed_until,
            created_at=row.created_at,
            last_message_at=row.last_message_at,
            erased_at=row.erased_at,
        )


class Outgoing(BaseModel):
    """A reply of ours, frozen, on its way or gone."""

    id: int
    conversation_id: int
    mailbox_id: int
    in_reply_to: int | None = Field(description="The id of the message that it answers.")
    message_id: str = Field(description="Its Message-ID, without angle brackets.")
    recipient: str
    subject: str
    text: str = Field(description="Without the quoted original.")
    state: str = Field(description="held, ready, claimed, dot_sent, sent, retry, failed, maybe_sent or cancelled.")
    is_automatic: bool
    created_at: datetime
    sent_at: datetime | None
    words: str = Field(description="What went wrong or was decided about it, for people.")
    erased_at: ErasedAt

    @classmethod
    def of(cls, row: models.OutgoingMail) -> "Outgoing":
        """A mail without its bytes."""
        return cls(
            id=row.pk,
            conversation_id=row.conversation_id,
            mailbox_id=row.mailbox_id,
            in_reply_to=row.in_reply_to_id,
            message_id=row.message_id,
            recipient=row.recipient,
            subject=row.subject,
            text=row.body,
            state=row.state,
            is_automatic=row.is_automatic,
            created_at=row.created_at,
            sent_at=row.sent_at,
            words=row.last_error,
            erased_at=row.erased_at,
        )

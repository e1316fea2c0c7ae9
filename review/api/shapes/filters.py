"""Which part of a list is asked for."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, Field

from review.api.shapes.basics import Id, Line


def _in_utc(moment: datetime) -> datetime:
    """PostgreSQL takes fewer zones than ISO 8601 has."""
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("Say a time after the year 1 and before the year 9999") from None


Moment = Annotated[datetime, AfterValidator(_in_utc)]


class Part(Schema):
    """How much of a list, and from where."""

    limit: int = Field(50, ge=1, le=100, description="How many at most, up to 100.")
    cursor: Line = Field("", description="next_cursor of the part before; empty for the first.")


class ConversationFilter(Part):
    """Which conversations."""

    mailbox: Id | None = Field(None, description="The id of a mailbox.")
    customer: Line = Field("", description="The address of a customer, whole. Capitals do not matter.")
    state: Literal["open", "waiting", "snoozed", "closed"] | None = None
    active_since: Moment | None = Field(None, description="Only those with a message in or out since then; UTC where no zone is said.")
    order: Literal["newest", "oldest"] = Field(
        "newest", description="By the last message. To keep a copy up to date ask oldest first: what moves meanwhile comes again later."
    )


class DraftFilter(Part):
    """Which drafts."""

    conversation: Id | None = Field(None, description="The id of a conversation.")
    message: Id | None = Field(None, description="The id of a message.")
    state: Literal["queued", "writing", "ready", "handed_over", "decided", "superseded"] | None = None


class DecisionFilter(Part):
    """Which decisions."""

    conversation: Id | None = Field(None, description="The id of a conversation.")
    draft: Id | None = Field(None, description="The id of a draft.")
    since: Moment | None = Field(None, description="Decided at or after this time; UTC where no zone is said.")


class ReportFilter(Schema):
    """Of which mails the figures are."""

    first: date | None = Field(None, alias="from", description="The first day, as 2026-01-31; 29 days before the last unless said.")
    last: date | None = Field(None, alias="to", description="The last day, itself included; today unless said.")
    mailbox: Id | None = Field(None, description="The id of a mailbox.")
    category: Line = Field("", description="The slug of a category.")
    setup: Id | None = Field(None, description="The id of a setup.")

"""What people decided."""

from datetime import datetime

from pydantic import BaseModel, Field

from review import models
from review.api.shapes.basics import Person


class Decision(BaseModel):
    """The way a draft left the queue. One that was undone stays on record and does not count."""

    id: int
    draft_id: int
    conversation_id: int
    kind: str = Field(description="approved, edited, rejected, taken_over, no_reply or auto_sent.")
    by: Person | None = Field(description="Null where nobody had to decide.")
    decided_at: datetime
    undone_at: datetime | None = Field(description="When it was taken back; a decision can be for some seconds.")
    reason: str = Field(description="What the reviewer said on rejecting.")
    edit_reason: str = Field(description="wrong_fact, missing_answer, policy, tone, too_long, language, other, or empty.")
    final_text: str = Field(description="What was sent or is to be sent.")
    outgoing_id: int | None = Field(description="The mail that followed.")

    @classmethod
    def of(cls, row: models.Decision) -> "Decision":
        """A decision with its draft and who made it."""
        return cls(
            id=row.pk,
            draft_id=row.draft_id,
            conversation_id=row.draft.conversation_id,
            kind=row.kind,
            by=Person.of(row.by),
            decided_at=row.decided_at,
            undone_at=row.undone_at,
            reason=row.reason,
            edit_reason=row.edit_reason,
            final_text=row.final_text,
            outgoing_id=row.outgoing_id,
        )

"""People and what they do: claims, decisions, notes, the audit log, and who else may look in."""

from review.models.decisions import Claim, Decision
from review.models.log import LogEntry
from review.models.notes import Note
from review.models.people import Invitation, Profile
from review.models.tokens import ApiToken, IdempotencyKey
from review.models.uploads import Upload
from review.models.webhooks import Delivery, Webhook
from review.models.writing import Writing

__all__ = [
    "ApiToken",
    "Claim",
    "Decision",
    "Delivery",
    "IdempotencyKey",
    "Invitation",
    "LogEntry",
    "Note",
    "Profile",
    "Upload",
    "Webhook",
    "Writing",
]

"""People and what they do: claims, decisions, notes, the audit log, who else may look in; and what was proven by it all."""

from review.models.automation import UNLOCKED, Attempt, Switch, Terms, Transition
from review.models.decisions import Claim, Decision
from review.models.ledger import EvidencePoint, Flag, LedgerEntry, Verdict
from review.models.log import LogEntry
from review.models.next_nine import Miss, Remedy, Theme
from review.models.notes import Note
from review.models.outcomes import MEASURES, Outcome, ReportZone, Spread, Tally, Touched
from review.models.people import Invitation, Profile
from review.models.privacy import Erasure, RetentionPeriod
from review.models.reports import Assumption, TokenPrice, WeeklyReport
from review.models.reviewing import PlantedDraft, SecondLook
from review.models.tokens import ApiToken, IdempotencyKey
from review.models.uploads import Upload
from review.models.webhooks import Delivery, Webhook
from review.models.writing import Writing

__all__ = [
    "MEASURES",
    "UNLOCKED",
    "ApiToken",
    "Assumption",
    "Attempt",
    "Claim",
    "Decision",
    "Delivery",
    "Erasure",
    "EvidencePoint",
    "Flag",
    "IdempotencyKey",
    "Invitation",
    "LedgerEntry",
    "LogEntry",
    "Miss",
    "Note",
    "Outcome",
    "PlantedDraft",
    "Profile",
    "Remedy",
    "ReportZone",
    "RetentionPeriod",
    "SecondLook",
    "Spread",
    "Switch",
    "Tally",
    "Terms",
    "Theme",
    "TokenPrice",
    "Touched",
    "Transition",
    "Upload",
    "Verdict",
    "Webhook",
    "WeeklyReport",
    "Writing",
]

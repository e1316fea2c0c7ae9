"""What the API takes and gives: shapes that do not change within a version. Fields may be added, and are never removed or renamed.

Nothing here reads the database: each shape is made of rows that were fetched with all it needs.
"""

from review.api.shapes.basics import Id, Line, Page, ProblemDetails
from review.api.shapes.conversations import Conversation, Mailbox, Outgoing
from review.api.shapes.decisions import Decision
from review.api.shapes.drafts import Draft, DraftSummary
from review.api.shapes.filters import ConversationFilter, DecisionFilter, DraftFilter, Part, ReportFilter
from review.api.shapes.incoming import MessageCreated, NewAttachment, NewMessage
from review.api.shapes.messages import Attachment, Message, WholeMessage
from review.api.shapes.reports import Report

__all__ = [
    "Attachment",
    "Conversation",
    "ConversationFilter",
    "Decision",
    "DecisionFilter",
    "Draft",
    "DraftFilter",
    "DraftSummary",
    "Id",
    "Line",
    "Mailbox",
    "Message",
    "MessageCreated",
    "NewAttachment",
    "NewMessage",
    "Outgoing",
    "Page",
    "Part",
    "ProblemDetails",
    "Report",
    "ReportFilter",
    "WholeMessage",
]

"""Every place that holds something of a person, and what is left there once it is erased: ids, states, times, counts, codes.

`PLACES` is in the order in which content goes: a mail loses its text before the planted text that it is compared with. A model that gets a
text for people belongs here or into `plain.py`; a test walks all models.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, JSONField, Model, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from drafting.models import CheckResult, Draft, Evidence, ModelCall, ReplayRun
from inbox.models import Attachment, Conversation, Erasable, Message, OutgoingMail
from review import uploads
from review.desk.erased import SUBJECT
from review.models import (
    Decision,
    Flag,
    IdempotencyKey,
    LogEntry,
    Note,
    PlantedDraft,
    SecondLook,
    Upload,
    Verdict,
    Writing,
)
from review.privacy.matters import Matter
from review.reports.histories import CAME_BACK

_WITHOUT_REASONS = RawSQL(
    "(SELECT coalesce(jsonb_agg(one || '{\"reason\": \"\"}' ORDER BY number), '[]') FROM jsonb_array_elements(checks) "
    "WITH ORDINALITY AS each(one, number))",
    [],
    output_field=JSONField(),
)
_STILL_CAME_BACK = Case(When(last_error__startswith=CAME_BACK, then=Value(f"{CAME_BACK}.")), default=Value(""))
"""That a mail bounced is counted."""
REPLAY_ENDED = "Erased."
_STILL_ENDED = Case(When(state=ReplayRun.State.FAILED, then=Value(REPLAY_ENDED)), default=Value(""))
"""A replay says of each mail that was not written why."""


@dataclass(frozen=True, slots=True)
class Place:
    """A table with content. `rows` finds a person's there, `blank` is what its columns are set to; where `goes`, the rows are deleted."""

    key: str
    name: str
    model: type[Model]
    rows: Callable[[Matter], "QuerySet[Any]"]
    blank: dict[str, Any] = field(default_factory=dict)
    goes: bool = False

    def left(self, matter: Matter) -> "QuerySet[Any]":
        """The rows that have content still."""
        found = self.rows(matter)
        return found.filter(erased_at=None) if issubclass(self.model, Erasable) else found

    def erase(self, matter: Matter, **erased: Any) -> int:
        """Take the content away, and say of how many rows. Those that know it note `erased` (`Erasable`)."""
        left = self.left(matter)
        if self.goes:
            number = left.count()
            left.delete()
            return number
        return left.update(**self.blank, **(erased if issubclass(self.model, Erasable) else {}))


def _of(model: type[Model], field: str, ids: str) -> Callable[[Matter], "QuerySet[Any]"]:
    return lambda matter: model._default_manager.filter(**{f"{field}__in": getattr(matter, ids)})


def _sent_uploads(matter: Matter) -> "QuerySet[Upload]":
    return Upload.objects.filter(Q(outgoing__in=matter.mails) | Q(conversation__in=matter.conversations)).exclude(uploads.UNSENT)


def _unsent_uploads(matter: Matter) -> "QuerySet[Upload]":
    return Upload.objects.filter(uploads.UNSENT, Q(outgoing__in=matter.mails) | Q(conversation__in=matter.conversations))


def _writings(matter: Matter) -> "QuerySet[Writing]":
    return Writing.objects.filter(Q(conversation__in=matter.conversations) | Q(outgoing__in=matter.mails))


PLACES: tuple[Place, ...] = (
    Place(
        "conversations",
        "Conversations",
        Conversation,
        _of(Conversation, "pk", "conversations"),
        {"subject": SUBJECT, "customer_address": "", "customer_name": "", "may_continue": None},
    ),
    Place(
        "messages",
        "Mails from the person",
        Message,
        _of(Message, "pk", "messages"),
        {
            "subject": SUBJECT,
            **dict.fromkeys(("text", "reply_text", "html", "hidden_text", "problem", "authenticity_reason"), ""),
            **dict.fromkeys(("from_address", "from_name", "message_id", "in_reply_to"), ""),
            **{name: [] for name in ("references", "reply_to", "to", "cc", "bounce_recipients")},
        },
    ),
    Place(
        "attachments",
        "Attachments",
        Attachment,
        _of(Attachment, "message", "messages"),
        dict.fromkeys(("name", "content_id", "sha256", "text", "text_state"), ""),
    ),
    Place(
        "outgoing",
        "Mails to the person",
        OutgoingMail,
        _of(OutgoingMail, "pk", "mails"),
        {
            "subject": SUBJECT,
            **dict.fromkeys(("recipient", "body", "check_words"), ""),
            "mime": b"",
            "last_error": _STILL_CAME_BACK,
            "file_due_at": None,
        },
    ),
    Place("uploads", "Files that we sent", Upload, _sent_uploads, {"name": SUBJECT, "sha256": ""}),
    Place("unsent", "Files that nobody sent", Upload, _unsent_uploads, {"name": SUBJECT, "sha256": ""}),
    Place("writings", "Texts that somebody is writing", Writing, _writings, goes=True),
    Place(
        "drafts",
        "Drafts",
        Draft,
        _of(Draft, "pk", "drafts"),
        {
            **dict.fromkeys(("body", "instruction", "note", "hand_over_words", "last_error"), ""),
            "asks": [],
            "atoms": [],
            "facts": {},
            "customer": None,
        },
    ),
    Place("evidence", "Evidence", Evidence, _of(Evidence, "draft", "drafts"), {"question": {}, "answer": None}),
    Place("checks", "Reasons of checks", CheckResult, _of(CheckResult, "draft", "drafts"), {"reason": ""}),
    Place(
        "model_calls",
        "Requests to the model",
        ModelCall,
        _of(ModelCall, "draft", "drafts"),
        {"request": {}, "response": "", "error": ""},
    ),
    Place("decisions", "Decisions", Decision, _of(Decision, "draft", "drafts"), {"final_text": "", "reason": ""}),
    Place(
        "planted",
        "Planted drafts",
        PlantedDraft,
        _of(PlantedDraft, "draft", "drafts"),
        {"body": "", "atoms": [], "words": "", "start": 0, "end": 0},
    ),
    Place(
        "replay_runs",
        "Mails in replays",
        ReplayRun,
        _of(ReplayRun, "message", "messages"),
        {
            **dict.fromkeys(("body", "hand_over_words"), ""),
            "why": _STILL_ENDED,
            **{name: [] for name in ("atoms", "unrecorded")},
            "checks": _WITHOUT_REASONS,
        },
    ),
    Place("flags", "Flags on replies", Flag, _of(Flag, "draft", "drafts"), {"words": ""}),
    Place(
        "open_looks",
        "Second looks that nobody took",
        SecondLook,
        lambda matter: SecondLook.objects.filter(draft__in=matter.drafts, answered_at=None),
        goes=True,
    ),
    Place("looks", "Second looks", SecondLook, _of(SecondLook, "draft", "drafts"), {"words": ""}),
    Place("verdicts", "Verdicts", Verdict, _of(Verdict, "entry__draft", "drafts"), {"words": ""}),
    Place("notes", "Notes of colleagues", Note, _of(Note, "conversation", "conversations"), {"text": SUBJECT}),
    Place(
        "log",
        "Entries of the audit log",
        LogEntry,
        _of(LogEntry, "conversation", "conversations"),
        {"about": SUBJECT, "words": "", "detail": {}},
    ),
    Place("keys", "Keys of API requests", IdempotencyKey, _of(IdempotencyKey, "message", "messages"), goes=True),
)


def of(key: str) -> Place:
    """The place with this key."""
    return next(place for place in PLACES if place.key == key)


def erase(matter: Matter, *, at: Any, why: str) -> dict[str, int]:
    """Take the content of all places away, and say of how many rows in each. Within a transaction and `audit_log.erasing`."""
    return {place.key: number for place in PLACES if (number := place.erase(matter, erased_at=at, erased_for=why))}


def count(matter: Matter) -> dict[str, int]:
    """How many rows there are with content in each place."""
    return {place.key: number for place in PLACES if (number := place.left(matter).count())}

"""The rows of the queue's list: what is read for each, and how it is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import CharField, Count, F, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.urls import reverse
from django.utils import timezone

from drafting.models import CheckResult, Draft
from inbox.models import Attachment
from review.decisions import LIVE, OFFERED
from review.desk import words
from review.models import Note

State = Draft.State
LONGEST_NAME, LONGEST_START = 60, 90
"""Characters of a subject or sender, and of a mail's first words: more than a row has room for."""
CLAIM = ("claim__by", "claim__by__first_name", "claim__by__last_name", "claim__by__username", "claim__until")
TALK = ("conversation_id", "conversation__mailbox__reply_target_minutes", "conversation__mailbox__language", "conversation__snoozed_until")
ASSIGNEE = tuple(f"conversation__assigned_to{name}" for name in ("", "__first_name", "__last_name", "__username"))
MESSAGE = tuple(f"message__{name}" for name in ("from_address", "from_name", "subject", "received_at", "language"))
DRAFT = (
    "pk",
    "state",
    "language",
    "last_error",
    "n_failed",
    "n_attachments",
    "n_notes",
    "start",
    "category__name",
)
COLUMNS = ("created_at", *DRAFT, *MESSAGE, *TALK, *ASSIGNEE, *CLAIM)


@dataclass(frozen=True, slots=True)
class Mark:
    """The gate in one mark: an icon, a tone of colour, a few words, and more of them on hovering."""

    icon: str
    tone: str
    words: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One mail in the list. `tone` is the age against the mailbox's reply target: "", "amber" or "red".

    `is_next` says that the person can decide it, so that it may open by itself after another; `is_theirs` that it is a colleague's.
    """

    draft_id: int
    conversation_id: int
    url: str
    sender: str
    subject: str
    start: str
    category: str
    age: str
    at: words.Moment
    tone: str
    mark: Mark
    attachments: int
    notes: int
    language: str
    holder: str
    assignee: str
    snoozed: words.Moment | None
    is_open: bool
    is_offered: bool
    is_next: bool
    is_theirs: bool


def described(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """The drafts with what COLUMNS name beside their own fields."""
    failed = CheckResult.objects.filter(draft=OuterRef("pk"), passed=False).order_by().values("draft").annotate(n=Count("pk"))
    files = Attachment.objects.filter(message=OuterRef("message"), is_inline=False).order_by().values("message").annotate(n=Count("pk"))
    notes = Note.objects.filter(conversation=OuterRef("conversation")).order_by().values("conversation").annotate(n=Count("pk"))
    text = Left(Coalesce(NullIf(F("message__reply_text"), Value("")), F("message__text")), 300)
    return drafts.annotate(
        n_failed=Coalesce(Subquery(failed.values("n")), 0),
        n_attachments=Coalesce(Subquery(files.values("n")), 0),
        n_notes=Coalesce(Subquery(notes.values("n")), 0),
        start=Func(text, Value(r"\s+"), Value(" "), Value("g"), function="regexp_replace", output_field=CharField()),
    )


def row(values: dict[str, Any], *, user: User, query: str, opened: int | None) -> Row:
    """One row from the values of COLUMNS. `query` goes along to the item, `opened` is the draft that is open."""
    received: datetime = values["message__received_at"]
    language = values["language"] or values["message__language"]
    holder, assignee = _holder(values, user), _assignee(values, user)
    is_missing, is_theirs = values["state"] == State.DECIDED, assignee not in ("", "You")
    return Row(
        draft_id=values["pk"],
        conversation_id=values["conversation_id"],
        url=reverse("item", args=[values["pk"]]) + query,
        sender=(values["message__from_name"] or values["message__from_address"] or "Unknown sender")[:LONGEST_NAME],
        subject=(values["message__subject"] or "(no subject)")[:LONGEST_NAME],
        start=values["start"].strip()[:LONGEST_START],
        category=values["category__name"] or "",
        age=words.age(received),
        at=words.moment(received),
        tone=_tone(received, values["conversation__mailbox__reply_target_minutes"]),
        mark=_mark(values),
        attachments=values["n_attachments"],
        notes=values["n_notes"],
        language=language.upper() if language and language != values["conversation__mailbox__language"] else "",
        holder=holder,
        assignee="you" if assignee == "You" else assignee,
        snoozed=words.moment(until) if (until := values["conversation__snoozed_until"]) else None,
        is_open=values["pk"] == opened,
        is_offered=values["state"] in OFFERED or is_missing,
        is_next=values["state"] in OFFERED and holder in ("", "You") and not is_theirs,
        is_theirs=is_theirs,
    )


def _tone(received: datetime, target_minutes: int) -> str:
    waited, target = timezone.now() - received, timedelta(minutes=target_minutes)
    if waited > target:
        return "red"
    return "amber" if waited > target / 2 else ""


def _mark(values: dict[str, Any]) -> Mark:
    state = values["state"]
    if state == State.DECIDED:
        return Mark("pen", "amber", "Your reply is missing", "You took this over")
    if state == State.HANDED_OVER:
        return Mark("hand", "amber", "Handed over")
    if state == State.READY and values["n_failed"]:
        return Mark("cross", "red", f"{words.count(values['n_failed'], 'check')} failed")
    if state == State.READY:
        return Mark("check", "green", "Checks passed")
    if values["last_error"]:
        return Mark("clock", "amber", "Waiting", values["last_error"][:200])
    return Mark("dots", "quiet", "Being written")


def _holder(values: dict[str, Any], user: User) -> str:
    if not values["claim__by"] or values["claim__until"] <= timezone.now() or values["state"] not in LIVE:
        return ""
    if values["claim__by"] == user.pk:
        return "You"
    return _name(values, "claim__by")


def _assignee(values: dict[str, Any], user: User) -> str:
    assigned: int | None = values["conversation__assigned_to"]
    if not assigned:
        return ""
    return "You" if assigned == user.pk else _name(values, "conversation__assigned_to")


def _name(values: dict[str, Any], who: str) -> str:
    return f"{values[f'{who}__first_name']} {values[f'{who}__last_name']}".strip() or str(values[f"{who}__username"])

"""The list on the left of the queue: what waits for a person, oldest first."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.urls import reverse
from django.utils import timezone

from drafting.models import CheckResult, Draft
from inbox.models import Attachment, Mailbox
from review import access
from review.decisions import LIVE, OFFERED, reply_missing
from review.desk import notice, words
from review.desk.filters import STEP, Filters
from review.models import Claim, Note

State = Draft.State
MOST_COUNTED = 1000
"""Beyond which the list says "more than": counting on would cost more the longer the queue is."""
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
    "total",
    "n_stuck",
    "stuck",
)
COLUMNS = [*DRAFT, *MESSAGE, *TALK, *ASSIGNEE, *CLAIM]


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


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows with how many there are in all, and a version that changes when anything shown does.

    `trouble` says what the assistant waits for, if it does; `nothing` why there are no rows, and what to do: a heading and a sentence.
    `asked` says that a colleague asks for what the person is on.
    """

    rows: Sequence[Row]
    version: str
    poll_query: str
    more_url: str
    summary: str
    trouble: str
    nothing: tuple[str, str]
    asked: notice.Notice | None


@dataclass(frozen=True, slots=True)
class _Counts:
    """Of what is shown: how many (at most MOST_COUNTED and one), how many wait for the assistant, and what it waits for."""

    total: int
    n_stuck: int
    stuck: str


def listing(*, filters: Filters, user: User, opened: int | None = None, asked: Claim | None = None) -> Listing:
    """The queue as `user` sees it: their own missing replies first, then what is open, oldest first."""
    live = filters.apply(access.drafts(user).filter(state__in=LIVE), user)
    mine = reply_missing().filter(by=user).values("draft")
    missing = filters.apply(access.drafts(user).filter(state=State.DECIDED, pk__in=mine), user)
    found = _read(live, missing, filters.limit)
    counts = _counts(found)
    rows = [_row(values, user=user, query=filters.query(), opened=opened) for values in found]
    trouble, asks = _trouble(counts), notice.asked(asked, filters.query())
    shown = ([replace(row, is_open=False) for row in rows], counts, trouble, asks)
    version = hashlib.sha256(repr(shown).encode()).hexdigest()[:16]
    return Listing(
        rows=rows,
        version=version,
        poll_query=filters.query(version=version),
        more_url=reverse("queue") + filters.query(limit=filters.limit + STEP) if counts.total > len(rows) else "",
        summary=_summary(rows, counts.total),
        trouble=trouble,
        nothing=("", "") if rows else _nothing(filters),
        asked=asks,
    )


def next_after(*, draft: Draft, filters: Filters, user: User) -> int | None:
    """The next draft that `user` can decide and nobody else was given: after this one in the list, else from the top."""
    free = ~Q(claim__until__gt=timezone.now()) | Q(claim__by=user)
    mine = Q(conversation__assigned_to=None) | Q(conversation__assigned_to=user)
    found = filters.apply(access.drafts(user).filter(state__in=OFFERED), user)
    offered = found.filter(free, mine).exclude(pk=draft.pk).order_by("created_at", "id").values_list("pk", flat=True)
    later = Q(created_at__gt=draft.created_at) | Q(created_at=draft.created_at, pk__gt=draft.pk)
    return offered.filter(later).first() or offered.first()


def _read(live: QuerySet[Draft], missing: QuerySet[Draft], limit: int) -> list[Any]:
    """What is missing, then what is open. Two branches: one condition for both would keep the database from its index of what waits."""
    stuck = live.filter(state=State.QUEUED).exclude(last_error="").order_by()
    counts = {"total": _number(live), "n_stuck": _number(stuck), "stuck": Subquery(stuck.values("last_error")[:1])}
    branches = [
        _described(drafts)
        .annotate(place=Value(place), **counts)
        .order_by("created_at", "id")
        .values("created_at", "place", *COLUMNS)[:limit]
        for place, drafts in enumerate([missing, live])
    ]
    return list(branches[0].union(branches[1], all=True).order_by("place", "created_at", "pk")[:limit])


def _number(drafts: QuerySet[Draft]) -> Func:
    """How many, counted once for all rows, up to MOST_COUNTED and one."""
    return Func(ArraySubquery(drafts.order_by().values("pk")[: MOST_COUNTED + 1]), function="cardinality", output_field=IntegerField())


def _counts(found: list[Any]) -> _Counts:
    if not found:
        return _Counts(0, 0, "")
    missing = sum(values["state"] == State.DECIDED for values in found)
    return _Counts(found[0]["total"] + missing, found[0]["n_stuck"], found[0]["stuck"] or "")


def _described(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    failed = CheckResult.objects.filter(draft=OuterRef("pk"), passed=False).order_by().values("draft").annotate(n=Count("pk"))
    files = Attachment.objects.filter(message=OuterRef("message"), is_inline=False).order_by().values("message").annotate(n=Count("pk"))
    notes = Note.objects.filter(conversation=OuterRef("conversation")).order_by().values("conversation").annotate(n=Count("pk"))
    text = Left(Coalesce(NullIf(F("message__reply_text"), Value("")), F("message__text")), 400)
    return drafts.annotate(
        n_failed=Coalesce(Subquery(failed.values("n")), 0),
        n_attachments=Coalesce(Subquery(files.values("n")), 0),
        n_notes=Coalesce(Subquery(notes.values("n")), 0),
        start=Func(text, Value(r"\s+"), Value(" "), Value("g"), function="regexp_replace", output_field=CharField()),
    )


def _row(values: dict[str, Any], *, user: User, query: str, opened: int | None) -> Row:
    received: datetime = values["message__received_at"]
    language = values["language"] or values["message__language"]
    holder, assignee = _holder(values, user), _assignee(values, user)
    is_missing, is_theirs = values["state"] == State.DECIDED, assignee not in ("", "You")
    return Row(
        draft_id=values["pk"],
        conversation_id=values["conversation_id"],
        url=reverse("item", args=[values["pk"]]) + query,
        sender=values["message__from_name"] or values["message__from_address"] or "Unknown sender",
        subject=values["message__subject"] or "(no subject)",
        start=values["start"].strip()[:140],
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


def _nothing(filters: Filters) -> tuple[str, str]:
    if filters.snoozed and not filters.but(snoozed=False).are_set:
        return "Nothing is snoozed", "What you put off with s stands here until its time, and comes back by itself."
    if filters.are_set:
        return "Nothing matches", "No waiting mail fits these filters."
    if not Mailbox.objects.filter(is_active=True).exists():
        return "No mailbox yet", "Mail appears here once an admin has added a mailbox on the page Mailboxes."
    return "All done", "New mail appears here by itself, with a draft, a few seconds after it arrives."


def _trouble(counts: _Counts) -> str:
    if not counts.n_stuck:
        return ""
    waiting = words.count(counts.n_stuck, "mail waits", "mails wait")
    return f"{waiting} for the assistant: {counts.stuck[:200]} You can take any of them over meanwhile."


def _summary(rows: Sequence[Row], total: int) -> str:
    writing = sum(not row.is_offered for row in rows)
    if not total:
        return "Nothing waits for you."
    said = f"more than {MOST_COUNTED:,} mails" if total > MOST_COUNTED else words.count(total, "mail")
    return f"{said}, {writing} being written" if writing else said

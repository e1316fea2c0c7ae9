"""The list on the left of the queue: what waits for a person, oldest first."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, CharField, Count, F, Func, Max, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, Left, NullIf
from django.urls import reverse
from django.utils import timezone

from drafting.models import CheckResult, Draft
from inbox.models import Attachment, Mailbox
from review import access
from review.decisions import LIVE, OFFERED, reply_missing
from review.desk import words
from review.desk.filters import Filters

State = Draft.State
COLUMNS = [
    "pk",
    "state",
    "language",
    "last_error",
    "is_missing",
    "total",
    "n_stuck",
    "stuck",
    "n_failed",
    "n_attachments",
    "start",
    "category__name",
    "message__from_address",
    "message__from_name",
    "message__subject",
    "message__received_at",
    "message__language",
    "conversation__mailbox__reply_target_minutes",
    "conversation__mailbox__language",
    "claim__by",
    "claim__by__first_name",
    "claim__by__last_name",
    "claim__by__username",
    "claim__until",
]


@dataclass(frozen=True, slots=True)
class Mark:
    """The gate in one mark: an icon, a tone of colour, a few words, and more of them on hovering."""

    icon: str
    tone: str
    words: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One mail in the list. `tone` is the age against the mailbox's reply target: "", "amber" or "red"."""

    draft_id: int
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
    language: str
    holder: str
    is_open: bool
    is_offered: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows with how many there are in all, and a version that changes when anything shown does.

    `trouble` says what the assistant waits for, if it does; `nothing` why there are no rows, and what to do: a heading and a sentence.
    """

    rows: Sequence[Row]
    total: int
    version: str
    poll_query: str
    more_url: str
    summary: str
    trouble: str
    nothing: tuple[str, str]


def listing(*, filters: Filters, user: User, opened: int | None = None) -> Listing:
    """The queue as `user` sees it: their own missing replies first, then what is open, oldest first."""
    query = filters.query()
    found = _read(_shown(filters, user), filters.limit)
    rows = [_row(values, user=user, query=query, opened=opened) for values in found]
    total = found[0]["total"] if found else 0
    trouble = _trouble(found[0]) if found else ""
    version = hashlib.sha256(repr(([replace(row, is_open=False) for row in rows], total, trouble)).encode()).hexdigest()[:16]
    more_url = reverse("queue") + filters.query(limit=filters.limit + 40) if total > len(rows) else ""
    return Listing(
        rows,
        total,
        version,
        filters.query(version=version),
        more_url,
        _summary(rows, total),
        trouble,
        ("", "") if rows else _nothing(filters),
    )


def next_after(*, draft: Draft, filters: Filters, user: User) -> int | None:
    """The next draft that `user` can decide: after this one in the list, else from the top."""
    free = ~Q(claim__until__gt=timezone.now()) | Q(claim__by=user)
    offered = (
        filters.apply(access.drafts(user).filter(state__in=OFFERED), user).filter(free).exclude(pk=draft.pk).order_by("created_at", "id")
    )
    later = offered.filter(Q(created_at__gt=draft.created_at) | Q(created_at=draft.created_at, pk__gt=draft.pk))
    first = later.values_list("pk", flat=True).first()
    return first or offered.values_list("pk", flat=True).first()


def _shown(filters: Filters, user: User) -> QuerySet[Draft]:
    """What waits and what is theirs to answer, each found by its own index: joined by OR, all drafts there ever were would be read."""
    live = Draft.objects.filter(state__in=LIVE).values("pk")
    mine = reply_missing().filter(by=user).values("draft")
    return filters.apply(access.drafts(user).filter(pk__in=live.union(mine, all=True)), user)


def _read(drafts: QuerySet[Draft], limit: int) -> list[Any]:
    failed = CheckResult.objects.filter(draft=OuterRef("pk"), passed=False).order_by().values("draft").annotate(n=Count("pk"))
    attachments = (
        Attachment.objects.filter(message=OuterRef("message"), is_inline=False).order_by().values("message").annotate(n=Count("pk"))
    )
    stuck = Case(When(~Q(last_error=""), state=State.QUEUED, then=F("last_error")))
    text = Coalesce(NullIf(F("message__reply_text"), Value("")), F("message__text"))
    found = drafts.annotate(
        is_missing=Q(state=State.DECIDED),
        total=Window(Count("pk")),
        n_stuck=Window(Count(stuck)),
        stuck=Window(Max(stuck)),
        n_failed=Coalesce(Subquery(failed.values("n")), 0),
        n_attachments=Coalesce(Subquery(attachments.values("n")), 0),
        start=Func(Left(text, 400), Value(r"\s+"), Value(" "), Value("g"), function="regexp_replace", output_field=CharField()),
    )
    return list(found.order_by("-is_missing", "created_at", "id").values(*COLUMNS)[:limit])


def _row(values: dict[str, Any], *, user: User, query: str, opened: int | None) -> Row:
    received: datetime = values["message__received_at"]
    language = values["language"] or values["message__language"]
    return Row(
        draft_id=values["pk"],
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
        language=language.upper() if language and language != values["conversation__mailbox__language"] else "",
        holder=_holder(values, user),
        is_open=values["pk"] == opened,
        is_offered=values["state"] in OFFERED or values["is_missing"],
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
    return f"{values['claim__by__first_name']} {values['claim__by__last_name']}".strip() or str(values["claim__by__username"])


def _nothing(filters: Filters) -> tuple[str, str]:
    if filters.are_set:
        return "Nothing matches", "No waiting mail fits these filters."
    if not Mailbox.objects.filter(is_active=True).exists():
        return "No mailbox yet", "Mail appears here once an admin has added a mailbox: Admin, Mailboxes, Add."
    return "All done", "New mail appears here by itself, with a draft, a few seconds after it arrives."


def _trouble(values: dict[str, Any]) -> str:
    if not values["n_stuck"]:
        return ""
    waiting = words.count(values["n_stuck"], "mail waits", "mails wait")
    return f"{waiting} for the assistant: {values['stuck'][:200]} You can take any of them over meanwhile."


def _summary(rows: Sequence[Row], total: int) -> str:
    writing = sum(not row.is_offered for row in rows)
    if not total:
        return "Nothing waits for you."
    said = words.count(total, "mail")
    return f"{said}, {writing} being written" if writing else said

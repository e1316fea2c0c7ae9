"""The list on the left of the queue: what waits for a person, oldest first."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, Q, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Mailbox
from review import access
from review.decisions import LIVE, OFFERED, reply_missing
from review.desk import notice, queue_rows, words
from review.desk.filters import Filters, Place
from review.desk.queue_rows import Row
from review.few import is_one_of
from review.models import Claim

State = Draft.State
STEP = 30
BESIDE = 8
"""Rows of a list, and of one that comes with an open item: that page has no room for more, and the list asks for the others at once."""
MOST_COUNTED = 1000
"""Beyond which the list says "more than": counting on would cost more the longer the queue is."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows with how many there are in all, and a version that changes when anything shown does.

    `later_url` leads to the rows behind these, `oldest_url` back to the first ones, each as a page and as rows alone. `trouble` says what
    the assistant waits for, if it does; `nothing` why there are no rows, and what to do: a heading and a sentence. `asked` says that a
    colleague asks for what the person is on, `is_part` that there are further rows to ask for at once.
    """

    rows: Sequence[Row]
    version: str
    poll_query: str
    later_url: str
    later_rows_url: str
    oldest_url: str
    oldest_rows_url: str
    summary: str
    trouble: str
    nothing: tuple[str, str]
    asked: notice.Notice | None
    is_part: bool


@dataclass(frozen=True, slots=True)
class _Counts:
    """Of what is shown: how many (at most MOST_COUNTED and one), how many wait for the assistant, and what it waits for."""

    total: int
    n_stuck: int
    stuck: str


def listing(*, filters: Filters, user: User, opened: int | None = None, asked: Claim | None = None, most: int = STEP) -> Listing:
    """The queue as `user` sees it: their own missing replies first, then what is open, oldest first. Not empty while anything waits."""
    found = _read(filters, user, most)
    if filters.after and not found:
        return listing(filters=filters.but(after=None), user=user, opened=opened, asked=asked, most=most)
    counts = _counts(found)
    rows = [queue_rows.row(values, user=user, query=filters.query(), opened=opened) for values in found[:most]]
    trouble, asks, later = _trouble(counts), notice.asked(asked, filters.query()), _later(found, most)
    shown = ([replace(row, is_open=False) for row in rows], counts, trouble, asks, bool(later))
    behind, first = filters.but(after=later).query() if later else "", filters.but(after=None).query()
    version = hashlib.sha256(repr(shown).encode()).hexdigest()[:16]
    return Listing(
        rows=rows,
        version=version,
        poll_query=filters.query(version=version if most == STEP else ""),
        later_url=reverse("queue") + behind if later else "",
        later_rows_url=reverse("queue_rows") + behind if later else "",
        oldest_url=reverse("queue") + first if filters.after else "",
        oldest_rows_url=reverse("queue_rows") + first if filters.after else "",
        summary=_summary(rows, counts.total, filters),
        trouble=trouble,
        nothing=("", "") if rows else _nothing(filters),
        asked=asks,
        is_part=most < STEP and later is not None,
    )


def next_after(*, draft: Draft, filters: Filters, user: User) -> int | None:
    """The next draft that `user` can decide and nobody else was given: after this one in the list, else from the top."""
    free = ~Q(claim__until__gt=timezone.now()) | Q(claim__by=user)
    mine = Q(conversation__assigned_to=None) | Q(conversation__assigned_to=user)
    found = filters.apply(access.drafts(user).filter(state__in=OFFERED), user)
    offered = found.filter(free, mine).exclude(pk=draft.pk).order_by("created_at", "id").values_list("pk", flat=True)
    return offered.filter(_is_later(draft.created_at, draft.pk)).first() or offered.first()


def _read(filters: Filters, user: User, most: int) -> list[Any]:
    """What is missing, then what is open: one more than is shown, from the place on where the list begins.

    Mostly nothing is missing, so that is asked first: the database takes longer to plan for both than to read either.
    """
    live = filters.apply(access.drafts(user).filter(state__in=LIVE), user)
    missing = _missing(filters, user)
    stuck = live.filter(state=State.QUEUED).exclude(last_error="").order_by()
    counts = {
        "n_live": _number(live),
        "n_missing": Value(len(missing)),
        "n_stuck": _number(stuck),
        "stuck": Subquery(stuck.values("last_error")[:1]),
    }
    ranks = [(0, Draft.objects.filter(pk__in=missing))] if missing else []
    branches = [
        queue_rows.described(_behind(filters.after, drafts, rank))
        .annotate(rank=Value(rank), **counts)
        .order_by("created_at", "id")
        .values("rank", *counts, *queue_rows.COLUMNS)[: most + 1]
        for rank, drafts in [*ranks, (1, live)]
    ]
    first, *others = branches
    return list(first.union(*others, all=True).order_by("rank", "created_at", "pk")[: most + 1] if others else first)


def _missing(filters: Filters, user: User) -> list[int]:
    """The drafts that `user` took over without having replied, up to MOST_COUNTED and one."""
    mine = is_one_of(reply_missing().filter(by=user).values("draft"))
    found = filters.apply(access.drafts(user).filter(mine, state=State.DECIDED), user)
    return list(found.order_by("created_at", "id").values_list("pk", flat=True)[: MOST_COUNTED + 1])


def _behind(place: Place | None, drafts: QuerySet[Draft], rank: int) -> QuerySet[Draft]:
    """Those of the drafts of a rank that stand behind a place."""
    if not place or place.rank < rank:
        return drafts
    return drafts.filter(_is_later(place.at, place.draft_id) if place.rank == rank else Q(pk=0))


def _is_later(at: datetime, draft_id: int) -> Q:
    """Behind the moment, and within it behind the draft."""
    # The first condition says nothing new: it is what the database can begin in its index with.
    return Q(created_at__gte=at) & (Q(created_at__gt=at) | Q(pk__gt=draft_id))


def _later(found: list[Any], most: int) -> Place | None:
    """The last place that is shown, if there is more behind it."""
    if len(found) <= most:
        return None
    last = found[most - 1]
    return Place(last["rank"], last["created_at"], last["pk"])


def _number(drafts: QuerySet[Draft]) -> Func:
    """How many, counted once for all rows, up to MOST_COUNTED and one."""
    return Func(ArraySubquery(drafts.order_by().values("pk")[: MOST_COUNTED + 1]), function="cardinality", output_field=IntegerField())


def _counts(found: list[Any]) -> _Counts:
    if not found:
        return _Counts(0, 0, "")
    first = found[0]
    return _Counts(first["n_live"] + first["n_missing"], first["n_stuck"], first["stuck"] or "")


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


def _summary(rows: Sequence[Row], total: int, filters: Filters) -> str:
    writing = sum(not row.is_offered for row in rows)
    if not total:
        return "No mail fits." if filters.are_set else "Nothing waits for you."
    said = f"more than {MOST_COUNTED:,} mails" if total > MOST_COUNTED else words.count(total, "mail")
    return f"{said}, {writing} being written" if writing else said

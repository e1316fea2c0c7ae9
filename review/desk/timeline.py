"""What happened in a conversation, in true order, a page at a time by keyset over all kinds of rows at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest, JSONObject

from drafting.models import Draft
from inbox.models import Conversation, Message, OutgoingMail
from review.desk import conversation, words
from review.models import Decision, LogEntry, Note, Upload

TOLD_OTHERWISE = ("conversation.noted",)
"""Acts that the timeline shows by the thing itself."""
Row = Message | Draft | Decision | Note | LogEntry | OutgoingMail


class Place(NamedTuple):
    """Where something stands: when it happened; within one moment causes stand above what came of them, `rank` says which are causes."""

    at: datetime
    rank: int
    pk: int


class Happened(NamedTuple):
    """A row and its place."""

    place: Place
    row: Row


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of rows; `moment` is the field or annotation by which they are in order."""

    rows: Callable[[Conversation], QuerySet[Any]]
    moment: str


def newest(talk: Conversation, *, before: Place | None, limit: int) -> list[Happened]:
    """The newest `limit` of what happened before a place, oldest first."""
    found = [one for rank in SOURCES for one in _of(rank, talk, before, limit)] + _said(talk, before, limit)
    return sorted(found, key=lambda one: one.place)[-limit:]


def named(place: Place) -> dict[str, str]:
    """A place as it stands in an address."""
    return {"before": place.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "id": f"{place.rank}.{place.pk}"}


def said(before: str, pk: str) -> Place | None:
    """The place that an address names; None for what names none."""
    at = words.said_moment(before)
    rank, _, number = pk.partition(".")
    return Place(at, words.said_id(rank), words.said_id(number)) if at and words.said_id(number) else None


def _of(rank: int, talk: Conversation, before: Place | None, limit: int) -> Iterable[Happened]:
    source = SOURCES[rank]
    rows = source.rows(talk).filter(_earlier(source.moment, rank, before)).order_by(f"-{source.moment}", "-pk")[:limit]
    return [Happened(Place(getattr(row, source.moment), rank, row.pk), row) for row in rows]


def _earlier(moment: str, rank: int, before: Place | None) -> Q:
    if before is None:
        return Q()
    if rank != before.rank:
        return Q((f"{moment}__lte" if rank < before.rank else f"{moment}__lt", before.at))
    return Q((f"{moment}__lte", before.at)) & (Q((f"{moment}__lt", before.at)) | Q(pk__lt=before.pk))


def _messages(talk: Conversation) -> QuerySet[Any]:
    return conversation.with_files(Message.objects.filter(conversation=talk))


def _decisions(talk: Conversation) -> QuerySet[Any]:
    return Decision.objects.filter(draft__conversation=talk).select_related("by")


def _drafts(talk: Conversation) -> QuerySet[Any]:
    found = Draft.objects.filter(conversation=talk).annotate(moment=Coalesce("finished_at", "created_at"))
    return found.select_related("category", "setup").defer("setup__parts", "facts", "atoms")


def _said(talk: Conversation, before: Place | None, limit: int) -> list[Happened]:
    """Notes and log entries, in one query."""
    notes = Note.objects.filter(_earlier("at", NOTED, before), conversation=talk).annotate(did=Value(""), said=F("text"))
    log = LogEntry.objects.filter(_earlier("at", LOGGED, before), conversation=talk).exclude(act__in=TOLD_OTHERWISE)
    newest = [rows.order_by("-at", "-pk").values(*_COLUMNS)[:limit] for rows in (notes, log.annotate(did=F("act"), said=F("words")))]
    return [_heard(row) for row in newest[0].union(newest[1], all=True)]


def _heard(row: dict[str, Any]) -> Happened:
    names = {name: row[f"by__{name}"] for name in ("first_name", "last_name", "username")}
    about: dict[str, Any] = {"pk": row["pk"], "at": row["at"], "by": User(**names) if names["username"] else None}
    if row["did"]:
        return Happened(Place(row["at"], LOGGED, row["pk"]), LogEntry(act=row["did"], words=row["said"], **about))
    return Happened(Place(row["at"], NOTED, row["pk"]), Note(text=row["said"], **about))


def _sends(talk: Conversation) -> QuerySet[Any]:
    """A mail is frozen a moment before the decision that sends it is written down; it stands under it all the same."""
    described = JSONObject(pk="pk", name="name", content_type="content_type", size="size")
    files = Upload.objects.filter(outgoing=OuterRef("pk")).order_by("pk").values(file=described)[:50]
    found = OutgoingMail.objects.filter(conversation=talk).select_related("queued_by", "mailbox").defer("mime")
    return found.annotate(moment=Greatest("created_at", Coalesce(F("decision__decided_at"), "created_at")), files=ArraySubquery(files))


NOTED, LOGGED = 3, 4
SOURCES = {
    0: Source(_messages, "received_at"),
    1: Source(_decisions, "decided_at"),
    2: Source(_drafts, "moment"),
    5: Source(_sends, "moment"),
}
"""By rank, beside notes and the log."""
_COLUMNS = ("pk", "at", "did", "said", "by__first_name", "by__last_name", "by__username")

"""Rows of the audit log. Entries of the log, decisions and outgoing mails stay in tables of their own.

Each table is asked for one page along its index by time, and the pages are merged, so that the cost does not grow with the history.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import BooleanField, F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from review import access, permissions
from review.acts import of_kind
from review.desk.audit.filters import Filters
from review.models import LogEntry

COLUMNS = ("when", "source", "pk", "did", "thing", "said", "talk", "first", "last", "username", "undone")

FEW = 1000
"""So many rows with a word are few; of more, some are near wherever one looks."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the row that was shown last."""

    when: datetime
    source: int
    pk: int


def find(filters: Filters, user: User, place: Place | None, limit: int) -> list[dict[str, Any]]:
    """The next rows after `place` that `user` may see, newest first; of one moment the tables come in their order.

    A row is what was done ("did", an act), to what ("thing"), more words ("said"), by whom (names) and in which conversation ("talk").
    """
    tables = ((_log(filters, user), "at"), (_decisions(filters, user), "decided_at"), (_mails(filters, user), "created_at"))
    sources = [
        _page(rows, source=source, field=field, filters=filters, place=place)[:limit]
        for source, (rows, field) in enumerate(tables)
        if rows is not None
    ]
    if len(sources) == 1:
        return list(sources[0])
    return list(sources[0].union(*sources[1:], all=True).order_by("-when", "source", "-pk")[:limit])


def _page(rows: Any, *, source: int, field: str, filters: Filters, place: Place | None) -> Any:
    wanted = Q()
    if filters.since:
        wanted &= Q((f"{field}__gte", _midnight(filters.since)))
    if filters.until and filters.until < date.max:
        wanted &= Q((f"{field}__lt", _midnight(filters.until + timedelta(days=1))))
    if place:
        # The bound by time alone is what the index can use.
        wanted &= Q((f"{field}__lte", place.when))
        if source <= place.source:
            later = Q(pk__lt=place.pk) if source == place.source else Q(pk__in=[])
            wanted &= Q((f"{field}__lt", place.when)) | later
    named = rows.filter(wanted).annotate(when=F(field), source=Value(source))
    return named.order_by(f"-{field}", "-pk").values(*COLUMNS)


def _log(filters: Filters, user: User) -> Any:
    acts = of_kind(filters.kind)
    if filters.kind and not acts:
        return None
    seen = access.mailbox_ids(user)
    wanted = Q() if seen is None else Q(mailbox__isnull=True) | Q(mailbox__in=seen)
    if acts:
        wanted &= Q(act__in=acts)
    if not permissions.may_see_evidence(user):
        wanted &= ~Q(act__startswith="auto_send.")
    found = _matching(LogEntry.objects.filter(wanted), filters, "by", "about", "words")
    return found.annotate(did=F("act"), thing=F("about"), said=F("words"), talk=F("conversation_id"), undone=Value(False))


def _decisions(filters: Filters, user: User) -> Any:
    if filters.kind not in {"", "decisions"}:
        return None
    found = _matching(access.decisions(user), filters, "by", "reason")
    undone = Q(undone_at__isnull=False)
    about = {"thing": F("draft__conversation__subject"), "said": F("reason"), "talk": F("draft__conversation_id")}
    return found.annotate(did=Concat(Value("decision."), F("kind")), **about, undone=undone)


def _mails(filters: Filters, user: User) -> Any:
    if filters.kind not in {"", "mails"}:
        return None
    found = _matching(access.outgoing(user), filters, "queued_by", "subject", "recipient")
    about = {"thing": F("subject"), "said": F("recipient"), "talk": F("conversation_id")}
    return found.annotate(did=Concat(Value("outgoing."), F("state")), **about, undone=Value(False, BooleanField()))


def _matching(rows: QuerySet[Any], filters: Filters, by: str, *searched: str) -> Any:
    if filters.person:
        rows = rows.filter(Q((f"{by}_id", filters.person)))
    if query := _query(filters.text):
        rows = _searched(rows, SearchVector(*searched, config="simple"), query)
    return rows.annotate(first=F(f"{by}__first_name"), last=F(f"{by}__last_name"), username=F(f"{by}__username"))


def _searched(rows: QuerySet[Any], vector: SearchVector, query: SearchQuery) -> QuerySet[Any]:
    """The rows with these words. The database cannot know that the beginning of a word is rare, and would then walk through the whole
    table along its index by time; so the few rows of rare words are named by their ids, out of the index by words.
    """
    found = rows.annotate(searched=vector).filter(searched=query)
    few = list(rows.model._default_manager.annotate(searched=vector).filter(searched=query).values_list("pk", flat=True)[: FEW + 1])
    return rows.filter(pk__in=few) if len(few) <= FEW else found


def _query(text: str) -> SearchQuery | None:
    """All words of a text, each the beginning of a word there."""
    terms = re.findall(r"[^\s'\\]+", text.lower())
    return SearchQuery(" & ".join(f"'{term}':*" for term in terms), search_type="raw", config="simple") if terms else None


def _midnight(day: date) -> datetime:
    """The beginning of a day in the reader's zone. The first and the last days there are have none in every zone."""
    inside = min(max(day, date(2, 1, 1)), date(9998, 12, 31))
    return timezone.make_aware(datetime.combine(inside, time.min))

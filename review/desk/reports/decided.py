"""The decisions behind a number of the load: who decided what, newest first, each leading to its conversation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import reverse

from review.desk import dossiers, words
from review.desk.reports import numbers
from review.desk.reports.fate import Fate
from review.desk.reports.filters import Asked, Filters
from review.desk.reports.listing import STEP, Listing, Row, in_words
from review.models import Decision
from review.reports.load import DEFINITION, KINDS, made, told_of
from review.reports.periods import Period

PARAMETER, ALL = "decided", "all"
TONES = {"approved": "green", "edited": "amber", "rejected": "red"}


def url(filters: Filters, *, kind: str = ALL, by: int = 0, **place: str) -> str:
    """Where the decisions of a kind are listed, of one person by the id, or of everybody."""
    return reverse("report_mails") + filters.query(**{PARAMETER: kind}, by=str(by or ""), **place)


def listing(values: Mapping[str, str], asked: Asked) -> Listing | None:
    """The decisions that an address asks for; None where it names no kind of them."""
    kind, who, filters, place = values.get(PARAMETER, ""), words.said_id(values.get("by", "")), asked.filters, _place(values)
    if kind not in {ALL, *KINDS}:
        return None
    period = told_of(filters.period)
    found = _found(filters, period, kind, who)
    rows = found.select_related(*_WITH).only(*_NEEDED).order_by("-decided_at", "-pk")
    if place:
        rows = rows.filter(Q(decided_at__lt=place[0]) | Q(decided_at=place[0], pk__lt=place[1]))
    shown = list(rows[: STEP + 1])
    last = shown[STEP - 1] if len(shown) > STEP else None
    older = {"before": last.decided_at.isoformat(), "id": str(last.pk)} if last else {}
    return Listing(
        name=_name(kind, who),
        definition=DEFINITION,
        days=in_words(period),
        whose=asked.in_words,
        total=numbers.count(found.count()),
        rows=[_row(one) for one in shown[:STEP]],
        problems=asked.problems,
        report_url=reverse("report_load") + filters.query(),
        older_url=url(filters, kind=kind, by=who, **older) if older else "",
        newest_url=url(filters, kind=kind, by=who) if place else "",
        outcome="Decision",
        when="Decided",
        measure="Open for",
    )


def _found(filters: Filters, period: Period, kind: str, who: int) -> QuerySet[Decision]:
    wanted: dict[str, Any] = {} if kind == ALL else {"kind": kind}
    return made(period=period, scope=filters.scope).filter(**wanted | ({"by": who} if who else {}))


def _name(kind: str, who: int) -> str:
    what = "Decisions" if kind == ALL else Decision.Kind(kind).label
    person = User.objects.filter(pk=who).first() if who else None
    return f"{what}: {words.person(person) if person else 'nobody known' if who else 'everybody'}"


def _place(values: Mapping[str, str]) -> tuple[datetime, int] | None:
    at = words.said_moment(values.get("before", ""))
    return (at, words.said_id(values.get("id", ""))) if at else None


_WITH = ("by", "draft__category", "draft__message", "draft__conversation__mailbox", "outgoing")
_NEEDED = (
    *("kind", "edit_reason", "seconds_open", "decided_at", "by__first_name", "by__last_name", "by__username", "outgoing__state"),
    *("draft__category__name", "draft__message__subject", "draft__conversation__subject", "draft__conversation__mailbox__name"),
    *("draft__conversation__customer_name", "draft__conversation__customer_address"),
)


def _row(one: Decision) -> Row:
    draft, talk = one.draft, one.draft.conversation
    return Row(
        url=reverse("conversation", args=[talk.pk]),
        customer=talk.customer_name or talk.customer_address or "(no sender)",
        subject=draft.message.subject or talk.subject or "(no subject)",
        category=draft.category.name if draft.category else "",
        mailbox=talk.mailbox.name,
        fate=Fate(one.get_kind_display(), TONES.get(one.kind, "quiet"), _more(one)),
        at=words.moment(one.decided_at),
        dossier_url=dossiers.url(one.outgoing) if one.outgoing else "",
        measure=numbers.duration(one.seconds_open),
    )


def _more(one: Decision) -> str:
    why = one.get_edit_reason_display().lower() if one.edit_reason else ""
    return ", ".join(filter(None, (f"by {words.person(one.by)}", why)))

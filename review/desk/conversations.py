"""The list of all conversations, newest first, and what is searched in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.contrib.postgres.search import SearchHeadline
from django.db.models import CharField, Count, F, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html

from drafting.models import Category
from inbox import text_search
from inbox.models import Conversation, Message, OutgoingMail
from review import access, conversation_search
from review.conversation_search import Found, Place, Wanted
from review.desk import words
from review.desk.menus import Choice, entries

STEP = 50
EXCERPT = 20_000
"""Characters of a mail that an excerpt is looked for in."""
_HIT, _PAST = "\ue000", "\ue001"
"""Characters that no mail has a reason to contain."""


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in the list. `state` is said unless it is the usual one, open.

    `start` is text by pieces; those marked were searched for.
    """

    url: str
    customer: str
    address: str
    subject: str
    start: list[tuple[str, bool]]
    mailbox: str
    state: str
    leader: str
    messages: int
    at: words.Moment


@dataclass(frozen=True, slots=True)
class Typed:
    """The search form as it was filled in."""

    text: str
    customer: str
    since: str
    until: str
    has_attachment: bool
    mailboxes: list[Choice]
    categories: list[Choice]
    states: list[Choice]
    are_set: bool
    has_filters: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of conversations. `older_url` leads on, `newest_url` back to the start.

    `cut` says how far back was looked, where the search ended before its page was full.
    """

    rows: list[Row]
    typed: Typed
    cut: str
    older_url: str
    newest_url: str


def listing(values: Mapping[str, str], *, user: User) -> Listing:
    """A page of those that `user` may see, as the address asks: older than the pair (`before`, `id`)."""
    wanted, after = _wanted(values), _place(values)
    found = conversation_search.find(wanted=wanted, user=user, after=after, most=STEP)
    query = _query(values)
    older = query | {"before": f"{found.further.at:%Y-%m-%dT%H:%M:%S.%fZ}", "id": found.further.pk} if found.further else {}
    here = reverse("conversations")
    return Listing(
        rows=_rows(found, wanted.text),
        typed=_typed(values, user),
        cut=format_html("Looked back to {}.", words.timed(found.further.at)) if found.is_cut and found.further else "",
        older_url=f"{here}?{urlencode(older)}" if older else "",
        newest_url=f"{here}?{urlencode(query)}".rstrip("?") if after else "",
    )


def _wanted(values: Mapping[str, str]) -> Wanted:
    state = values.get("state", "")
    return Wanted(
        text=_said(values, "q"),
        customer=_said(values, "customer").lower(),
        mailbox=words.said_id(values.get("mailbox", "")),
        category=words.said_id(values.get("category", "")),
        state=state if state in Conversation.State.values else "",
        since=_midnight(values.get("since", "")),
        until=_midnight(values.get("until", ""), days=1),
        has_attachment=values.get("attachment") == "1",
    )


def _said(values: Mapping[str, str], name: str) -> str:
    return values.get(name, "").replace("\0", "").strip()[:200]


def _midnight(text: str, *, days: int = 0) -> datetime | None:
    """The beginning of that day in the person's zone, or of a later one."""
    day = _day(text)
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), time())) if day else None
    except OverflowError:
        return None


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _place(values: Mapping[str, str]) -> Place | None:
    at, pk = words.said_moment(values.get("before", "")), words.said_id(values.get("id", ""))
    return Place(at, pk) if at and pk else None


def _query(values: Mapping[str, str]) -> dict[str, Any]:
    """What the form sets, without the place in the list."""
    names = ("q", "customer", "mailbox", "category", "state", "since", "until", "attachment")
    return {name: _said(values, name) for name in names if _said(values, name)}


def _typed(values: Mapping[str, str], user: User) -> Typed:
    chosen = _query(values)
    mailboxes, categories = _menus(user)
    return Typed(
        text=chosen.get("q", ""),
        customer=chosen.get("customer", ""),
        since=chosen.get("since", ""),
        until=chosen.get("until", ""),
        has_attachment="attachment" in chosen,
        mailboxes=entries(mailboxes, chosen.get("mailbox", "")),
        categories=entries(categories, chosen.get("category", "")),
        states=entries(Conversation.State.choices, chosen.get("state", "")),
        are_set=bool(chosen),
        has_filters=bool(chosen.keys() - {"q"}),
    )


def _menus(user: User) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Mailboxes and categories by id and name, those not in use any more too, read in one query."""
    columns = ("kind", "place", "name", "pk")
    mailboxes = access.mailboxes(user).order_by().annotate(kind=Value("mailbox"), place=Value(0)).values_list(*columns)
    categories = Category.objects.order_by().annotate(kind=Value("category"), place=F("position")).values_list(*columns)
    rows = list(mailboxes.union(categories, all=True).order_by("kind", "place", "name"))
    named = {kind: [(pk, name) for of, _, name, pk in rows if of == kind] for kind in ("mailbox", "category")}
    return named["mailbox"], named["category"]


def _rows(found: Found, text: str) -> list[Row]:
    messages = Message.objects.filter(conversation=OuterRef("pk")).order_by()
    last = messages.order_by("-received_at")
    body = Left(Coalesce(NullIf(F("reply_text"), Value("")), F("text")), 300)
    start = Func(body, Value(r"\s+"), Value(" "), Value("g"), function="regexp_replace", output_field=CharField())
    talks = (
        Conversation.objects.filter(pk__in=found.pks)
        .select_related("mailbox")
        .annotate(
            n_messages=Coalesce(Subquery(messages.values("conversation").annotate(n=Count("pk")).values("n")), 0),
            start=Coalesce(Subquery(last.values(body=start)[:1]), Value("")),
        )
        .in_bulk()
    )
    excerpts = _excerpts(found.pks, text) if text else {}
    return [_row(talks[pk], excerpts.get(pk)) for pk in found.pks if pk in talks]


def _excerpts(pks: Sequence[int], text: str) -> dict[int, str]:
    """What the newest mail of each conversation says about `text`, the words marked."""
    query = text_search.typed(text)
    body = Left(Coalesce(NullIf(F("reply_text"), Value("")), F("text")), EXCERPT)
    came = Message.objects.filter(conversation__in=pks, search=query).order_by("conversation", "-received_at")
    went = OutgoingMail.objects.filter(conversation__in=pks, search=query).order_by("conversation", "-created_at")
    return {
        **_headlines(went, Left("body", EXCERPT), Value(text_search.WHATEVER), text),
        **_headlines(came, body, text_search.config_of_row(), text),
    }


def _headlines(mails: QuerySet[Any], body: Any, config: Any, text: str) -> dict[int, str]:
    headline = SearchHeadline(
        body, text_search.typed(text), config=config, start_sel=_HIT, stop_sel=_PAST, max_words=24, min_words=12, max_fragments=1
    )
    return dict(mails.distinct("conversation").annotate(headline=headline).values_list("conversation", "headline"))


def _row(talk: Any, excerpt: str | None) -> Row:
    return Row(
        url=reverse("conversation", args=[talk.pk]),
        customer=talk.customer_name or talk.customer_address or "Unknown sender",
        address=talk.customer_address,
        subject=talk.subject or "(no subject)",
        start=_pieces(excerpt) if excerpt else [(talk.start.strip()[:120], False)],
        mailbox=talk.mailbox.name,
        state="" if talk.state == Conversation.State.OPEN else talk.get_state_display(),
        leader="A person leads" if talk.led_by == Conversation.Leader.PERSON else "",
        messages=talk.n_messages,
        at=words.moment(talk.last_message_at),
    )


def _pieces(excerpt: str) -> list[tuple[str, bool]]:
    """The excerpt by pieces, those between the marks marked."""
    first, *rest = " ".join(excerpt.split()).split(_HIT)
    pieces = [(first, False)]
    for part in rest:
        hit, _, after = part.partition(_PAST)
        pieces += [(hit, True), (after.replace(_PAST, ""), False)]
    return [(text, is_hit) for text, is_hit in pieces if text]

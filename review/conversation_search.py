"""Find conversations, newest first, in bounded time whatever the history.

What many mails say is met soon on a walk back from the newest conversation. What few say is found through the index of their words, which
is not asked where the planner expects many: it would put all of them together, and read each for words in a given order. For what is in
between, a longer walk ends after SCANNED conversations: the page says how far back it came, and goes on from there. So does a walk for
what is written without spaces between words, of which the index knows nothing less than a sentence.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from drafting.models import Draft
from inbox import text_search
from inbox.models import Attachment, Conversation, Message, OutgoingMail
from review import access

RARE = 5_000
"""So many mails at most are taken from the index and looked at one by one."""
LIKELY = {"words": 0.01, "words in order": 0.0025}
"""The index is not asked for what a larger share of all mails is expected to say."""
MINUTES = 10
"""So old may be how many mails there are in all."""
GLANCED = 2_000
SCANNED = 8_000
"""So many conversations are walked past."""
_MAILS: tuple[QuerySet[Any], QuerySet[Any]] = (Message.objects.all(), OutgoingMail.objects.all())
Condition = tuple[str, list[object]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty or 0 for anything. `customer` is a whole address. `since` (inclusive)
    and `until` (exclusive) are about the last message.
    """

    text: str = ""
    customer: str = ""
    mailbox: int = 0
    category: int = 0
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    has_attachment: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation stands in the order: newest first, then by id."""

    at: datetime
    pk: int


@dataclass(frozen=True, slots=True)
class Found:
    """Ids in order. `further` is where to go on, None at the end; `is_cut` that the walk ended before it had enough."""

    pks: list[int]
    further: Place | None
    is_cut: bool


def find(*, wanted: Wanted, user: User, after: Place | None = None, most: int) -> Found:
    """The newest conversations older than `after` that `user` may see, at most `most`."""
    talks = _older(_plain(access.conversations(user), wanted), after)
    talks, conditions = talks.order_by("-last_message_at", "-pk"), _conditions(wanted)
    if not wanted.text:
        return _walk(talks, conditions, most, SCANNED)
    saying = [*conditions, _says(wanted.text)]
    if text_search.unspaced(wanted.text)[0]:
        # The index knows no parts of words.
        return _walk(talks, saying, most, SCANNED)
    glance = _walk(talks, saying, most, GLANCED)
    if len(glance.pks) == most or not glance.is_cut:
        return glance
    rare = _that_say(wanted.text)
    if rare is not None:
        return _walk(talks.filter(pk__in=rare), conditions, most, SCANNED)
    more = _walk(_older(talks, glance.further), saying, most - len(glance.pks), SCANNED - GLANCED)
    return replace(more, pks=glance.pks + more.pks)


def _older(talks: QuerySet[Conversation], after: Place | None) -> QuerySet[Conversation]:
    if after is None:
        return talks
    # The first condition alone lets the index begin at the right place.
    return talks.filter(Q(last_message_at__lte=after.at) & (Q(last_message_at__lt=after.at) | Q(pk__lt=after.pk)))


def _plain(talks: QuerySet[Conversation], wanted: Wanted) -> QuerySet[Conversation]:
    """What a conversation's own row says."""
    asked = {
        "customer_address": wanted.customer,
        "mailbox": wanted.mailbox,
        "state": wanted.state,
        "last_message_at__gte": wanted.since,
        "last_message_at__lt": wanted.until,
    }
    return talks.filter(**{name: value for name, value in asked.items() if value})


def _conditions(wanted: Wanted) -> list[Condition]:
    """What other rows say, for each conversation that is walked past."""
    asked: list[Condition] = []
    if wanted.category:
        asked.append(_exists(Draft.objects.filter(category=wanted.category)))
    if wanted.has_attachment:
        mail = Attachment.objects.filter(message=OuterRef("pk"), is_inline=False)
        asked.append(_exists(Message.objects.filter(Exists(mail))))
    return asked


def _that_say(text: str) -> set[int] | None:
    """The conversations in which a mail says this; None where too many do."""
    query = text_search.typed(text)
    if _expected(query) > LIKELY["words in order" if "<" in query.written else "words"]:
        return None
    came, went = (mails.filter(search=query).order_by().values_list("conversation")[: RARE + 1] for mails in _MAILS)
    pks = [pk for (pk,) in came.union(went, all=True)]
    return None if len(pks) > RARE else {pk for pk in pks if pk is not None}


def _expected(query: text_search.ReadQuery) -> float:
    """The share of all mails that the planner expects to match, without looking for them."""
    in_all = cast(float, caches["process"].get_or_set("mails-in-all", lambda: _planned(_MAILS), MINUTES * 60))
    return _planned([mails.filter(search=query) for mails in _MAILS]) / max(in_all, 1)


def _planned(mails: Sequence[QuerySet[Any]]) -> float:
    came, went = (rows.order_by().values_list("pk") for rows in mails)
    plan: float = json.loads(came.union(went, all=True).explain(format="json"))[0]["Plan"]["Plan Rows"]
    return plan


def _says(text: str) -> Condition:
    # One EXISTS over both: two with OR between them are looked up for all mails instead of for this conversation.
    within, rest = text_search.unspaced(text)
    words = Q(search=text_search.typed(rest)) if rest or not within else Q()
    (came, first), (went, second) = (_of_walked(mails.filter(words, *_letters(mails, within))) for mails in _MAILS)
    return f"EXISTS ({came} UNION ALL {went})", [*first, *second]


def _letters(mails: QuerySet[Any], within: Sequence[str]) -> list[Q]:
    """That a mail has each of these somewhere, with whatever around it."""
    texts = ("subject", "from_name", "text") if mails.model is Message else ("subject", "body")
    return [reduce(or_, (Q((f"{name}__contains", one)) for name in texts)) for one in within]


def _exists(rows: QuerySet[Message] | QuerySet[Draft]) -> Condition:
    """That one of `rows` belongs to the conversation that is walked past."""
    sql, params = _of_walked(rows)
    return f"EXISTS ({sql})", params


def _of_walked(rows: QuerySet[Any]) -> Condition:
    sql, params = rows.filter(conversation=RawSQL("walked.id", [])).order_by().values("pk").query.sql_with_params()
    return sql, list(params)


def _walk(talks: QuerySet[Conversation], conditions: list[Condition], most: int, scanned: int) -> Found:
    rows = talks.values_list("pk", "last_message_at")
    if not conditions:
        return _page([(pk, at) for pk, at in rows[: most + 1]], most, None)
    # The order of the inner rows is kept, and the walk ends with the first `most + 1`; where it would end at the latest is told last.
    try:
        inner, params = rows[:scanned].query.sql_with_params()
    except EmptyResultSet:
        return Found([], None, is_cut=False)
    clauses = " AND ".join(sql for sql, _ in conditions)
    sql = (
        f"WITH walked (id, last_message_at) AS MATERIALIZED ({inner}) "  # noqa: S608 - its parts are Django's and ours
        f"(SELECT id, last_message_at, false FROM walked WHERE {clauses} LIMIT %s) "
        "UNION ALL (SELECT id, last_message_at, true FROM walked OFFSET %s LIMIT 1)"
    )
    told: list[Any] = [*params, *(value for _, values in conditions for value in values), most + 1, scanned - 1]
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        passed = cursor.fetchall()
    found = [(pk, at) for pk, at, is_end in passed if not is_end]
    end = next(((pk, at) for pk, at, is_end in passed if is_end), None) if len(found) <= most else None
    return _page(found, most, end)


def _page(found: list[tuple[int, datetime]], most: int, end: tuple[int, datetime] | None) -> Found:
    shown = found[:most]
    last = shown[-1] if len(found) > most else end
    return Found([pk for pk, _ in shown], Place(last[1], last[0]) if last else None, is_cut=end is not None)

"""Find conversations, newest first, in bounded time whatever the history.

What many mails say is met soon on a walk back from the newest conversation. What few say is found through the index of their words. For
what is in between, a longer walk ends after SCANNED conversations: the page says how far back it came, and goes on from there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from drafting.models import Draft
from inbox import text_search
from inbox.models import Attachment, Conversation, Message, OutgoingMail
from review import access

RARE = 5_000
"""So many mails at most are taken from the index and looked at one by one."""
GLANCED = 2_000
SCANNED = 20_000
"""So many conversations are walked past."""
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
    talks = _plain(access.conversations(user), wanted)
    if after:
        # The first condition alone lets the index begin at the right place.
        talks = talks.filter(Q(last_message_at__lte=after.at) & (Q(last_message_at__lt=after.at) | Q(pk__lt=after.pk)))
    talks, conditions = talks.order_by("-last_message_at", "-pk"), _conditions(wanted)
    if not wanted.text:
        return _walk(talks, conditions, most, SCANNED)
    saying = [*conditions, _says(wanted.text)]
    glance = _walk(talks, saying, most, GLANCED)
    if len(glance.pks) == most or not glance.is_cut:
        return glance
    rare = _that_say(wanted.text)
    return _walk(talks, saying, most, SCANNED) if rare is None else _walk(talks.filter(pk__in=rare), conditions, most, SCANNED)


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
    query, found = text_search.typed(text), set[int]()
    for mails in (Message.objects.filter(search=query), OutgoingMail.objects.filter(search=query)):
        pks = list(mails.order_by().values_list("conversation", flat=True)[: RARE + 1])
        if len(pks) > RARE:
            return None
        found.update(pk for pk in pks if pk is not None)
    return found


def _says(text: str) -> Condition:
    # One EXISTS over both: two with OR between them are looked up for all mails instead of for this conversation.
    query = text_search.typed(text)
    (came, first), (went, second) = (
        _of_walked(mails.filter(search=query)) for mails in (Message.objects.all(), OutgoingMail.objects.all())
    )
    return f"EXISTS ({came} UNION ALL {went})", [*first, *second]


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
    # The order of the inner rows is kept, and the walk ends with the first `most + 1`.
    inner, params = rows[:scanned].query.sql_with_params()
    clauses = " AND ".join(sql for sql, _ in conditions)
    sql = f"SELECT * FROM ({inner}) AS walked (id, last_message_at) WHERE {clauses} LIMIT %s"  # noqa: S608
    told: list[Any] = [*params, *(value for _, values in conditions for value in values), most + 1]
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        found = cursor.fetchall()
    end = next(iter(rows[scanned - 1 : scanned]), None) if len(found) <= most else None
    return _page(found, most, end)


def _page(found: list[tuple[int, datetime]], most: int, end: tuple[int, datetime] | None) -> Found:
    shown = found[:most]
    last = shown[-1] if len(found) > most else end
    return Found([pk for pk, _ in shown], Place(last[1], last[0]) if last else None, is_cut=end is not None)

"""Find conversations, newest first, in bounded time whatever the history.

What few mails say is found through the index of their words. What many say is found by walking back from the newest conversation, which
soon meets enough of them. A walk ends after SCANNED conversations: the page says how far back it came, and goes on from there.
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

RARE = 20_000
"""So many mails at most are looked at one by one."""
SCANNED = 20_000
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
    conditions = _conditions(wanted)
    if wanted.text:
        rare = _that_say(wanted.text)
        talks = talks if rare is None else talks.filter(pk__in=rare)
        conditions = conditions if rare is not None else [*conditions, _says(wanted.text)]
    if after:
        # The first condition alone lets the index begin at the right place.
        talks = talks.filter(Q(last_message_at__lte=after.at) & (Q(last_message_at__lt=after.at) | Q(pk__lt=after.pk)))
    return _walk(talks.order_by("-last_message_at", "-pk"), conditions, most)


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
    query = text_search.typed(text)
    came, went = (_exists(mails.filter(search=query)) for mails in (Message.objects.all(), OutgoingMail.objects.all()))
    return f"({came[0]} OR {went[0]})", [*came[1], *went[1]]


def _exists(rows: QuerySet[Message] | QuerySet[OutgoingMail] | QuerySet[Draft]) -> Condition:
    """That one of `rows` belongs to the conversation that is walked past."""
    sql, params = rows.filter(conversation=RawSQL("walked.id", [])).order_by().values("pk").query.sql_with_params()
    return f"EXISTS ({sql})", list(params)


def _walk(talks: QuerySet[Conversation], conditions: list[Condition], most: int) -> Found:
    rows = talks.values_list("pk", "last_message_at")
    if not conditions:
        return _page([(pk, at) for pk, at in rows[: most + 1]], most, None)
    # The order of the inner rows is kept, and the walk ends with the first `most + 1`.
    inner, params = rows[:SCANNED].query.sql_with_params()
    clauses = " AND ".join(sql for sql, _ in conditions)
    sql = f"SELECT * FROM ({inner}) AS walked (id, last_message_at) WHERE {clauses} LIMIT %s"  # noqa: S608
    told: list[Any] = [*params, *(value for _, values in conditions for value in values), most + 1]
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        found = cursor.fetchall()
    end = next(iter(rows[SCANNED - 1 : SCANNED]), None) if len(found) <= most else None
    return _page(found, most, end)


def _page(found: list[tuple[int, datetime]], most: int, end: tuple[int, datetime] | None) -> Found:
    shown = found[:most]
    last = shown[-1] if len(found) > most else end
    return Found([pk for pk, _ in shown], Place(last[1], last[0]) if last else None, is_cut=end is not None)

"""The list of all conversations, newest first, by keyset."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import CharField, Count, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.urls import reverse

from inbox.models import Conversation, Message
from review import access
from review.desk import words

STEP = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in the list. `state` is said unless it is the usual one, open."""

    url: str
    customer: str
    address: str
    subject: str
    start: str
    mailbox: str
    state: str
    leader: str
    messages: int
    at: words.Moment


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of conversations. `older_url` leads on, `newest_url` back to the start."""

    rows: list[Row]
    text: str
    older_url: str
    newest_url: str


def listing(values: Mapping[str, str], *, user: User) -> Listing:
    """A page of those that `user` may see: of all, or of those whose customer or subject contain `q`,
    older than the pair (`before`, `id`).
    """
    text = values.get("q", "").replace("\0", "").strip()[:100]
    found = _found(access.conversations(user), text, values.get("before", ""), values.get("id", ""))[: STEP + 1]
    talks = list(found)
    rows = [_row(talk) for talk in talks[:STEP]]
    here = reverse("conversations")
    older = f"{here}?{_place(talks[STEP - 1], text)}" if len(talks) > STEP else ""
    newest = f"{here}?{urlencode({'q': text})}" if values.get("before") else ""
    return Listing(rows, text, older, newest)


def _found(talks: QuerySet[Conversation], text: str, before: str, pk: str) -> QuerySet[Conversation]:
    messages = Message.objects.filter(conversation=OuterRef("pk")).order_by()
    last = messages.order_by("-received_at")
    body = Left(Coalesce(NullIf(F("reply_text"), Value("")), F("text")), 300)
    start = Func(body, Value(r"\s+"), Value(" "), Value("g"), function="regexp_replace", output_field=CharField())
    wanted = Q()
    if text:
        wanted &= Q(subject__icontains=text) | Q(customer_address__icontains=text) | Q(customer_name__icontains=text)
    moment, oldest = words.said_moment(before), words.said_id(pk)
    if moment and oldest:
        # The first condition alone lets the index begin at the right place.
        wanted &= Q(last_message_at__lte=moment) & (Q(last_message_at__lt=moment) | Q(pk__lt=oldest))
    return (
        talks.filter(wanted)
        .select_related("mailbox")
        .annotate(
            n_messages=Coalesce(Subquery(messages.values("conversation").annotate(n=Count("pk")).values("n")), 0),
            start=Coalesce(Subquery(last.values(body=start)[:1]), Value("")),
        )
        .order_by("-last_message_at", "-pk")
    )


def _row(talk: Conversation) -> Row:
    return Row(
        url=reverse("conversation", args=[talk.pk]),
        customer=talk.customer_name or talk.customer_address or "Unknown sender",
        address=talk.customer_address,
        subject=talk.subject or "(no subject)",
        start=talk.start.strip()[:120],  # type: ignore[attr-defined]
        mailbox=talk.mailbox.name,
        state="" if talk.state == Conversation.State.OPEN else talk.get_state_display(),
        leader="A person leads" if talk.led_by == Conversation.Leader.PERSON else "",
        messages=talk.n_messages,  # type: ignore[attr-defined]
        at=words.moment(talk.last_message_at),
    )


def _place(talk: Conversation, text: str) -> str:
    values = {"q": text, "before": talk.last_message_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "id": talk.pk}
    return urlencode({name: value for name, value in values.items() if value})

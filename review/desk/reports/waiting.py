"""What waits now: the numbers of each mailbox, each with the way to its mails, and those mails, the oldest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from drafting.models import Draft
from review.desk import words
from review.desk.reports import numbers
from review.desk.reports.fate import Fate
from review.desk.reports.filters import Asked, Filters
from review.desk.reports.listing import STEP, Listing, Row
from review.desk.reports.tables import reason_name
from review.reports import backlog
from review.reports.backlog import DEFINITION, Waiting

PARAMETER = "waiting"
KINDS = {
    "drafts": "Drafts",
    "hand_overs": "Handed over",
    "replies": "Replies to write",
    "writing": "Being drafted",
    "snoozed": "Snoozed",
}
"""The numbers of a mailbox, by the name that `Waiting` and addresses have for them."""
ENDINGS = {
    Draft.State.QUEUED: ("Being drafted", "quiet"),
    Draft.State.WRITING: ("Being drafted", "quiet"),
    Draft.State.READY: ("Draft to decide", "amber"),
    Draft.State.HANDED_OVER: ("Handed over", "amber"),
}
REPLY = ("Reply to write", "amber")


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in one mailbox, in words; `url` leads to its queue. `numbers` are the head, the number and where its mails are."""

    name: str
    url: str
    numbers: list[tuple[str, str, str]]
    oldest: words.Moment | None
    age: str


def queues(waiting: Sequence[Waiting], filters: Filters, *, may_open: bool) -> list[Queue]:
    """What waits, by mailbox; with the way to its queue for who may open that."""
    return [
        Queue(
            name=one.name,
            url=f"{reverse('queue')}?mailbox={one.mailbox}" if may_open else "",
            numbers=[_number(one, kind, filters) for kind in KINDS],
            oldest=words.moment(one.oldest) if one.oldest else None,
            age=words.age(one.oldest) if one.oldest else "",
        )
        for one in waiting
    ]


def listing(values: Mapping[str, str], asked: Asked) -> Listing | None:
    """The mails that an address asks for; None where it names no number of these."""
    what, place = values.get(PARAMETER, ""), _place(values)
    if what not in KINDS:
        return None
    found = backlog.behind(asked.filters.scope, what)
    rows = found.select_related("conversation__mailbox", "category", "message").only(*_NEEDED).order_by("message__received_at", "pk")
    if place:
        rows = rows.filter(Q(message__received_at__gt=place[0]) | Q(message__received_at=place[0], pk__gt=place[1]))
    shown, address = list(rows[: STEP + 1]), reverse("report_mails")
    last = shown[STEP - 1] if len(shown) > STEP else None
    later = {"before": last.message.received_at.isoformat(), "id": str(last.pk)} if last else {}
    return Listing(
        name=f"Waiting now: {KINDS[what].lower()}",
        definition=DEFINITION,
        days="Now",
        whose=asked.in_words,
        total=numbers.count(found.count()),
        rows=[_row(draft) for draft in shown[:STEP]],
        problems=asked.problems,
        report_url=f"{reverse('reports')}{asked.filters.query()}#waiting",
        older_url=address + asked.filters.query(**{PARAMETER: what}, **later) if later else "",
        newest_url=address + asked.filters.query(**{PARAMETER: what}) if place else "",
        first_name="Oldest",
        next_name="Newer",
        outcome="What it waits for",
    )


def _number(one: Waiting, kind: str, filters: Filters) -> tuple[str, str, str]:
    count = getattr(one, kind)
    url = reverse("report_mails") + filters.query(waiting=kind, mailbox=str(one.mailbox)) if count else ""
    return KINDS[kind], numbers.count(count), url


def _place(values: Mapping[str, str]) -> tuple[datetime, int] | None:
    at = words.said_moment(values.get("before", ""))
    return (at, words.said_id(values.get("id", ""))) if at else None


_NEEDED = (
    *("state", "hand_over_reason", "category__name", "message__subject", "message__received_at"),
    *("conversation__customer_name", "conversation__customer_address", "conversation__subject", "conversation__mailbox__name"),
)


def _row(draft: Draft) -> Row:
    talk = draft.conversation
    return Row(
        url=reverse("conversation", args=[talk.pk]),
        customer=talk.customer_name or talk.customer_address or "(no sender)",
        subject=draft.message.subject or talk.subject or "(no subject)",
        category=draft.category.name if draft.category else "",
        mailbox=talk.mailbox.name,
        fate=Fate(*ENDINGS.get(Draft.State(draft.state), REPLY), _why(draft)),
        at=words.moment(draft.message.received_at),
    )


def _why(draft: Draft) -> str:
    return reason_name("hand_over", draft.hand_over_reason) if draft.hand_over_reason else ""

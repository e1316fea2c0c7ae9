"""What waits right now: counted live over what is open alone (partial indexes), so that the past costs nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, CharField, Count, ExpressionWrapper, F, Min, Q, QuerySet, Value
from django.db.models.functions import Cast

from drafting.models import Draft
from inbox.models import Conversation
from review.decisions import LIVE, reply_missing
from review.reports.reading import Scope

DEFINITION = (
    "Counted now, whatever the period: drafts and hand-overs that nobody has decided, replies that somebody took over and has not sent, "
    "and mails of which the assistant has not finished the draft. Snoozed ones are counted apart. The age is that of the mail."
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in a mailbox. `oldest` is when the oldest mail of it was received that is not snoozed."""

    mailbox: int
    name: str
    drafts: int
    hand_overs: int
    replies: int
    writing: int
    snoozed: int
    oldest: datetime | None


def waiting(scope: Scope) -> list[Waiting]:
    """What waits, by mailbox; the one with the oldest mail first. One query."""
    found: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
    for row in _drafts(scope).union(_replies(scope), all=True):
        found[row["box"], row["named"]].append(row)
    told = [_waiting(mailbox, name, rows) for (mailbox, name), rows in found.items()]
    return sorted(told, key=lambda one: (one.oldest is None, one.oldest, one.name))


def behind(scope: Scope, what: str) -> QuerySet[Draft]:
    """The drafts that a number of `Waiting` counts; `what` is its name. Those of which only a reply is missing among them."""
    state = Conversation.State.SNOOZED
    awake, snoozed = ~Q(conversation__state=state), Q(conversation__state=state)
    unsent = Q(pk__in=reply_missing().values("draft"))
    wanted = {
        "drafts": awake & Q(state=Draft.State.READY),
        "hand_overs": awake & Q(state=Draft.State.HANDED_OVER),
        "replies": awake & unsent,
        "writing": awake & Q(state__in=[Draft.State.QUEUED, Draft.State.WRITING]),
        "snoozed": snoozed & (Q(state__in=LIVE) | unsent),
    }
    return Draft.objects.filter(_within(scope, ""), wanted[what])


def _waiting(mailbox: int, name: str, rows: Iterable[dict[str, Any]]) -> Waiting:
    awake = [row for row in rows if not row["is_snoozed"]]
    counts: dict[str, int] = defaultdict(int)
    for row in awake:
        counts[row["what"]] += row["n"]
    return Waiting(
        mailbox=mailbox,
        name=name,
        drafts=counts["ready"],
        hand_overs=counts["handed_over"],
        replies=counts["reply"],
        writing=counts["queued"] + counts["writing"],
        snoozed=sum(row["n"] for row in rows if row["is_snoozed"]),
        oldest=min((row["oldest"] for row in awake), default=None),
    )


def _drafts(scope: Scope) -> Any:
    rows = Draft.objects.filter(_within(scope, ""), state__in=LIVE).annotate(what=Cast("state", CharField()))
    return _counted(rows, "")


def _replies(scope: Scope) -> Any:
    rows = reply_missing().filter(_within(scope, "draft__")).annotate(what=Value("reply", CharField()))
    return _counted(rows, "draft__")


def _counted(rows: QuerySet[Any], draft: str) -> Any:
    is_snoozed = ExpressionWrapper(Q((f"{draft}conversation__state", Conversation.State.SNOOZED)), BooleanField())
    about = {"box": F(f"{draft}conversation__mailbox_id"), "named": F(f"{draft}conversation__mailbox__name")}
    named = rows.annotate(is_snoozed=is_snoozed).order_by().values("what", "is_snoozed", **about)
    return named.annotate(n=Count("pk"), oldest=Min(f"{draft}message__received_at"))


def _within(scope: Scope, draft: str) -> Q:
    """The scope as a condition on drafts, which know their mailbox by their conversation."""
    wanted = Q() if scope.mailboxes is None else Q((f"{draft}conversation__mailbox__in", sorted(scope.mailboxes)))
    if scope.category is not None:
        wanted &= Q((f"{draft}category", scope.category)) if scope.category else Q((f"{draft}category__isnull", True))
    return wanted & (Q() if scope.setup is None else Q((f"{draft}setup", scope.setup)))

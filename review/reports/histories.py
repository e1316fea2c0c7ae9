"""What reports need to know of conversations, without their texts: one query for each table, whatever the number of conversations."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Case, Count, F, Q, Sum, When
from django.db.models.functions import Coalesce

from drafting.models import CheckResult, Draft, ModelCall
from inbox.models import Message, OutgoingMail
from review.models import Decision, Flag, LedgerEntry, LogEntry

CAME_BACK = "It came back"
"""Begins what `inbox.outbox.heard_of` writes to a mail that a bounce reports."""
SETTLED = "mail.resolved_sent"
"""The act of who says of a mail that was maybe sent that it was (`decisions.resolve`)."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message from a person that did not come in as history."""

    id: int
    conversation: int
    mailbox: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft or hand-over. `is_offered` says whether it ever became ready; `unsafe` is its verdict, None unless one counts as evidence.

    `flagged_at` are the times of flags that nobody found mistaken.
    """

    id: int
    conversation: int
    message: int
    state: str
    setup: int | None
    category: int | None
    is_eligible: bool
    hand_over_reason: str
    is_offered: bool
    calls: int
    prompt_tokens: int
    completion_tokens: int
    failed_checks: tuple[str, ...]
    unsafe: bool | None
    flagged_at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that nobody took back. `mail` is the id of the reply that followed."""

    id: int
    conversation: int
    draft: int
    kind: str
    mail: int | None
    edit_reason: str
    seconds: int | None
    at: datetime

    @property
    def by_person(self) -> bool:
        """Whether a person made it."""
        return self.kind != Decision.Kind.AUTO_SENT


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail of ours that was queued, in reply to `message` where it is one. `left_at` is None unless we know that it left."""

    id: int
    conversation: int
    message: int | None
    message_id: str
    recipient: str
    state: str
    is_automatic: bool
    created_at: datetime
    left_at: datetime | None
    came_back: bool


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a mail of ours did not arrive: the ids that it names, and who could not be reached."""

    conversation: int
    received_at: datetime
    named: frozenset[str]
    unreached: frozenset[str]


@dataclass(slots=True)
class History:
    """All of one conversation, each list oldest first. `target` is the mailbox's reply target in seconds, as it is now; `settled_at` are
    the times at which people said of a mail of ours that it was sent."""

    conversation: int
    is_closed: bool = False
    target: int = 0
    messages: list[Inbound] = field(default_factory=list)
    drafts: list[Drafted] = field(default_factory=list)
    decisions: list[Decided] = field(default_factory=list)
    mails: list[Sent] = field(default_factory=list)
    bounces: list[Bounce] = field(default_factory=list)
    settled_at: list[datetime] = field(default_factory=list)


def load(conversations: Collection[int]) -> list[History]:
    """The histories of conversations in which a person wrote to us; others have none. Ten queries at most."""
    found: dict[int, History] = {}
    within = {"conversation__in": list(conversations)}
    past = Q(taken_up_at__lte=F("stored_at"))
    messages = Message.objects.filter(**within, kind=Message.Kind.PERSON).exclude(past).order_by("received_at", "pk")
    about = ("conversation__state", "mailbox__reply_target_minutes")
    for state, minutes, *row in messages.values_list(*about, "pk", "conversation", "mailbox", "received_at"):
        message = Inbound(*row)
        history = found.setdefault(message.conversation, History(message.conversation, state == "closed", minutes * 60))
        history.messages.append(message)
    if found:
        within = {"conversation__in": list(found)}
        _add(found, "drafts", _drafts(within))
        _add(found, "decisions", _decisions(within))
        _add(found, "mails", _mails(within))
        _add(found, "bounces", _bounces(within))
        for conversation, at in LogEntry.objects.filter(**within, act=SETTLED).order_by("at").values_list("conversation_id", "at"):
            found[conversation or 0].settled_at.append(at)
    return list(found.values())


def _add(found: dict[int, History], name: str, rows: Iterable[Any]) -> None:
    for row in rows:
        getattr(found[row.conversation], name).append(row)


def _drafts(within: Mapping[str, Any]) -> list[Drafted]:
    """A draft was offered once it became ready; one that was decided or superseded before never did. That it has a text says the same
    of drafts without a time, and `finished_at` of those whose text was erased since."""
    is_finished = Q(finished_at__isnull=False) | ~Q(body="")
    offered = Q(state__in=["ready", "decided", "superseded"], hand_over_reason="") & is_finished
    names = ("pk", "conversation", "message", "state", "setup", "category", "is_eligible", "hand_over_reason")
    rows = list(Draft.objects.filter(**within).annotate(offered=offered).order_by("pk").values_list(*names, "offered"))
    of_drafts = {f"draft__{name}": value for name, value in within.items()}
    calls, failed = _calls(of_drafts), _listed(_failed(of_drafts))
    verdicts, flagged = dict(_verdicts(of_drafts)), _listed(_flags(of_drafts))
    found = []
    for row in rows:
        rest = (*calls.get(row[0], (0, 0, 0)), tuple(failed[row[0]]), verdicts.get(row[0]), tuple(flagged[row[0]]))
        found.append(Drafted(*(*row, *rest)))
    return found


def _calls(of_drafts: Mapping[str, Any]) -> dict[int, tuple[int, int, int]]:
    sums = {"prompt": Coalesce(Sum("prompt_tokens"), 0), "completion": Coalesce(Sum("completion_tokens"), 0)}
    rows = ModelCall.objects.filter(**of_drafts).order_by().values("draft").annotate(calls=Count("pk"), **sums)
    return {draft: (calls, prompt, completion) for draft, calls, prompt, completion in rows.values_list("draft", "calls", *sums)}


def _failed(of_drafts: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
    return CheckResult.objects.filter(**of_drafts, passed=False).order_by("draft", "position").values_list("draft", "code")


def _verdicts(of_drafts: Mapping[str, Any]) -> Iterable[tuple[int | None, bool | None]]:
    return LedgerEntry.objects.filter(**of_drafts, counts=True, unsafe__isnull=False).values_list("draft", "unsafe")


def _flags(of_drafts: Mapping[str, Any]) -> Iterable[tuple[int, datetime]]:
    return Flag.objects.filter(**of_drafts, cleared_at=None).values_list("draft", "at")


def _listed(pairs: Iterable[tuple[int, _T]]) -> dict[int, list[_T]]:
    found: dict[int, list[_T]] = defaultdict(list)
    for draft, value in pairs:
        found[draft].append(value)
    return found


def _decisions(within: Mapping[str, Any]) -> list[Decided]:
    standing = Decision.objects.filter(**{f"draft__{name}": value for name, value in within.items()}, undone_at=None)
    names = ("pk", "draft__conversation", "draft", "kind", "outgoing", "edit_reason", "seconds_open", "decided_at")
    return [Decided(*row) for row in standing.order_by("decided_at", "pk").values_list(*names)]


def _mails(within: Mapping[str, Any]) -> list[Sent]:
    names = ("pk", "conversation", "in_reply_to", "message_id", "recipient", "state", "is_automatic", "created_at")
    left_at = Case(When(state=OutgoingMail.State.SENT, then="sent_at"))
    mails = OutgoingMail.objects.filter(**within).exclude(state=OutgoingMail.State.CANCELLED).order_by("created_at", "pk")
    rows = mails.annotate(left_at=left_at, came_back=Q(last_error__startswith=CAME_BACK)).values_list(*names, "left_at", "came_back")
    return [Sent(*row) for row in rows]


def _bounces(within: Mapping[str, Any]) -> list[Bounce]:
    bounces = Message.objects.filter(**within, kind=Message.Kind.BOUNCE, bounce_is_delay=False).order_by("received_at", "pk")
    rows = bounces.values_list("conversation_id", "received_at", "references", "in_reply_to", "bounce_recipients")
    return [
        Bounce(conversation or 0, at, frozenset((*references, in_reply_to)), frozenset(map(str.lower, unreached)))
        for conversation, at, references, in_reply_to, unreached in rows
    ]

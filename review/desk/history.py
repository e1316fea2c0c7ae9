"""A whole conversation: mails, drafts and what people decided, in order, a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from drafting.models import Draft
from inbox.models import Conversation, Message, OutgoingMail
from review.desk import conversation, fate, words
from review.models import Decision

STEP = 30


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened beside the mails. `detail` is longer text, such as a draft or a reason."""

    at: datetime
    moment: words.Moment
    icon: str
    words: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a conversation, oldest first. `earlier_url` leads to what came before."""

    happened: list[conversation.Entry | Event]
    earlier_url: str
    later_url: str


def page(talk: Conversation, before: str = "", pk: str = "") -> Page:
    """What happened in a conversation: the newest page, or the one before the message `pk` that came at `before`, as our links say."""
    until = words.said_moment(before)
    found = _messages(talk, until, words.said_id(pk))
    is_full = len(found) == STEP
    since = found[0].received_at if is_full else None
    newest = found[-1].pk if found else None
    mails = conversation.entries(found, _replies(talk, since, until), opened=newest)
    events = [*_drafts(talk, since, until), *_decisions(talk, since, until)]
    both: list[conversation.Entry | Event] = [*mails, *events]
    happened = sorted(both, key=lambda one: one.at)
    url = reverse("conversation", args=[talk.pk])
    earlier = f"{url}?before={since.strftime('%Y-%m-%dT%H:%M:%S.%fZ')}&id={found[0].pk}" if since else ""
    return Page(happened, earlier, url if until else "")


def _within(name: str, since: datetime | None, until: datetime | None) -> Q:
    wanted = Q()
    if since:
        wanted &= Q(**{f"{name}__gte": since})
    if until:
        wanted &= Q(**{f"{name}__lt": until})
    return wanted


def _messages(talk: Conversation, until: datetime | None, pk: int) -> list[Message]:
    """Mails of the same second are told apart by their ids, so that none falls between two pages."""
    wanted = _within("received_at", None, until)
    found = Message.objects.filter(wanted | Q(received_at=until, pk__lt=pk) if until else wanted, conversation=talk)
    return list(reversed(conversation.with_files(found).order_by("-received_at", "-pk")[:STEP]))


def _replies(talk: Conversation, since: datetime | None, until: datetime | None) -> list[OutgoingMail]:
    found = OutgoingMail.objects.filter(_within("created_at", since, until), conversation=talk)
    return list(found.select_related("queued_by", "mailbox").defer("mime").order_by("created_at")[:200])


def _drafts(talk: Conversation, since: datetime | None, until: datetime | None) -> list[Event]:
    found = Draft.objects.filter(_within("created_at", since, until), conversation=talk).select_related("category", "setup")
    return [_draft(draft) for draft in found.defer("setup__parts").order_by("created_at")[:200]]


def _draft(draft: Draft) -> Event:
    at = draft.finished_at or draft.created_at
    url = reverse("item", args=[draft.pk])
    category = f" ({draft.category.name})" if draft.category else ""
    if draft.hand_over_reason:
        said = f"The assistant handed over{category}: {draft.get_hand_over_reason_display().lower()}"
        return Event(at, words.moment(at), "hand", said, draft.hand_over_words, url)
    if not draft.body:
        return Event(at, words.moment(at), "dots", f"Draft {draft.get_state_display().lower()}", draft.last_error, url)
    replaced = ", later replaced" if draft.state == Draft.State.SUPERSEDED else ""
    return Event(at, words.moment(at), "draft", f"{draft.setup} wrote a draft{category}{replaced}", draft.body, url)


def _decisions(talk: Conversation, since: datetime | None, until: datetime | None) -> list[Event]:
    found = Decision.objects.filter(_within("decided_at", since, until), draft__conversation=talk)
    return [_decision(one) for one in found.select_related("by", "outgoing").defer("outgoing__mime").order_by("decided_at")[:200]]


def _decision(decision: Decision) -> Event:
    undone = f", taken back at {words.moment(decision.undone_at).short}" if decision.undone_at else ""
    return Event(
        at=decision.decided_at,
        moment=words.moment(decision.decided_at),
        icon="pen",
        words=fate.sentence(decision) + undone,
        detail=decision.reason,
        url=reverse("item", args=[decision.draft_id]),
    )

"""What stands against erasing: what is on its way would leave without its text, or what is being counted would be counted otherwise."""

from collections.abc import Callable, Iterable, Iterator

from django.db.models import Q

from drafting.models import Draft, ReplayRun
from inbox.models import Message, OutgoingMail
from review.decisions import LIVE, reply_missing
from review.models import Decision, LedgerEntry
from review.privacy.errors import Hindrance
from review.privacy.matters import Matter

Mail, State = OutgoingMail.State, Draft.State
SOON = "Try again in a minute or two."
ON_ITS_WAY = {
    Mail.HELD: "A reply is held and leaves soon. Take it back on the page Outgoing, or wait until it has left.",
    Mail.READY: f"A reply is about to leave. {SOON}",
    Mail.CLAIMED: f"A reply is being sent at this moment. {SOON}",
    Mail.DOT_SENT: f"A reply is being sent at this moment. {SOON}",
    Mail.RETRY: "A reply will be tried again, because the mail server could not take it. Cancel it on the page Outgoing, or wait.",
    Mail.MAYBE_SENT: "A reply was maybe sent. Say what happened on the page Outgoing first.",
}
WAITING = {
    State.QUEUED: "The assistant is about to write a draft. Wait for it, or decide “No reply needed” in the queue.",
    State.WRITING: "The assistant is writing a draft at this moment. Wait until it is there, then decide on it.",
    State.READY: "A draft waits in the queue. Decide on it first; “No reply needed” will do.",
    State.HANDED_OVER: "A mail waits in the queue. Decide on it first; “No reply needed” will do.",
}
GIVEN_BACK = f"A reply that was to leave by itself goes back to people. {SOON}"
FAILED = (
    "A reply that was to leave by itself could not be sent. Choose “Give its draft back” on the page Outgoing, and decide on it in the "
    "queue; “No reply needed” will do."
)
MISSING = "Somebody took a mail over and has not answered it. Write the reply, or take the decision back and say “No reply needed”."
COUNTED = f"A decision is still being counted for the proof of auto-send. {SOON} Where nobody decided, that takes 7 days."
NEW = f"A mail has just come in and is being taken up. {SOON}"
REPLAYED = f"A replay is writing one of the mails once more at this moment. {SOON}"
_Found = Iterable[tuple[int, str]]


def against(matter: Matter) -> list[Hindrance]:
    """What is in the way, each conversation and reason once, in the order of the conversations."""
    found = {(pk, words) for look in _LOOKS for pk, words in look(matter)}
    return [Hindrance(pk, words) for pk, words in sorted(found)]


def _mails(matter: Matter) -> _Found:
    rows = OutgoingMail.objects.filter(pk__in=matter.mails, state__in=ON_ITS_WAY)
    return [(pk, ON_ITS_WAY[Mail(state)]) for pk, state in rows.values_list("conversation", "state")]


def _drafts(matter: Matter) -> _Found:
    rows = Draft.objects.filter(pk__in=matter.drafts, state__in=LIVE)
    return [(pk, WAITING[State(state)]) for pk, state in rows.values_list("conversation", "state")]


def _decisions(matter: Matter) -> Iterator[tuple[int, str]]:
    of_these = Decision.objects.filter(draft__in=matter.drafts)
    missing = reply_missing().filter(draft__in=matter.drafts)
    # A text that is gone could not be offered again. `autosend.returning` gives back what was cancelled; of what failed, people do.
    by_itself = of_these.filter(kind=Decision.Kind.AUTO_SENT, undone_at=None)
    cancelled, failed = by_itself.filter(outgoing__state=Mail.CANCELLED), by_itself.filter(outgoing__state=Mail.FAILED)
    to_weigh = of_these.filter(weighed_at=None).exclude(kind=Decision.Kind.AUTO_SENT)
    for rows, words in ((missing, MISSING), (cancelled, GIVEN_BACK), (failed, FAILED), (to_weigh, COUNTED)):
        yield from ((pk, words) for pk in rows.values_list("draft__conversation", flat=True))


def _ledger(matter: Matter) -> _Found:
    """A verdict that is found later would compare texts that are gone."""
    is_open = Q(settled_at=None) | Q(draft__is_eligible=True, draft__routed_at=None)
    rows = LedgerEntry.objects.filter(is_open, draft__in=matter.drafts).values_list("draft__conversation", flat=True)
    return [(pk, COUNTED) for pk in rows if pk]


def _messages(matter: Matter) -> _Found:
    is_new = Q(taken_up_at=None) | Q(weighed_at=None, kind=Message.Kind.PERSON)
    rows = Message.objects.filter(is_new, pk__in=matter.messages).values_list("conversation", flat=True)
    return [(pk, NEW) for pk in rows if pk]


def _replays(matter: Matter) -> _Found:
    """Those that nobody has begun with end instead (`erasing.take_away`)."""
    going = ReplayRun.objects.filter(message__in=matter.messages, state=ReplayRun.State.RUNNING)
    return [(pk, REPLAYED) for pk in going.values_list("message__conversation", flat=True) if pk]


_LOOKS: list[Callable[[Matter], _Found]] = [_mails, _drafts, _decisions, _ledger, _messages, _replays]

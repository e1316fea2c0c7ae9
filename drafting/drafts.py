"""The life of a draft. Only this module changes `Draft.state`.

queued → writing (lease) → ready | handed_over → decided; superseded once a newer message is taken up whose draft answers this one too.
Everything may be delivered twice: a row is claimed by one conditional update, and who lost its lease can write nothing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from drafting import records
from drafting.errors import Refused
from drafting.models import Draft, HandOverReason
from inbox.models import Conversation, Message

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from drafting.agent.run import Run
    from drafting.gate import Check

LIVE = (Draft.State.QUEUED, Draft.State.WRITING, Draft.State.READY, Draft.State.HANDED_OVER)
LEASE = timedelta(minutes=5)
MAX_LOST = 3
"""So many times a draft may be lost with its worker before a person gets it."""
SHORTEST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)


class NotWaiting(Refused):
    """The draft was decided or superseded meanwhile: show what happened."""


class LostLease(Refused):
    """Another worker owns the draft now: drop what was made."""


def take_up(*, message: Message) -> Draft | None:
    """Begin the draft for a message that was read. Returns None where none is needed, or where another worker was first."""
    with transaction.atomic():
        conversation = _lock_conversation(message.conversation_id)
        taken = Message.objects.filter(pk=message.pk, taken_up_at__isnull=True).exclude(state=Message.State.RECEIVED)
        if not taken.update(taken_up_at=timezone.now()) or message.kind != Message.Kind.PERSON:
            return None
        return _begin(_newest([message, *(draft.message for draft in _supersede(message))]), conversation)


def messages_to_take_up(*, most: int = 200) -> list[int]:
    """Messages that nobody has taken up yet, oldest first."""
    waiting = Message.objects.filter(taken_up_at__isnull=True).exclude(state=Message.State.RECEIVED)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:most])


def due_drafts(*, most: int = 100) -> list[int]:
    """Drafts to be written now, the longest due first."""
    return list(
        Draft.objects.filter(state=Draft.State.QUEUED, due_at__lte=timezone.now()).order_by("due_at").values_list("pk", flat=True)[:most]
    )


def claim(*, draft_id: int) -> Draft | None:
    """Take a due draft for writing. None if it is not due, or another worker has it; then there is nothing to do."""
    now = timezone.now()
    lease = {"state": Draft.State.WRITING, "lease_until": now + LEASE}
    due = Draft.objects.filter(pk=draft_id, state=Draft.State.QUEUED, due_at__lte=now)
    if not due.update(**lease, attempts=F("attempts") + 1):
        return None
    return Draft.objects.select_related("message__mailbox", "message__conversation").filter(pk=draft_id, **lease).first()


def return_lost(*, most: int = 100) -> int:
    """Put drafts whose worker has vanished back into the queue; hand over those that it happened to too often. Returns how many."""
    with transaction.atomic():
        lost = Draft.objects.select_for_update(skip_locked=True).filter(state=Draft.State.WRITING, lease_until__lt=timezone.now())[:most]
        for draft in lost:
            if draft.attempts >= MAX_LOST:
                words = f"Writing this draft broke off {draft.attempts} times."
                _hand_over(draft, reason=HandOverReason.MODEL_UNUSABLE, words=words)
            else:
                draft.state, draft.lease_until = Draft.State.QUEUED, None
                draft.save(update_fields=["state", "lease_until"])
        return len(lost)


def finish(*, draft: Draft, run: "Run", atoms: list[dict[str, Any]], checks: "Iterable[Check]", is_eligible: bool) -> None:
    """The reply is written: keep it (`draft` carries body, category … unsaved) with its record. Raises LostLease.

    Atoms name evidence by the number of the lookup ("evidence:2"); the rows' own ids take its place.
    """
    with _owned(draft):
        records.keep_calls(draft=draft, run=run)
        rows = records.keep_lookups(draft=draft, run=run)
        draft.atoms = [atom | {"source": records.source(str(atom["source"]), rows)} for atom in atoms]
        draft.is_eligible = is_eligible
        records.keep_checks(draft=draft, checks=checks)
        draft.state, draft.finished_at, draft.last_error = Draft.State.READY, timezone.now(), ""
        _save(draft)


def hand_over(*, draft: Draft, reason: HandOverReason, words: str, run: "Run") -> None:
    """The assistant gives up; a person reads `words`. Raises LostLease."""
    with _owned(draft):
        records.keep_calls(draft=draft, run=run)
        records.keep_lookups(draft=draft, run=run)
        _hand_over(draft, reason=reason, words=words)


def wait(*, draft: Draft, words: str, run: "Run | None" = None, seconds: float | None = None) -> None:
    """Something the draft needs does not answer: try again later, at growing intervals or after `seconds`. People read `words` meanwhile.

    What was looked up is no evidence yet: the next try looks again. Raises LostLease.
    """
    with _owned(draft):
        if run is not None:
            records.keep_calls(draft=draft, run=run)
        draft.state, draft.attempts, draft.last_error = Draft.State.QUEUED, 0, words
        draft.due_at = timezone.now() + max(_pause(draft), timedelta(seconds=seconds or 0))
        _save(draft)


def break_off(*, draft: Draft) -> None:
    """A fault kept this worker from writing: let the draft count as lost soon, and not only when its lease ends."""
    mine = Draft.objects.filter(pk=draft.pk, state=Draft.State.WRITING, lease_until=draft.lease_until)
    mine.update(lease_until=timezone.now() + SHORTEST_WAIT)


def wake() -> int:
    """Make all waiting drafts due now, after what they waited for was mended. Returns how many."""
    return Draft.objects.filter(state=Draft.State.QUEUED, due_at__gt=timezone.now()).update(due_at=timezone.now())


def mark_decided(*, draft: Draft) -> None:
    """A person decided on the draft, or answered before it was written. Raises NotWaiting."""
    waiting = Draft.objects.filter(pk=draft.pk, state__in=LIVE)
    if not waiting.update(state=Draft.State.DECIDED, lease_until=None):
        raise NotWaiting("This draft no longer waits for a decision.")
    draft.refresh_from_db(fields=["state", "lease_until"])


def redraft(*, draft: Draft, instruction: str, by: "User") -> Draft:
    """A new draft for the same message, following a reviewer's instruction; `draft` is decided. Raises NotWaiting."""
    with transaction.atomic():
        _lock_conversation(draft.conversation_id)
        draft.refresh_from_db(fields=["state", "lease_until"])
        if draft.state in LIVE:
            mark_decided(draft=draft)
        if draft.state != Draft.State.DECIDED or _rivals(draft.message).exists():
            raise NotWaiting("A newer message came in, and a new draft is on its way.")
        return Draft.objects.create(message=draft.message, conversation=draft.conversation, redraft_of=draft, instruction=instruction)


def reopen(*, draft: Draft) -> Draft:
    """Undo a decision: the draft waits for a person again. What replaced it at a reviewer's wish is dropped.

    Where a newer message has come in since, the draft becomes superseded instead. Raises NotWaiting unless it was decided.
    """
    with transaction.atomic():
        _lock_conversation(draft.conversation_id)
        draft.refresh_from_db()
        if draft.state != Draft.State.DECIDED:
            raise NotWaiting("This draft is not decided, so there is nothing to undo.")
        rivals = _rivals(draft.message)
        rivals.filter(message_id=draft.message_id).update(state=Draft.State.SUPERSEDED, lease_until=None)
        draft.state = Draft.State.SUPERSEDED if rivals.exists() else _undecided(draft)
        draft.save(update_fields=["state"])
        return draft


def _begin(message: Message, conversation: Conversation) -> Draft:
    draft = Draft(message=message, conversation=conversation)
    if message.state == Message.State.UNREADABLE:
        draft.hand_over_reason, draft.hand_over_words = HandOverReason.UNREADABLE, message.problem or "The mail could not be read."
    elif conversation.led_by == Conversation.Leader.PERSON:
        draft.hand_over_reason, draft.hand_over_words = HandOverReason.LED_BY_PERSON, "A person has taken over this conversation."
    if draft.hand_over_reason:
        draft.state, draft.finished_at = Draft.State.HANDED_OVER, timezone.now()
    draft.save()
    return draft


def _lock_conversation(pk: int | None) -> Conversation:
    """Drafts of one conversation come and go one at a time."""
    assert pk is not None, "a message that was read has a conversation"
    return Conversation.objects.select_for_update().get(pk=pk)


def _rivals(message: Message) -> QuerySet[Draft]:
    """Live drafts that answer what a draft for `message` answers too (see `agent.mail.read`): there is one at a time.

    A mail that could not be read, or whose sender may be forged, takes no other mail's place.
    """
    is_read = message.state == Message.State.PARSED
    same = Q(message__state=message.state, message__authenticity=message.authenticity) if is_read else Q(message=message)
    return Draft.objects.filter(same, conversation=message.conversation_id, state__in=LIVE)


def _supersede(message: Message) -> list[Draft]:
    """Drafts that wait give way to one that answers all that is unanswered."""
    drafts = list(_rivals(message).select_related("message").select_for_update(of=("self",)))
    Draft.objects.filter(pk__in=[draft.pk for draft in drafts]).update(state=Draft.State.SUPERSEDED, lease_until=None)
    return drafts


def _newest(messages: list[Message]) -> Message:
    return max(messages, key=lambda message: (message.received_at, message.pk))


def _undecided(draft: Draft) -> Draft.State:
    if draft.hand_over_reason:
        return Draft.State.HANDED_OVER
    return Draft.State.READY if draft.body and draft.setup_id else Draft.State.QUEUED


def _pause(draft: Draft) -> timedelta:
    """A quarter of the draft's age, so the intervals grow by themselves."""
    return min(max((timezone.now() - draft.created_at) / 4, SHORTEST_WAIT), LONGEST_WAIT)


@contextmanager
def _owned(draft: Draft) -> Iterator[None]:
    """A transaction in which this worker still owns `draft`. The lease's end is the proof: it differs for each claim."""
    with transaction.atomic():
        mine = Q(pk=draft.pk, state=Draft.State.WRITING, lease_until=draft.lease_until)
        if not Draft.objects.select_for_update().filter(mine).exists():
            raise LostLease(f"Draft {draft.pk} has another owner.")
        yield


def _hand_over(draft: Draft, *, reason: HandOverReason, words: str) -> None:
    draft.state, draft.finished_at, draft.last_error = Draft.State.HANDED_OVER, timezone.now(), ""
    draft.hand_over_reason, draft.hand_over_words, draft.is_eligible = reason, words, False
    _save(draft)


def _save(draft: Draft) -> None:
    draft.lease_until = None
    draft.save()

"""The ways a draft leaves the queue. Only this module writes Decision rows.

Every decision is one transaction that locks the conversation, then the draft (the order that `drafting.drafts` keeps too): of two people
who decide at once the second waits, then sees what happened.
"""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from drafting import drafts
from drafting.models import Draft, HandOverReason
from inbox import conversations, outbox
from inbox.errors import Refused
from inbox.errors import TooLate as MailTooLate
from inbox.models import Conversation, OutgoingMail
from review import audit_log, claims
from review.errors import AlreadyDecided, CannotSend, NotOffered, Superseded, TooLate
from review.models import Claim, Decision

State = Draft.State
OFFERED = (State.READY, State.HANDED_OVER)
LIVE = (State.QUEUED, State.WRITING, *OFFERED)
CHECK_SECONDS = 600
"""So long at most an approved reply waits after its undo window until its facts are looked up again (see `release`)."""


def approve(*, draft: Draft, by: User) -> Decision:
    """Send the draft as it stands, after the undo window."""
    return _send(draft=draft, text=draft.body, kind=Decision.Kind.APPROVED, by=by)


def edit(*, draft: Draft, text: str, by: User, edit_reason: str = "") -> Decision:
    """Send `text` in place of the draft's. An unchanged text is an approval: the numbers must not count it as an edit."""
    if text.strip() == draft.body.strip():
        return approve(draft=draft, by=by)
    return _send(draft=draft, text=text, kind=Decision.Kind.EDITED, by=by, edit_reason=edit_reason)


@transaction.atomic
def say_why(*, decision: Decision, edit_reason: str, by: User) -> None:
    """Note why `by` edited a draft, after the fact."""
    Decision.objects.filter(pk=decision.pk, by=by, kind=Decision.Kind.EDITED).update(edit_reason=Decision.EditReason(edit_reason))


@transaction.atomic
def reject(*, draft: Draft, reason: str, by: User) -> Decision:
    """Have the draft written again, with the reason as the assistant's instruction."""
    _hold(draft, by, states=OFFERED)
    decision = _record(draft, by, kind=Decision.Kind.REJECTED, reason=reason)
    try:
        drafts.redraft(draft=draft, instruction=reason, by=by)
    except drafts.NotWaiting as error:
        raise Superseded from error
    return decision


@transaction.atomic
def take_over(*, draft: Draft, by: User) -> Decision:
    """Answer by hand: stops the assistant in this conversation, and leaves the mail in the person's queue until they reply."""
    _hold(draft, by, states=LIVE)
    decision = _record(draft, by, kind=Decision.Kind.TAKEN_OVER)
    conversations.lead(conversation_id=draft.conversation_id, leader=Conversation.Leader.PERSON)
    return decision


@transaction.atomic
def reply(*, draft: Draft, text: str, by: User) -> Decision:
    """Send a text by hand, by the person who took the mail over."""
    decision = _taken_over(draft, by)
    decision.outgoing = _queue(draft, text, by)
    decision.final_text = text
    decision.save(update_fields=["outgoing", "final_text"])
    return decision


@transaction.atomic
def no_reply(*, draft: Draft, by: User) -> Decision:
    """Let the mail rest without an answer. A person who had taken it over may still find that none is needed."""
    standing = standing_decision(draft)
    if standing and standing.kind == Decision.Kind.TAKEN_OVER:
        _withdraw(_taken_over(draft, by))
        decision = Decision.objects.create(draft=draft, by=by, kind=Decision.Kind.NO_REPLY)
    else:
        _hold(draft, by, states=LIVE)
        decision = _record(draft, by, kind=Decision.Kind.NO_REPLY)
    conversations.mark(conversation_id=draft.conversation_id, state=Conversation.State.CLOSED)
    return decision


@transaction.atomic
def undo(*, decision: Decision, by: User) -> None:
    """Take a decision back: its mail is cancelled and the draft is offered again. Raises TooLate; AlreadyDecided if that happened before.

    A reply by hand goes back to the person's desk with its text; the take-over stands.
    """
    _lock(decision.draft.conversation_id)
    locked = Decision.objects.select_for_update(of=("self",)).select_related("draft__conversation", "outgoing").get(pk=decision.pk)
    if locked.undone_at:
        raise AlreadyDecided(locked)
    if locked.outgoing:
        _cancel(locked.outgoing, by)
    talk = locked.draft.conversation
    audit_log.record(act="decision.undone", by=by, about=talk.subject, words=f"{locked.get_kind_display()}.", conversation=talk)
    if locked.kind == Decision.Kind.TAKEN_OVER and locked.outgoing:
        Decision.objects.filter(pk=locked.pk).update(outgoing=None)
        conversations.mark(conversation_id=locked.draft.conversation_id, state=Conversation.State.OPEN)
    else:
        _require_recent(locked)
        _withdraw(locked)
        _offer_again(locked)


@transaction.atomic
def void(*, decision: Decision, words: str) -> None:
    """Take an approval back because `words` changed since: its mail does not leave, and a new draft is on its way. Raises TooLate."""
    _lock(decision.draft.conversation_id)
    locked = Decision.objects.select_for_update(of=("self",)).select_related("draft__message", "outgoing").get(pk=decision.pk)
    if locked.undone_at or not locked.outgoing:
        raise TooLate
    note = f"Since this was approved, {words}."
    try:
        outbox.void(mail=locked.outgoing, words=note)
    except MailTooLate as error:
        raise TooLate from error
    _withdraw(locked)
    drafts.renew(draft=locked.draft, note=note)
    conversations.mark(conversation_id=locked.draft.conversation_id, state=Conversation.State.OPEN)


@transaction.atomic
def hand_back(*, conversation: Conversation, by: User) -> None:
    """Let the assistant go on in a conversation. What was taken over and not answered is offered to everybody again."""
    _lock(conversation.pk)
    conversations.lead(conversation_id=conversation.pk, leader=Conversation.Leader.ASSISTANT)
    audit_log.record(act="conversation.handed_back", by=by, about=conversation.subject, conversation=conversation)
    for decision in reply_missing().filter(draft__conversation=conversation).select_related("draft"):
        _withdraw(decision)
        drafts.reopen(draft=decision.draft)
    left_alone = Draft.objects.filter(conversation=conversation, state=State.HANDED_OVER, hand_over_reason=HandOverReason.LED_BY_PERSON)
    for draft in left_alone:
        drafts.redraft(draft=draft, instruction="", by=by)


def reply_missing() -> QuerySet[Decision]:
    """What was taken over and still waits for a reply: nothing has gone out in the conversation since."""
    since = OutgoingMail.objects.filter(conversation=OuterRef("draft__conversation"), created_at__gt=OuterRef("decided_at"))
    taken = Decision.objects.filter(kind=Decision.Kind.TAKEN_OVER, outgoing__isnull=True, undone_at__isnull=True)
    return taken.exclude(Exists(since.exclude(state=OutgoingMail.State.CANCELLED)))


def standing_decision(draft: Draft) -> Decision | None:
    """The decision that stands on a draft, with who made it and the mail that followed."""
    return Decision.objects.select_related("by", "outgoing").filter(draft=draft, undone_at__isnull=True).first()


@transaction.atomic
def _send(*, draft: Draft, text: str, kind: str, by: User, edit_reason: str = "") -> Decision:
    _hold(draft, by, states=(State.READY,))
    mail = _queue(draft, text, by, check_seconds=CHECK_SECONDS)
    return _record(draft, by, kind=kind, final_text=text, outgoing=mail, edit_reason=edit_reason)


def _hold(draft: Draft, by: User, *, states: Collection[str]) -> None:
    """Lock the draft and raise what stands against deciding it."""
    _lock(draft.conversation_id)
    locked = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if locked.state in states:
        _require_unclaimed(locked, by)
    elif decision := standing_decision(locked):
        raise AlreadyDecided(decision)
    elif locked.state in LIVE:
        raise NotOffered
    else:
        raise Superseded


def _lock(conversation_id: int) -> None:
    Conversation.objects.select_for_update().get(pk=conversation_id)


def _require_unclaimed(draft: Draft, by: User) -> None:
    claim = claims.holder(draft)
    if claim and claim.by_id != by.pk:
        raise claims.ClaimedByOther(claim)


def _require_recent(decision: Decision) -> None:
    """A reply can be taken back while it is held; what sends nothing, for as long. A new draft that was decided keeps the old one out."""
    if Draft.objects.filter(redraft_of=decision.draft_id, state=State.DECIDED).exists():
        raise TooLate
    grace = timedelta(seconds=settings.UNDO_SECONDS + 5)
    if not decision.outgoing and decision.kind != Decision.Kind.TAKEN_OVER and timezone.now() > decision.decided_at + grace:
        raise TooLate


def _record(
    draft: Draft,
    by: User,
    *,
    kind: str,
    reason: str = "",
    final_text: str = "",
    edit_reason: str = "",
    outgoing: OutgoingMail | None = None,
) -> Decision:
    drafts.mark_decided(draft=draft)
    claim = Claim.objects.filter(draft=draft, by=by).first()
    seconds_open = int((timezone.now() - claim.opened_at).total_seconds()) if claim else None
    Claim.objects.filter(draft=draft).delete()
    return Decision.objects.create(
        draft=draft,
        by=by,
        kind=kind,
        reason=reason,
        final_text=final_text,
        edit_reason=edit_reason,
        outgoing=outgoing,
        seconds_open=seconds_open,
    )


def _taken_over(draft: Draft, by: User) -> Decision:
    """The take-over by `by` that still waits for a reply, with its conversation locked."""
    _lock(draft.conversation_id)
    decision = reply_missing().filter(draft=draft, by=by).first()
    if decision:
        return decision
    if standing := standing_decision(draft):
        raise AlreadyDecided(standing)
    raise NotOffered


def _queue(draft: Draft, text: str, by: User, *, check_seconds: float = 0) -> OutgoingMail:
    conversations.mark(conversation_id=draft.conversation_id, state=Conversation.State.WAITING)
    try:
        return outbox.queue(conversation=draft.conversation, in_reply_to=draft.message, body=text, by=by, check_seconds=check_seconds)
    except Refused as error:
        raise CannotSend(str(error)) from error


def _cancel(mail: OutgoingMail, by: User) -> None:
    try:
        outbox.cancel(mail=mail, by=by)
    except MailTooLate as error:
        raise TooLate from error


def _withdraw(decision: Decision) -> None:
    Decision.objects.filter(pk=decision.pk).update(undone_at=timezone.now())


def _offer_again(decision: Decision) -> None:
    drafts.reopen(draft=decision.draft)
    conversations.mark(conversation_id=decision.draft.conversation_id, state=Conversation.State.OPEN)
    if decision.kind == Decision.Kind.TAKEN_OVER:
        conversations.lead(conversation_id=decision.draft.conversation_id, leader=Conversation.Leader.ASSISTANT)

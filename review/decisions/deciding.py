"""Deciding: each way in which a draft leaves the queue."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from drafting import drafts
from drafting.models import Draft
from inbox import conversations, outbox
from inbox.models import Conversation, OutgoingMail
from review import uploads, writing
from review.decisions import leaving
from review.decisions.rows import LIVE, OFFERED, State, hold, record, standing_decision, taken_over, withdraw
from review.errors import CannotSend, Superseded
from review.models import Decision, Upload, Verdict

CHECK_SECONDS = 600
"""So long at most an approved reply waits after its undo window until its facts are looked up again (see `release`)."""


def approve(*, draft: Draft, by: User) -> Decision:
    """Send the draft as it stands, after the undo window.

    What the assistant wrote has no files, so nothing that `by` attached leaves with it, and nothing of that is forgotten either: while
    there are any, CannotSend says to send them with an edit.
    """
    if n := uploads.unsent(by=by, conversation=draft.conversation).count():
        attached = "a file" if n == 1 else f"{n} files"
        raise CannotSend(f"You attached {attached} to this reply. Choose Edit to send it with them, or to remove them.")
    return _send(draft=draft, text=draft.body, kind=Decision.Kind.APPROVED, by=by)


def edit(*, draft: Draft, text: str, by: User, files: Sequence[Upload] = (), box: str = "", edit_reason: str = "") -> Decision:
    """Send `text` and `files` in place of the draft. Files make it an edit: the customer needed more than the assistant wrote.

    An unchanged text alone is an approval: the numbers must not count it as an edit. `box` is where it was typed (see `Writing`).
    """
    if text.strip() == draft.body.strip() and not files:
        return approve(draft=draft, by=by)
    return _send(draft=draft, text=text, kind=Decision.Kind.EDITED, by=by, edit_reason=edit_reason, files=files, box=box)


@transaction.atomic
def say_why(*, decision: Decision, edit_reason: str, by: User) -> bool:
    """Note why `by` edited a draft, after the fact; the ledger takes notice again. Says whether that can still make it one of the wording.

    Whoever weighs the decision holds its row, as this does: the reason is there before, or it is weighed once more.
    """
    reason = Decision.EditReason(edit_reason)
    edits = Decision.objects.filter(pk=decision.pk, by=by, kind=Decision.Kind.EDITED)
    edits.exclude(edit_reason=reason).update(edit_reason=reason, weighed_at=None)
    return reason != Decision.EditReason.TONE or not decision.verdicts.filter(reason=Verdict.Reason.EDITED).exists()


@transaction.atomic
def reject(*, draft: Draft, reason: str, by: User) -> Decision:
    """Have the draft written again, with the reason as the assistant's instruction.

    Who took the mail over and has not answered may let the assistant try so too: it then leads the conversation again.
    """
    standing = standing_decision(draft)
    if standing and standing.kind == Decision.Kind.TAKEN_OVER:
        withdraw(taken_over(draft, by))
        decision = Decision.objects.create(draft=draft, by=by, kind=Decision.Kind.REJECTED, reason=reason)
        conversations.lead(conversation_id=draft.conversation_id, leader=Conversation.Leader.ASSISTANT)
    else:
        hold(draft, by, states=OFFERED)
        decision = record(draft=draft, by=by, kind=Decision.Kind.REJECTED, reason=reason)
    try:
        drafts.redraft(draft=draft, instruction=reason, by=by)
    except drafts.NotWaiting as error:
        raise Superseded from error
    conversations.wake(conversation=draft.conversation)
    return decision


@transaction.atomic
def take_over(*, draft: Draft, by: User) -> Decision:
    """Answer by hand: stops the assistant in this conversation, and leaves the mail in the person's queue until they reply."""
    hold(draft, by, states=LIVE)
    decision = record(draft=draft, by=by, kind=Decision.Kind.TAKEN_OVER)
    conversations.wake(conversation=draft.conversation)
    conversations.lead(conversation_id=draft.conversation_id, leader=Conversation.Leader.PERSON)
    return decision


@transaction.atomic
def reply(*, draft: Draft, text: str, by: User, files: Sequence[Upload] = (), box: str = "") -> Decision:
    """Send a text by hand, by the person who took the mail over."""
    decision = taken_over(draft, by)
    decision.outgoing = _queue(draft, text, by, files=files, box=box)
    decision.final_text = text
    decision.save(update_fields=["outgoing", "final_text"])
    return decision


@transaction.atomic
def no_reply(*, draft: Draft, by: User) -> Decision:
    """Let the mail rest without an answer. A person who had taken it over may still find that none is needed."""
    standing = standing_decision(draft)
    if standing and standing.kind == Decision.Kind.TAKEN_OVER:
        withdraw(taken_over(draft, by))
        decision = Decision.objects.create(draft=draft, by=by, kind=Decision.Kind.NO_REPLY)
    else:
        hold(draft, by, states=LIVE)
        decision = record(draft=draft, by=by, kind=Decision.Kind.NO_REPLY)
    conversations.mark(conversation_id=draft.conversation_id, state=Conversation.State.CLOSED)
    return decision


@transaction.atomic
def _send(*, draft: Draft, text: str, kind: str, by: User, edit_reason: str = "", files: Sequence[Upload] = (), box: str = "") -> Decision:
    hold(draft, by, states=(State.READY,))
    mail = _queue(draft, text, by, check_seconds=CHECK_SECONDS, files=files, box=box)
    return record(draft=draft, by=by, kind=kind, final_text=text, outgoing=mail, edit_reason=edit_reason)


def _queue(draft: Draft, text: str, by: User, *, check_seconds: float = 0, files: Sequence[Upload] = (), box: str = "") -> OutgoingMail:
    conversations.mark(conversation_id=draft.conversation_id, state=Conversation.State.WAITING)
    author = by if text != draft.body else None
    with leaving.checked(text=text, files=files, conversation=draft.conversation, author=author) as attached:
        mail = outbox.queue(
            conversation=draft.conversation,
            in_reply_to=draft.message,
            body=text,
            by=by,
            files=attached,
            check_seconds=check_seconds,
        )
    uploads.leave_with(mail=mail, uploads=files)
    if text != draft.body:
        writing.leave_with(mail=mail, by=by, conversation=draft.conversation, box=box, text=text)
    return mail

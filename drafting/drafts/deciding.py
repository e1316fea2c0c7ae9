"""What people's decisions do to a draft."""

from typing import TYPE_CHECKING

from django.db import transaction

from drafting.drafts import rows
from drafting.drafts.rows import LIVE, NotWaiting
from drafting.models import Draft

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def mark_decided(*, draft: Draft) -> None:
    """A person decided on the draft, or answered before it was written. Raises NotWaiting."""
    waiting = Draft.objects.filter(pk=draft.pk, state__in=LIVE)
    if not waiting.update(state=Draft.State.DECIDED, lease_until=None):
        raise NotWaiting("This draft no longer waits for a decision.")
    draft.state, draft.lease_until = Draft.State.DECIDED, None


def redraft(*, draft: Draft, instruction: str, by: "User") -> Draft:
    """A new draft for the same message, following a reviewer's instruction; `draft` is decided. Raises NotWaiting."""
    with transaction.atomic():
        rows.lock_conversation(draft.conversation_id)
        draft.refresh_from_db(fields=["state", "lease_until"])
        if draft.state in LIVE:
            mark_decided(draft=draft)
        if draft.state != Draft.State.DECIDED or rows.rivals(draft.message).exists():
            raise NotWaiting("A newer message came in, and a new draft is on its way.")
        return Draft.objects.create(message=draft.message, conversation=draft.conversation, redraft_of=draft, instruction=instruction)


def renew(*, draft: Draft, note: str) -> Draft | None:
    """What was approved of `draft` does not hold any more: a new draft takes its place, and people read `note` beside it.

    None where a newer message has a draft of its own. Raises NotWaiting unless the draft was decided.
    """
    with transaction.atomic():
        conversation = rows.lock_conversation(draft.conversation_id)
        decided = Draft.objects.filter(pk=draft.pk, state=Draft.State.DECIDED)
        if not decided.update(state=Draft.State.SUPERSEDED):
            raise NotWaiting("This draft is not decided, so nothing can take its place.")
        draft.refresh_from_db(fields=["state"])
        if rows.rivals(draft.message).exists():
            return None
        new = Draft(message=draft.message, conversation=conversation, redraft_of=draft, instruction=draft.instruction, note=note)
        return rows.begin(new)


def reopen(*, draft: Draft, note: str = "") -> Draft:
    """Undo a decision: the draft waits for a person again, who reads `note`. What replaced it at a reviewer's wish is dropped.

    Where a newer message has come in since, the draft becomes superseded instead. Raises NotWaiting unless it was decided.
    """
    with transaction.atomic():
        rows.lock_conversation(draft.conversation_id)
        draft.refresh_from_db()
        if draft.state != Draft.State.DECIDED:
            raise NotWaiting("This draft is not decided, so there is nothing to undo.")
        rivals = rows.rivals(draft.message)
        rivals.filter(message_id=draft.message_id).update(state=Draft.State.SUPERSEDED, lease_until=None)
        draft.state = Draft.State.SUPERSEDED if rivals.exists() else _undecided(draft)
        draft.note = note or draft.note
        draft.save(update_fields=["state", "note"])
        return draft


def _undecided(draft: Draft) -> Draft.State:
    if draft.hand_over_reason:
        return Draft.State.HANDED_OVER
    return Draft.State.READY if draft.body and draft.setup_id else Draft.State.QUEUED

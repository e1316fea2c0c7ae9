"""Doorways for Celery: each takes an id and calls one function, or sweeps for rows that wait. Safe to deliver twice."""

from functools import partial

from celery import shared_task
from django.db import transaction

from drafting import drafts, writing
from drafting.models import Draft
from inbox.models import Message

RING_SECONDS = 10


@shared_task
def take_up_messages() -> None:
    """Begin drafts for messages that were read, and ring for each at once."""
    for message_id in drafts.messages_to_take_up():
        message = Message.objects.select_related("conversation").get(pk=message_id)
        draft = drafts.take_up(message=message)
        if draft is not None and draft.state == Draft.State.QUEUED:
            transaction.on_commit(partial(_ring, draft.pk))


@shared_task
def write_due_drafts() -> None:
    """Ring for every draft that is due, after putting back those whose worker vanished."""
    drafts.return_lost()
    for draft_id in drafts.due_drafts():
        _ring(draft_id)


@shared_task
def write_draft(draft_id: int) -> None:
    """Write one draft, unless somebody else does or did."""
    writing.write(draft_id=draft_id)


def _ring(draft_id: int) -> None:
    """The next sweep rings again, so a bell that nobody heard may fade away."""
    write_draft.apply_async((draft_id,), expires=RING_SECONDS)

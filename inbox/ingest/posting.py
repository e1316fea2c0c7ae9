"""Mail that a program brings, on the same way as fetched mail: bytes first, then a row, then somebody reads it."""

from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from inbox import tasks
from inbox.ingest.storing import arrive, record_all
from inbox.models import Mailbox, Message


class Posted(NamedTuple):
    """The message of some bytes, and whether it is new here."""

    message: Message
    is_new: bool


def post_message(*, mailbox: Mailbox, raw: bytes) -> Posted:
    """Take in one mail as if it had just arrived in `mailbox`; bytes that are there already give the message that they made then.

    Its sender never counts as authenticated. Raises Unavailable where the storage takes nothing.
    """
    arrival = arrive(raw, received_at=timezone.now(), is_posted=True)
    with transaction.atomic():
        recorded = record_all(mailbox=mailbox, arrivals=[arrival])
        for pk in recorded.new:
            # Robust: where the doorbell is out of order the sweep finds the message.
            transaction.on_commit(partial(tasks.parse_message.delay, pk), robust=True)
        message = Message.objects.get(pk=recorded.pks[arrival.sha256])
        return Posted(message, message.pk in recorded.new)

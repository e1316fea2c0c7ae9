"""From a message that was read to its draft."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from drafting.drafts import rows
from drafting.models import Draft
from inbox.models import Attachment, Message

WAITS_FOR_FILES = timedelta(minutes=3)
"""Then a mail is answered without what is written in its files."""


def take_up(*, message: Message) -> Draft | None:
    """Begin the draft for a message that was read. Returns None where none is needed, or where another worker was first."""
    with transaction.atomic():
        conversation = rows.lock_conversation(message.conversation_id)
        taken = Message.objects.filter(pk=message.pk, taken_up_at__isnull=True).exclude(state=Message.State.RECEIVED)
        if not taken.update(taken_up_at=timezone.now()) or message.kind != Message.Kind.PERSON:
            return None
        newest = _newest([message, *(draft.message for draft in _supersede(message))])
        return rows.begin(Draft(message=newest, conversation=conversation))


def messages_to_take_up(*, most: int = 200) -> list[int]:
    """Messages that nobody has taken up yet, oldest first; not those whose files are still being read, unless that takes too long."""
    unread = Attachment.objects.filter(message=OuterRef("pk"), text_state=Attachment.Text.WAITING)
    is_read = ~Exists(unread) | Q(stored_at__lt=timezone.now() - WAITS_FOR_FILES)
    waiting = Message.objects.filter(is_read, taken_up_at__isnull=True).exclude(state=Message.State.RECEIVED)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:most])


def _supersede(message: Message) -> list[Draft]:
    """Drafts that wait give way to one that answers all that is unanswered."""
    drafts = list(rows.rivals(message).select_related("message").select_for_update(of=("self",)))
    Draft.objects.filter(pk__in=[draft.pk for draft in drafts]).update(state=Draft.State.SUPERSEDED, lease_until=None)
    return drafts


def _newest(messages: list[Message]) -> Message:
    return max(messages, key=lambda message: (message.received_at, message.pk))

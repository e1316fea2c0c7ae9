"""Mail that was maybe sent, looked for in the Sent folder, where many providers file what they took.

Found, it was sent. Not found says nothing, so the mail stays a person's to decide on, and is never sent again from here.
"""

from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from inbox import imap, outbox
from inbox.errors import Unavailable
from inbox.models import OutgoingMail

DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
"""After each look; after the last one it is not looked for any more."""


def due_mail() -> list[int]:
    """Ids of mail to look for now."""
    return list(_due().order_by("dot_sent_at").values_list("pk", flat=True)[:100])


def look_for(*, mail_id: int) -> bool:
    """Look once, unless somebody else does; whether it was found."""
    mail = OutgoingMail.objects.select_related("mailbox").get(pk=mail_id)
    pause = DELAYS[min(mail.file_attempts, len(DELAYS) - 1)]
    if not _due().filter(pk=mail_id).update(file_due_at=timezone.now() + pause, file_attempts=F("file_attempts") + 1):
        return False
    try:
        is_there = imap.is_in_sent(mail.mailbox, message_id=f"<{mail.message_id}>")
    except Unavailable:
        return False
    return is_there and outbox.found_in_sent(mail=mail)


def _due() -> QuerySet[OutgoingMail]:
    now = timezone.now()
    maybe = OutgoingMail.objects.filter(state=OutgoingMail.State.MAYBE_SENT, mailbox__is_active=True, file_attempts__lt=len(DELAYS))
    return maybe.filter(Q(file_due_at=None) | Q(file_due_at__lte=now))

"""Copies of sent mail in the mailbox's Sent folder. What fails here never touches the state of the mail."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from inbox import imap
from inbox.errors import Unavailable
from inbox.models import OutgoingMail

LEASE = timedelta(minutes=5)
DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]


def due_mail() -> list[int]:
    """Ids of mail to file now."""
    due = OutgoingMail.objects.filter(state=OutgoingMail.State.SENT, filed_at=None, file_due_at__lte=timezone.now())
    return list(due.order_by("file_due_at").values_list("pk", flat=True)[:100])


def file_mail(*, mail_id: int) -> None:
    """File one copy; done twice, or by two at once, it is there once. Of one that keeps failing the tries are a day apart at last."""
    mine = OutgoingMail.objects.filter(pk=mail_id, state=OutgoingMail.State.SENT, filed_at=None)
    now = timezone.now()
    if not mine.filter(file_due_at__lte=now).update(file_due_at=now + LEASE, file_attempts=F("file_attempts") + 1):
        return
    mail = OutgoingMail.objects.select_related("mailbox").get(pk=mail_id)
    if not mail.mime:
        # Erased since it was claimed.
        return
    try:
        imap.file_copy(mail.mailbox, message_id=f"<{mail.message_id}>", mime=bytes(mail.mime), sent_at=mail.sent_at or now)
    except Unavailable:
        mine.update(file_due_at=timezone.now() + DELAYS[min(mail.file_attempts, len(DELAYS)) - 1])
    else:
        mine.update(filed_at=timezone.now())

"""What somebody wants done to mails on their server once they are stored: mark them as seen, or move them to another folder.

It is a step of its own, after the transaction that wrote the rows and moved the cursor of the folder. It goes by UIDs at or below that
cursor, and by rows whose bytes we have whole; done twice it changes nothing. What fails here never touches fetching.
"""

from contextlib import suppress
from datetime import timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from inbox import imap
from inbox.errors import LeaseLost, Unavailable
from inbox.flags import TRUNCATED, WITHHELD
from inbox.models import AfterStoring, Mailbox, Message

BATCH = 100
MOST_BATCHES = 10
"""Then other mailboxes have their turn; the rest follows at the next sweep."""
LEASE = timedelta(minutes=10)
"""Longer than any task lasts: whoever has it by then is gone."""
PAUSE = timedelta(minutes=15)
"""After a failure."""
KEPT_IN_PART = [WITHHELD, TRUNCATED]
"""Mails that are whole on the server alone stay as they are."""


def due_mailboxes() -> list[int]:
    """Ids of mailboxes with mails that were stored and not tidied."""
    return list(_due().order_by("tidy_due_at").values_list("pk", flat=True)[:200])


def tidy_mailbox(*, mailbox_id: int) -> None:
    """Do to stored mails what their mailbox wants; by two at once, or after somebody died of it, it is done once.

    What fails is written to `after_storing_error`, in words, and tried again after PAUSE.
    """
    mailbox = _claim(mailbox_id)
    if mailbox is None:
        return
    try:
        _tidy(mailbox)
        _note(mailbox, tidy_due_at=timezone.now(), after_storing_error="")
    except LeaseLost:
        return
    except Unavailable as error:
        _put_off(mailbox, str(error))
    except SoftTimeLimitExceeded:
        _put_off(mailbox, "it took longer than a task may take.")


def _due() -> QuerySet[Mailbox]:
    is_behind = (
        Q(tidied_uid__lt=F("uid_watermark")) | Q(tidied_uidvalidity__lt=F("uidvalidity")) | Q(tidied_uidvalidity__gt=F("uidvalidity"))
    )
    wanted = Mailbox.objects.exclude(after_storing=AfterStoring.NOTHING).filter(is_active=True, uidvalidity__isnull=False)
    return wanted.filter(is_behind, tidy_due_at__lte=timezone.now())


def _claim(pk: int) -> Mailbox | None:
    until = timezone.now() + LEASE
    _due().filter(pk=pk).update(tidy_due_at=until)
    return Mailbox.objects.filter(pk=pk, tidy_due_at=until).first()


def _tidy(mailbox: Mailbox) -> None:
    if mailbox.tidied_uidvalidity != mailbox.uidvalidity:
        _move_on(mailbox, 0)
    if uids := _waiting(mailbox):
        with imap.open_to_change(mailbox) as folder:
            _expect_numbering(folder, mailbox)
            for _ in range(MOST_BATCHES):
                _change(folder, mailbox, uids)
                _move_on(mailbox, uids[-1])
                if not (uids := _waiting(mailbox)):
                    break
    if not uids:
        _move_on(mailbox, mailbox.uid_watermark)


def _waiting(mailbox: Mailbox) -> list[int]:
    """The UIDs of the next mails, ascending."""
    stored = Message.objects.filter(mailbox=mailbox, uidvalidity=mailbox.uidvalidity, received_at__gte=mailbox.after_storing_since)
    here = stored.filter(uid__gt=mailbox.tidied_uid, uid__lte=mailbox.uid_watermark).exclude(flags__overlap=KEPT_IN_PART)
    return [uid for uid in here.order_by("uid").values_list("uid", flat=True)[:BATCH] if uid is not None]


def _expect_numbering(folder: imap.ChangeableFolder, mailbox: Mailbox) -> None:
    if folder.uidvalidity != mailbox.uidvalidity:
        raise Unavailable("folder", f"the server numbered the mails in {mailbox.folder!r} anew; they are listed again first.")


def _change(folder: imap.ChangeableFolder, mailbox: Mailbox, uids: list[int]) -> None:
    if mailbox.after_storing == AfterStoring.MOVE:
        folder.move(uids, mailbox.after_storing_folder)
    else:
        folder.mark_seen(uids)


def _move_on(mailbox: Mailbox, uid: int) -> None:
    mailbox.tidied_uidvalidity, mailbox.tidied_uid = mailbox.uidvalidity or 0, uid
    _note(mailbox, tidied_uidvalidity=mailbox.tidied_uidvalidity, tidied_uid=uid)


def _put_off(mailbox: Mailbox, problem: str) -> None:
    with suppress(LeaseLost):
        _note(mailbox, tidy_due_at=timezone.now() + PAUSE, after_storing_error=problem)


def _note(mailbox: Mailbox, **changes: object) -> None:
    """Change the mailbox while it is ours. Raises LeaseLost, such as where an admin changed it."""
    if not Mailbox.objects.filter(pk=mailbox.pk, tidy_due_at=mailbox.tidy_due_at).update(**changes):
        raise LeaseLost(f"Somebody else tidies {mailbox} now.")

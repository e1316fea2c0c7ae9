"""What admins do with mailboxes. Fetching has `inbox.ingest`, sending `inbox.outbox`."""

from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.db.models.functions import Now
from django.utils import timezone

from inbox import oauth, outbox
from inbox.errors import Refused
from inbox.models import AfterStoring, Mailbox, OutgoingMail

UNREACHED = timedelta(minutes=15)
"""A mailbox that nobody could read for so long needs somebody."""
STOPPING = timedelta(minutes=1)
"""For so long whoever tidies a mailbox may not see that it was changed."""
BLIND = "Its mailbox is paused, so nobody sees whether the customer wrote again."
"""Why nothing leaves by itself from a mailbox that is paused."""
ACCOUNT = ("imap_host", "imap_port", "imap_username", "folder")
"""What says which folder of whose account is watched."""


def unreached() -> Q:
    """Which mailboxes were not reached for too long, whatever the reason: a server, or workers that do not run."""
    too_long = Now() - UNREACHED
    return Q(is_active=True) & (Q(fetched_at__lte=too_long) | Q(fetched_at=None, created_at__lte=too_long))


def is_unreached(mailbox: Mailbox) -> bool:
    """Whether this one is among them."""
    return mailbox.is_active and timezone.now() - (mailbox.fetched_at or mailbox.created_at) >= UNREACHED


@transaction.atomic
def save(*, mailbox: Mailbox) -> Mailbox:
    """Keep a mailbox and have it fetched at once.

    Where it watches another folder now, that is read from its start; mail that is known is recognised. What is to be done to stored mails
    holds for those that arrive from now on.
    """
    before = Mailbox.objects.select_for_update().filter(pk=mailbox.pk).first()
    if before:
        is_same = all(getattr(before, name) == getattr(mailbox, name) for name in ACCOUNT)
        mailbox.uidvalidity, mailbox.uid_watermark = (before.uidvalidity, before.uid_watermark) if is_same else (None, 0)
        mailbox.fetched_at = before.fetched_at
    # Whoever fetches it just now loses the lease, and with it the right to move the cursor of the folder before.
    mailbox.fetch_lease_until = None
    mailbox.next_fetch_at, mailbox.fetch_error = timezone.now(), ""
    # Likewise whoever watches it.
    mailbox.watcher, mailbox.watch_lease_until, mailbox.watching_since = "", None, None
    mailbox.watch_due_at, mailbox.watch_failures, mailbox.watch_note = timezone.now(), 0, ""
    _set_aftermath(before, mailbox)
    mailbox.save()
    oauth.try_again(mailbox)
    return mailbox


def _set_aftermath(before: Mailbox | None, mailbox: Mailbox) -> None:
    """Whoever tidies it just now stops. Mail that was there before somebody asked for it stays as it is, history above all."""
    now = timezone.now()
    mailbox.tidy_due_at, mailbox.after_storing_error = now, ""
    if before is None:
        return
    if before.tidy_due_at > now:
        # The server may be at a command of theirs.
        mailbox.tidy_due_at = now + STOPPING
    is_same = mailbox.uidvalidity is not None
    mailbox.tidied_uidvalidity, mailbox.tidied_uid = (before.tidied_uidvalidity, before.tidied_uid) if is_same else (0, 0)
    is_new = before.after_storing == AfterStoring.NOTHING or not is_same
    mailbox.after_storing_since = now if is_new else before.after_storing_since


@transaction.atomic
def pause(*, mailbox: Mailbox) -> None:
    """Fetch nothing until it is resumed. What a person approved leaves all the same; nothing leaves by itself."""
    # The mails before their mailbox, as a fetch locks them.
    outbox.hold_back(mails=OutgoingMail.objects.filter(mailbox=mailbox), words=BLIND)
    Mailbox.objects.filter(pk=mailbox.pk).update(is_active=False)


def resume(*, mailbox: Mailbox) -> None:
    """Go on, at once."""
    Mailbox.objects.filter(pk=mailbox.pk).update(is_active=True, next_fetch_at=timezone.now(), watch_due_at=timezone.now())


def fetch_now(*, mailbox: Mailbox) -> None:
    """Have it fetched at the next sweep."""
    Mailbox.objects.filter(pk=mailbox.pk).update(next_fetch_at=timezone.now())


def delete(*, mailbox: Mailbox) -> None:
    """Remove a mailbox that never had mail. Raises Refused for any other: its mail would go with it."""
    try:
        mailbox.delete()
    except ProtectedError as error:
        raise Refused("This mailbox has mail, which is kept. Pause it instead.") from error

"""What admins do with mailboxes. Fetching has `inbox.ingest`, sending `inbox.outbox`."""

from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from inbox import oauth
from inbox.errors import Refused
from inbox.models import Mailbox

UNREACHED = timedelta(minutes=15)
"""A mailbox that nobody could read for so long needs somebody."""
ACCOUNT = ("imap_host", "imap_port", "imap_username", "folder")
"""What says which folder of whose account is watched."""


def unreached() -> Q:
    """Which mailboxes were not reached for too long, whatever the reason: a server, or workers that do not run."""
    too_long = timezone.now() - UNREACHED
    return Q(is_active=True) & (Q(fetched_at__lte=too_long) | Q(fetched_at=None, created_at__lte=too_long))


def is_unreached(mailbox: Mailbox) -> bool:
    """Whether this one is among them."""
    return mailbox.is_active and timezone.now() - (mailbox.fetched_at or mailbox.created_at) >= UNREACHED


@transaction.atomic
def save(*, mailbox: Mailbox) -> Mailbox:
    """Keep a mailbox and have it fetched at once.

    Where it watches another folder now, that is read from its start; mail that is known is recognised.
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
    mailbox.save()
    oauth.try_again(mailbox)
    return mailbox


def pause(*, mailbox: Mailbox) -> None:
    """Neither fetch nor send until it is resumed."""
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

"""From a mail that is due to the SMTP server. A sender proves that a claim is its own by `attempts`, which every claim counts up."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from inbox import smtp
from inbox.errors import LeaseLost, NoAnswer, Refused, Unavailable
from inbox.models import OutgoingMail
from inbox.outbox.rows import RING_AGAIN, State, cancel_overtaken, claimed, held_again, is_looked_at, leaves_when_due, mark_sent, overtaken

LEASE = timedelta(minutes=10)
"""Longer than any task may run."""
DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
MOST_ATTEMPTS = len(DELAYS) + 1
FRESH = timedelta(minutes=15)
"""After a pause of so long a mail that was looked at before it left is looked at again."""
PATIENCE = 60.0
"""Seconds for which the database may be away when it is to be written what became of a mail."""


def release_due() -> list[int]:
    """Ids of mail to send now: those whose undo window or pause is over. A mail that nobody takes is named again after half a minute.

    Leases that were lost are settled first: what was claimed has not left, what was at the dot may have.
    """
    now = timezone.now()
    lost = OutgoingMail.objects.filter(lease_until__lte=now)
    taken = lost.filter(state=State.CLAIMED)
    hopeless = f"Given up: what sent this mail stopped {MOST_ATTEMPTS} times before anything had left."
    taken.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED, lease_until=None, last_error=hopeless)
    taken.update(state=State.READY, lease_until=None, due_at=now)
    vanished = "What sent this mail stopped before the server's answer was noted."
    lost.filter(state=State.DOT_SENT).update(state=State.MAYBE_SENT, lease_until=None, last_error=vanished)
    with transaction.atomic():
        due = OutgoingMail.objects.filter(leaves_when_due(), due_at__lte=now).order_by("due_at")
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:200])
        OutgoingMail.objects.filter(pk__in=ids).update(state=State.READY, due_at=now + RING_AGAIN)
    return ids


def send(*, mail_id: int) -> None:
    """Claim a ready mail and hand it to its mailbox's SMTP server; whoever comes second does nothing."""
    mail = _claim(mail_id)
    if mail is None:
        return
    try:
        with smtp.connect(mail.mailbox) as line:
            line.send(
                sender=mail.mailbox.address, recipient=mail.recipient, mime=bytes(mail.mime), before_dot=partial(_mark_dot_sent, mail)
            )
            _note(lambda: mark_sent(claimed(mail, State.DOT_SENT, State.MAYBE_SENT)))
    except Unavailable as error:
        _note(partial(_put_off, mail, str(error)))
    except Refused as error:
        _note(partial(_fail, mail, str(error)))
    except NoAnswer as error:
        _note(partial(_doubt, mail, str(error)))
    except LeaseLost:
        _note(lambda: cancel_overtaken(claimed(mail, State.CLAIMED)))


def _claim(mail_id: int) -> OutgoingMail | None:
    ready = OutgoingMail.objects.filter(pk=mail_id, state=State.READY)
    cancel_overtaken(ready)
    if not ready.update(state=State.CLAIMED, lease_until=timezone.now() + LEASE, attempts=F("attempts") + 1):
        return None
    return OutgoingMail.objects.select_related("mailbox").get(pk=mail_id)


def _mark_dot_sent(mail: OutgoingMail) -> None:
    """The last moment at which nothing has left. Raises LeaseLost where the mail is not ours to send any more.

    Raises Unavailable where the database does not answer: whether it has written this or not, the dot is not.
    """
    now = timezone.now()
    ours = claimed(mail, State.CLAIMED).filter(~overtaken())
    try:
        is_ours = ours.update(state=State.DOT_SENT, dot_sent_at=now, lease_until=now + LEASE)
    except (OperationalError, InterfaceError) as error:
        raise Unavailable("database", "our own database did not answer before the end of the mail was written.") from error
    if not is_ours:
        raise LeaseLost("The mail was overtaken, or somebody else has it now.")


def _note(write: Callable[[], object]) -> None:
    """Write what became of a mail. Where the database restarts meanwhile it is written again, which changes nothing that was written.

    Without that every mail whose server has just answered would end as maybe sent.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            connection.close()
            time.sleep(PATIENCE / 120)
        else:
            return


def _fail(mail: OutgoingMail, error: str) -> None:
    claimed(mail, State.CLAIMED, State.DOT_SENT).update(state=State.FAILED, lease_until=None, last_error=error)


def _doubt(mail: OutgoingMail, error: str) -> None:
    claimed(mail, State.DOT_SENT).update(state=State.MAYBE_SENT, lease_until=None, last_error=error)


def _put_off(mail: OutgoingMail, error: str) -> None:
    """Try again later; after the longest delay it is a person's."""
    mine = claimed(mail, State.CLAIMED, State.DOT_SENT)
    if mail.attempts >= MOST_ATTEMPTS:
        mine.update(state=State.FAILED, lease_until=None, last_error=f"Given up after {mail.attempts} tries. {error}")
        return
    pause = DELAYS[mail.attempts - 1]
    due_at = timezone.now() + pause
    again: dict[str, object] = {"state": State.RETRY, "due_at": due_at, "last_error": error}
    if pause >= FRESH and is_looked_at(mail):
        again = held_again(at=due_at, note=error)
    mine.update(lease_until=None, dot_sent_at=None, **again)

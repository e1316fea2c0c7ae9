"""What every step of an outgoing mail shares: which rows a step may change, by one UPDATE whose row count says who won."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone

from inbox.errors import TooLate
from inbox.models import Conversation, Message, OutgoingMail

State = OutgoingMail.State
RING_AGAIN = timedelta(seconds=30)
WAITING = (State.HELD, State.READY, State.RETRY)
CHECK = timedelta(minutes=10)
"""So long a look at mail that is held again may take; then what a person approved leaves without."""
NEWS = timedelta(days=30)
"""So long a mail that came back is put before people."""
OVERTAKEN = "Not sent: the customer wrote again meanwhile."


def came_back() -> Q:
    """Mail that came back within `NEWS`, as long as its conversation is neither closed nor written to again."""
    later = OutgoingMail.objects.filter(conversation=OuterRef("conversation"), created_at__gt=OuterRef("bounced_at"))
    lately = Q(state=State.SENT, bounced_at__gt=Now() - NEWS) & ~Q(conversation__state=Conversation.State.CLOSED)
    return lately & ~Q(Exists(later.exclude(state=State.CANCELLED)))


def leaves_when_due() -> Q:
    """Mail that waits for its time alone. What is automatic waits for a look from above first."""
    return Q(state__in=WAITING) & ~Q(is_automatic=True, check_at__isnull=False)


def is_looked_at(mail: OutgoingMail) -> bool:
    """Whether somebody above looks at the mail before it leaves: of some that was said when it was queued, and stays so."""
    return mail.is_automatic or mail.check_at is not None or bool(mail.check_words)


def held_again(*, at: datetime, note: str) -> dict[str, object]:
    """What a mail becomes that is to be looked at once more from `at` on. What the look before found says nothing any more."""
    words = f"{note} It is held until what it rests on was looked up again for the next try."
    return {"state": State.HELD, "check_at": at, "check_words": "", "due_at": at + CHECK, "last_error": words}


def pick(mail: OutgoingMail, *states: State) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(pk=mail.pk, state__in=states)


def claimed(mail: OutgoingMail, *states: State) -> QuerySet[OutgoingMail]:
    return pick(mail, *states).filter(attempts=mail.attempts)


def overtaken() -> Exists:
    """Whether a person wrote into the conversation after the mail was queued."""
    newer = Message.objects.filter(conversation=OuterRef("conversation"), kind=Message.Kind.PERSON, stored_at__gt=OuterRef("created_at"))
    return Exists(newer.exclude(taken_up_at__lte=F("stored_at")))


def cancel_overtaken(mails: QuerySet[OutgoingMail]) -> None:
    mails.filter(overtaken()).update(state=State.CANCELLED, lease_until=None, last_error=OVERTAKEN)


def mark_sent(mails: QuerySet[OutgoingMail], *, note: str = "") -> bool:
    """Sent, and the conversation waits for the customer unless they wrote meanwhile. False where the mail was not among these any more."""
    mail = mails.select_related("mailbox").first()
    if mail is None:
        return False
    now = timezone.now()
    with transaction.atomic():
        # The conversation before the mail, as everywhere: the other order could lock against a bounce that is read now.
        Conversation.objects.select_for_update().get(pk=mail.conversation_id)
        changed = mails.update(
            state=State.SENT,
            sent_at=Coalesce(F("dot_sent_at"), now),
            lease_until=None,
            last_error=note,
            file_due_at=now if mail.mailbox.sent_folder else None,
        )
        if changed:
            _let_wait(mail, now)
    return bool(changed)


def _let_wait(mail: OutgoingMail, now: datetime) -> None:
    Conversation.objects.filter(pk=mail.conversation_id).update(last_message_at=Greatest(F("last_message_at"), now))
    newer = Message.objects.filter(conversation=OuterRef("pk"), kind=Message.Kind.PERSON, stored_at__gt=mail.created_at)
    newer = newer.exclude(taken_up_at__lte=F("stored_at"))
    is_open = Q(pk=mail.conversation_id, state=Conversation.State.OPEN)
    Conversation.objects.filter(is_open, ~Exists(newer)).update(state=Conversation.State.WAITING)


def refresh_too_late(mail: OutgoingMail) -> None:
    mail.refresh_from_db()
    raise TooLate(f"That is not possible any more: the mail to {mail.recipient} is {mail.get_state_display().lower()}.")

"""Outgoing mail. This module alone changes `OutgoingMail.state`, each time by one UPDATE whose row count says who won.

held → ready → claimed → dot_sent → sent; beside them retry, failed, maybe_sent and cancelled. `dot_sent` is committed before the final dot
of the mail is written: whoever finds a mail in `claimed` knows that no server has it, and one left in `dot_sent` may have been sent.
A held mail may wait for a look from above (`due_checks`, then `let_go` or `void`): only so long, for a person approved it.
A sender proves that a claim is its own by `attempts`, which every claim counts up.
"""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from inbox import smtp
from inbox.composing import compose
from inbox.errors import LeaseLost, NoAnswer, Refused, TooLate, Unavailable
from inbox.models import Conversation, Message, OutgoingMail
from inbox.threads import new_message_id

LEASE = timedelta(minutes=10)
"""Longer than any task may run."""
RING_AGAIN = timedelta(seconds=30)
DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
MOST_ATTEMPTS = len(DELAYS) + 1
State = OutgoingMail.State
WAITING = (State.HELD, State.READY, State.RETRY)


def queue(
    *,
    conversation: Conversation,
    in_reply_to: Message,
    body: str,
    by: AbstractBaseUser,
    hold_seconds: float | None = None,
    check_seconds: float = 0,
) -> OutgoingMail:
    """Freeze a reply and hold it for the undo window, UNDO_SECONDS unless said otherwise. Raises Refused where no answer is possible.

    With `check_seconds` it is held for as long again, unless somebody above lets it go or voids it before.
    """
    if in_reply_to.conversation_id != conversation.pk:
        raise Refused("The message to answer is not part of this conversation any more.")
    now = timezone.now()
    message_id = new_message_id(conversation)
    reply = compose(mailbox=conversation.mailbox, message=in_reply_to, body=body, message_id=message_id, date=now)
    held_until = now + timedelta(seconds=settings.UNDO_SECONDS if hold_seconds is None else hold_seconds)
    with transaction.atomic():
        # With this lock a message that joins the conversation now either sees the mail, or is seen before it is queued.
        Conversation.objects.select_for_update().get(pk=conversation.pk)
        return OutgoingMail.objects.create(
            mailbox=conversation.mailbox,
            conversation=conversation,
            in_reply_to=in_reply_to,
            message_id=message_id,
            recipient=reply.recipient,
            subject=reply.subject,
            body=reply.body,
            mime=reply.mime,
            queued_by_id=by.pk,
            due_at=held_until + timedelta(seconds=check_seconds),
            check_at=held_until if check_seconds else None,
        )


def cancel(*, mail: OutgoingMail, by: AbstractBaseUser) -> None:
    """Take a mail back that has not left. Raises TooLate where it is on its way."""
    reason = f"Taken back by {by.get_username()}."
    if not _pick(mail, *WAITING).update(state=State.CANCELLED, last_error=reason):
        _refresh_too_late(mail)
    mail.refresh_from_db()


def due_checks(*, most: int = 100) -> list[int]:
    """Ids of held mail that waits for `let_go` or `void`. One that nobody settles is named again after half a minute."""
    now = timezone.now()
    with transaction.atomic():
        due = OutgoingMail.objects.filter(state=State.HELD, check_at__lte=now).order_by("check_at")
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
        OutgoingMail.objects.filter(pk__in=ids).update(check_at=now + RING_AGAIN)
    return ids


def let_go(*, mail: OutgoingMail, words: str) -> None:
    """The look at a held mail found nothing against it: it leaves now. Nothing happens where it is not held any more."""
    _pick(mail, State.HELD).update(check_at=None, check_words=words, due_at=timezone.now())
    mail.refresh_from_db()


def put_check_off(*, mail: OutgoingMail, words: str) -> None:
    """The look at a held mail was not possible; `words` say why, also if it leaves without."""
    _pick(mail, State.HELD).update(check_words=words)
    mail.refresh_from_db()


def void(*, mail: OutgoingMail, words: str) -> None:
    """What the mail rests on does not hold any more: it does not leave. Raises TooLate where it is on its way."""
    if not _pick(mail, *WAITING).update(state=State.CANCELLED, check_at=None, check_words=words, last_error=f"Not sent. {words}"):
        _refresh_too_late(mail)
    mail.refresh_from_db()


def retry(*, mail: OutgoingMail, by: AbstractBaseUser) -> None:
    """Try a mail again that failed, or that waits for its next try. Raises TooLate in any other state."""
    note = f"Tried again by {by.get_username()}. Before: {mail.last_error}"
    if not _pick(mail, State.FAILED, State.RETRY).update(state=State.READY, due_at=timezone.now(), last_error=note):
        _refresh_too_late(mail)
    mail.refresh_from_db()


def resolve(*, mail: OutgoingMail, was_sent: bool, by: AbstractBaseUser) -> None:
    """A person's word on a mail that was maybe sent: it was, or it is sent again. Raises TooLate where that is known by now."""
    maybe = _pick(mail, State.MAYBE_SENT)
    if was_sent:
        changed = _mark_sent(maybe, note=f"{by.get_username()} says that it was sent.")
    else:
        note = f"{by.get_username()} says that it was not sent."
        changed = bool(maybe.update(state=State.READY, due_at=timezone.now(), dot_sent_at=None, last_error=note))
    if not changed:
        _refresh_too_late(mail)
    mail.refresh_from_db()


def release_due() -> list[int]:
    """Ids of mail to send now: those whose undo window or pause is over. A mail that nobody takes is named again after half a minute.

    Leases that were lost are settled first: what was claimed has not left, what was at the dot may have.
    """
    now = timezone.now()
    lost = OutgoingMail.objects.filter(lease_until__lte=now)
    claimed = lost.filter(state=State.CLAIMED)
    hopeless = f"Given up: what sent this mail stopped {MOST_ATTEMPTS} times before anything had left."
    claimed.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED, lease_until=None, last_error=hopeless)
    claimed.update(state=State.READY, lease_until=None, due_at=now)
    vanished = "What sent this mail stopped before the server's answer came."
    lost.filter(state=State.DOT_SENT).update(state=State.MAYBE_SENT, lease_until=None, last_error=vanished)
    with transaction.atomic():
        due = OutgoingMail.objects.filter(state__in=WAITING, due_at__lte=now).order_by("due_at")
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
            _mark_sent(_claimed(mail, State.DOT_SENT, State.MAYBE_SENT))
    except Unavailable as error:
        _put_off(mail, str(error))
    except Refused as error:
        _claimed(mail, State.CLAIMED, State.DOT_SENT).update(state=State.FAILED, lease_until=None, last_error=str(error))
    except NoAnswer as error:
        _claimed(mail, State.DOT_SENT).update(state=State.MAYBE_SENT, lease_until=None, last_error=str(error))
    except LeaseLost:
        _cancel_overtaken(_claimed(mail, State.CLAIMED))


def heard_of(*, message: Message, bounced: OutgoingMail | None) -> None:
    """What a message that has just joined its conversation says about our mail.

    A customer who writes again voids what was going to be answered; whoever names the id of a mail, or bounces it, has got it.
    """
    if message.kind == Message.Kind.PERSON and not message.is_past:
        waiting = OutgoingMail.objects.filter(conversation=message.conversation, state__in=WAITING)
        waiting.update(state=State.CANCELLED, last_error=_OVERTAKEN)
    named = Q(mailbox=message.mailbox, message_id__in=[*message.references, message.message_id])
    for mail in OutgoingMail.objects.filter(named | Q(pk=bounced.pk) if bounced else named):
        _mark_sent(_pick(mail, State.MAYBE_SENT))
    if bounced:
        how = "for good" if message.bounce_is_hard else "for now"
        OutgoingMail.objects.filter(pk=bounced.pk).update(last_error=f"It came back: {bounced.recipient} cannot be reached {how}.")


_OVERTAKEN = "Not sent: the customer wrote again meanwhile."


def _pick(mail: OutgoingMail, *states: State) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(pk=mail.pk, state__in=states)


def _claimed(mail: OutgoingMail, *states: State) -> QuerySet[OutgoingMail]:
    return _pick(mail, *states).filter(attempts=mail.attempts)


def _overtaken() -> Exists:
    """Whether a person wrote into the conversation after the mail was queued."""
    newer = Message.objects.filter(conversation=OuterRef("conversation"), kind=Message.Kind.PERSON, stored_at__gt=OuterRef("created_at"))
    return Exists(newer.exclude(taken_up_at__lte=F("stored_at")))


def _cancel_overtaken(mails: QuerySet[OutgoingMail]) -> None:
    mails.filter(_overtaken()).update(state=State.CANCELLED, lease_until=None, last_error=_OVERTAKEN)


def _claim(mail_id: int) -> OutgoingMail | None:
    ready = OutgoingMail.objects.filter(pk=mail_id, state=State.READY)
    _cancel_overtaken(ready)
    if not ready.update(state=State.CLAIMED, lease_until=timezone.now() + LEASE, attempts=F("attempts") + 1):
        return None
    return OutgoingMail.objects.select_related("mailbox").get(pk=mail_id)


def _mark_dot_sent(mail: OutgoingMail) -> None:
    """The last moment at which nothing has left. Raises LeaseLost where the mail is not ours to send any more."""
    now = timezone.now()
    ours = _claimed(mail, State.CLAIMED).filter(~_overtaken())
    if not ours.update(state=State.DOT_SENT, dot_sent_at=now, lease_until=now + LEASE):
        raise LeaseLost("The mail was overtaken, or somebody else has it now.")


def _put_off(mail: OutgoingMail, error: str) -> None:
    """Try again later; after the longest delay it is a person's."""
    mine = _claimed(mail, State.CLAIMED, State.DOT_SENT)
    if mail.attempts >= MOST_ATTEMPTS:
        mine.update(state=State.FAILED, lease_until=None, last_error=f"Given up after {mail.attempts} tries. {error}")
        return
    due_at = timezone.now() + DELAYS[mail.attempts - 1]
    mine.update(state=State.RETRY, lease_until=None, dot_sent_at=None, due_at=due_at, last_error=error)


def _mark_sent(mails: QuerySet[OutgoingMail], *, note: str = "") -> bool:
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


def _refresh_too_late(mail: OutgoingMail) -> None:
    mail.refresh_from_db()
    raise TooLate(f"That is not possible any more: the mail to {mail.recipient} is {mail.get_state_display().lower()}.")

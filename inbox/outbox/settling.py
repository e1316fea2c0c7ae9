"""What people, and looks from above, do to a mail that was queued: take it back, let it go, try again, say what became of it."""

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from inbox.models import Mailbox, Message, OutgoingMail
from inbox.outbox.rows import (
    OVERTAKEN,
    RING_AGAIN,
    WAITING,
    State,
    cancel_overtaken,
    held_again,
    is_looked_at,
    mark_sent,
    pick,
    refresh_too_late,
)
from inbox.threads import Bounced


def cancel(*, mail: OutgoingMail, by: AbstractBaseUser) -> None:
    """Take a mail back that has not left. Raises TooLate where it is on its way."""
    reason = f"Taken back by {by.get_username()}."
    if not pick(mail, *WAITING).update(state=State.CANCELLED, last_error=reason):
        refresh_too_late(mail)
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
    pick(mail, State.HELD).update(check_at=None, check_words=words, due_at=timezone.now())
    mail.refresh_from_db()


def put_check_off(*, mail: OutgoingMail, words: str) -> None:
    """The look at a held mail was not possible; `words` say why, also if it leaves without."""
    pick(mail, State.HELD).update(check_words=words)
    mail.refresh_from_db()


def void(*, mail: OutgoingMail, words: str) -> None:
    """What the mail rests on does not hold any more: it does not leave. Raises TooLate where it is on its way."""
    if not pick(mail, *WAITING).update(state=State.CANCELLED, check_at=None, check_words=words, last_error=f"Not sent. {words}"):
        refresh_too_late(mail)
    mail.refresh_from_db()


@transaction.atomic
def hold_back(*, mails: QuerySet[OutgoingMail], words: str, has_failed: bool = False) -> int:
    """Keep automatic mail from leaving, also what a sender has claimed already but not handed over. Returns how many were kept.

    With `has_failed` also what could not be sent. Once this has committed, whoever holds a claim finds it lost before the final dot
    (`sending`).
    """
    failed = [State.FAILED] if has_failed else []
    stoppable = mails.filter(is_automatic=True, state__in=[*WAITING, State.CLAIMED, *failed])
    # Two who hold back the same mails lock them in one order, so that none waits for the other.
    ids = list(stoppable.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    held = {"state": State.CANCELLED, "lease_until": None, "check_at": None, "check_words": words, "last_error": f"Held back. {words}"}
    return OutgoingMail.objects.filter(pk__in=ids).update(**held)


def retry(*, mail: OutgoingMail, by: AbstractBaseUser) -> None:
    """Try a mail again that failed, or that waits for its next try; one that was looked at before is held for a new look first.

    Raises TooLate in any other state, and for automatic mail: what it rests on may not hold any more, so it is for people to decide on
    its draft; and for mail whose bytes were erased.
    """
    note = f"Tried again by {by.get_username()}. Before: {mail.last_error}"
    again = pick(mail, State.FAILED, State.RETRY).filter(is_automatic=False).exclude(mime=b"")
    if not _leave_again(mail, again, note=note):
        refresh_too_late(mail)
    mail.refresh_from_db()


def resolve(*, mail: OutgoingMail, was_sent: bool, by: AbstractBaseUser) -> None:
    """A person's word on a mail that was maybe sent: it was, or it leaves again as after `retry`; automatic mail has failed then.

    Raises TooLate where that is known by now.
    """
    maybe = pick(mail, State.MAYBE_SENT)
    if was_sent:
        changed = mark_sent(maybe, note=f"{by.get_username()} says that it was sent.")
    else:
        note = f"{by.get_username()} says that it was not sent."
        # Should nobody know of it once more, it is looked for in the Sent folder from the start.
        anew = {"dot_sent_at": None, "file_attempts": 0, "file_due_at": None}
        if mail.is_automatic:
            changed = bool(maybe.update(state=State.FAILED, due_at=timezone.now(), last_error=note, **anew))
        else:
            changed = _leave_again(mail, maybe, note=note, **anew)
    if not changed:
        refresh_too_late(mail)
    mail.refresh_from_db()


def _leave_again(mail: OutgoingMail, mails: QuerySet[OutgoingMail], *, note: str, **anew: object) -> bool:
    """Any time may have passed since the look before, so what was looked at is looked at again. False where it was not among `mails`."""
    now = timezone.now()
    if not is_looked_at(mail):
        return bool(mails.update(state=State.READY, due_at=now, last_error=note, **anew))
    changed = bool(mails.update(**held_again(at=now, note=note), **anew))
    # A customer who wrote since is answered by a draft of their own: the look would have the old one written once more.
    cancel_overtaken(pick(mail, State.HELD))
    return changed


def found_in_sent(*, mail: OutgoingMail) -> bool:
    """A copy of a mail that was maybe sent lies in the mailbox's Sent folder, so it was. False where its fate was known by now."""
    return mark_sent(pick(mail, State.MAYBE_SENT), note="It lies in the Sent folder.")


def heard_of(*, mailbox: Mailbox, messages: Sequence[Message]) -> None:
    """What messages of a mailbox that have just joined their conversations say about our mail, but for bounces.

    A customer who writes again voids what was going to be answered; whoever names the id of a mail has got it.
    """
    newer = {one.conversation_id for one in messages if one.kind == Message.Kind.PERSON and not one.is_past}
    waiting = OutgoingMail.objects.filter(conversation__in=newer, state__in=WAITING).order_by("pk")
    # Whoever else holds such mails back locks them in the same order.
    if ids := list(waiting.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True)):
        OutgoingMail.objects.filter(pk__in=ids, state__in=WAITING).update(state=State.CANCELLED, last_error=OVERTAKEN)
    named = {name for one in messages for name in (*one.references, one.message_id) if name}
    for mail in OutgoingMail.objects.filter(mailbox=mailbox, message_id__in=named, state=State.MAYBE_SENT).defer("mime"):
        mark_sent(pick(mail, State.MAYBE_SENT))


def heard_of_bounce(bounced: Bounced, *, bounce: Message) -> None:
    """What a bounce says about our mail: one that it names was sent; it came back, or is late."""
    if bounced.is_certain:
        mark_sent(pick(bounced.mail, State.MAYBE_SENT))
    (_is_delayed if bounce.bounce_is_delay else _came_back)(bounced, bounce)


def _is_delayed(bounced: Bounced, bounce: Message) -> None:
    """Nothing is settled by it: what comes back later, or came back before, says more."""
    words = f"It is {'' if bounced.is_certain else 'probably '}delayed: a mail server still tries to reach {bounced.mail.recipient}."
    OutgoingMail.objects.filter(pk=bounced.mail.pk, bounced_at=None).update(last_error=words)


def _came_back(bounced: Bounced, bounce: Message) -> None:
    how = f"{bounced.mail.recipient} cannot be reached for {'good' if bounce.bounce_is_hard else 'now'}."
    words = f"It came back: {how}" if bounced.is_certain else f"It probably came back, says a notice that names no mail: {how}"
    mail = OutgoingMail.objects.filter(pk=bounced.mail.pk)
    is_hard = bounce.bounce_is_hard if bounced.is_certain else None
    mail.update(last_error=words, bounced_at=bounce.stored_at, bounce_is_hard=is_hard)

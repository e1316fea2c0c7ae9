"""Mail that people write from scratch: an answer whatever became of the draft, something to add to our own mail, a new conversation."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from drafting.models import Customer, Draft
from inbox import conversations, outbox
from inbox.models import Conversation, Mailbox, Message, OutgoingMail
from review import audit_log, planting, uploads, writing
from review.autosend import returning
from review.decisions import leaving
from review.decisions.rows import LIVE, hold, lock, record, reply_missing
from review.errors import AlreadyDecided
from review.models import Decision, Upload


def answer(
    *, conversation: Conversation, to: Message | OutgoingMail, text: str, by: User, files: Sequence[Upload] = (), box: str = ""
) -> OutgoingMail:
    """Send a text by hand, as the reply to a mail of the customer, or to add to a mail of ours.

    Whatever waits for a decision in the conversation is taken over first, and the reply kept with that decision, so that what is known of
    drafts stays true. What was about to leave by itself gives way. Raises what `take_over` raises; AlreadyDecided too where that is
    leaving at this moment, and where a colleague has taken over and not answered yet.

    Who would have sent an error that was planted for them, and had not decided on it, missed it.
    """
    try:
        return _answer(conversation, to, text=text, by=by, files=files, box=box)
    except planting.StillPlanted as error:
        planting.judge(planted=error.planted, kind=Decision.Kind.EDITED, text=text, by=by, seconds=None)
        raise


@transaction.atomic
def _answer(
    conversation: Conversation, to: Message | OutgoingMail, *, text: str, by: User, files: Sequence[Upload], box: str
) -> OutgoingMail:
    lock(conversation.pk)
    returning.give_way(conversation=conversation, by=by)
    taken = _take_over(conversation, by)
    if taken:
        conversations.lead(conversation_id=conversation.pk, leader=Conversation.Leader.PERSON)
        conversations.mark(conversation_id=conversation.pk, state=Conversation.State.WAITING)
    with leaving.checked(text=text, files=files, conversation=conversation, author=by) as attached:
        if isinstance(to, OutgoingMail):
            mail = outbox.queue_follow_up(mail=to, body=text, by=by, files=attached)
        else:
            mail = outbox.queue(conversation=conversation, in_reply_to=to, body=text, by=by, files=attached)
    _leave_with(mail, conversation, by=by, files=files, box=box, text=text, answers=_name(to))
    if decision := _answered(taken, to):
        Decision.objects.filter(pk=decision.pk).update(outgoing=mail, final_text=text)
    return mail


@transaction.atomic
def begin(
    *,
    mailbox: Mailbox,
    recipient: str,
    subject: str,
    text: str,
    by: User,
    language: str = "",
    files: Sequence[Upload] = (),
    box: str = "",
) -> OutgoingMail:
    """Begin a conversation with a mail to one customer. The assistant takes up the answer, for a person to decide on."""
    with leaving.checked(text=text, files=files) as attached:
        mail = outbox.begin(
            mailbox=mailbox,
            recipient=recipient,
            subject=subject,
            body=text,
            by=by,
            language=language,
            name=_known_name(recipient),
            files=attached,
        )
    typed = {"text": text, "recipient": recipient, "subject": subject, "language": language, "mailbox_id": mailbox.pk}
    _leave_with(mail, None, by=by, files=files, box=box, **typed)
    audit_log.record(
        act="conversation.begun", by=by, about=str(mail.conversation), words=f"To {recipient}.", conversation=mail.conversation
    )
    return mail


def _take_over(conversation: Conversation, by: User) -> list[Decision]:
    """What `by` has taken over here and not answered, with all that waits taken over too. Raises AlreadyDecided for a colleague's."""
    missing = list(reply_missing().filter(draft__conversation=conversation).select_related("by", "draft"))
    if theirs := next((one for one in missing if one.by_id != by.pk), None):
        raise AlreadyDecided(theirs)
    for draft in Draft.objects.filter(conversation=conversation, state__in=LIVE).order_by("pk"):
        hold(draft, by, states=LIVE)
        missing.append(record(draft=draft, by=by, kind=Decision.Kind.TAKEN_OVER))
    return missing


def _answered(taken: list[Decision], to: Message | OutgoingMail) -> Decision | None:
    """Of the take-overs the one that the reply answers; the others it answers along (see `reply_missing`)."""
    message_id = to.pk if isinstance(to, Message) else to.in_reply_to_id
    return next((one for one in taken if one.draft.message_id == message_id), taken[-1] if taken else None)


def _leave_with(
    mail: OutgoingMail, conversation: Conversation | None, *, by: User, files: Sequence[Upload], box: str, **typed: object
) -> None:
    uploads.leave_with(mail=mail, uploads=files)
    writing.leave_with(mail=mail, by=by, conversation=conversation, box=box, **typed)


def _name(to: Message | OutgoingMail) -> str:
    return f"{'mail' if isinstance(to, OutgoingMail) else 'message'}:{to.pk}"


def _known_name(recipient: str) -> str:
    found = Customer.objects.filter(addresses__address=recipient.strip().lower())
    return found.values_list("name", flat=True).first() or ""

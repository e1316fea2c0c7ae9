"""Taking back: what was decided, and who leads a conversation."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from drafting import drafts
from drafting.models import Draft, HandOverReason
from inbox import conversations, outbox
from inbox.errors import TooLate as MailTooLate
from inbox.models import Conversation, OutgoingMail
from review import audit_log
from review.autosend import returning
from review.decisions.rows import State, lock, reply_missing, withdraw
from review.errors import AlreadyDecided, TooLate
from review.models import Decision


@transaction.atomic
def undo(*, decision: Decision, by: User) -> None:
    """Take a decision back: its mail is cancelled and the draft is offered again. Raises TooLate; AlreadyDecided if that happened before.

    A reply by hand goes back to the person's desk with its text; the take-over stands.
    """
    lock(decision.draft.conversation_id)
    locked = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("draft__conversation", "outgoing")
        .defer("outgoing__mime")
        .get(pk=decision.pk)
    )
    if locked.undone_at:
        raise AlreadyDecided(locked)
    if locked.draft.erased_at:
        raise TooLate
    if locked.kind == Decision.Kind.AUTO_SENT:
        _give_back(locked, by)
        return
    if locked.outgoing:
        _cancel(locked.outgoing, by)
    talk = locked.draft.conversation
    audit_log.record(act="decision.undone", by=by, about=talk.subject, words=f"{locked.get_kind_display()}.", conversation=talk)
    if locked.kind == Decision.Kind.TAKEN_OVER and locked.outgoing:
        Decision.objects.filter(pk=locked.pk).update(outgoing=None)
        conversations.mark(conversation_id=locked.draft.conversation_id, state=Conversation.State.OPEN)
    else:
        _require_recent(locked)
        withdraw(locked)
        _offer_again(locked)


def take_back(*, mail: OutgoingMail, by: User) -> None:
    """Cancel a mail that has not left, with the decision that it came of. Text and files go back to who wrote it. Raises TooLate."""
    decision = Decision.objects.select_related("draft").filter(outgoing=mail, undone_at__isnull=True).first()
    if decision:
        undo(decision=decision, by=by)
        return
    talk = mail.conversation
    with audit_log.recording(act="mail.cancelled", by=by, about=str(mail), conversation=talk):
        lock(talk.pk)
        _cancel(mail, by)
        if mail.in_reply_to_id is None and not talk.messages.exists():
            # Nothing was said in it: a conversation that was to begin with this mail.
            conversations.mark(conversation_id=talk.pk, state=Conversation.State.CLOSED)
            talk.state = Conversation.State.CLOSED


def retry(*, mail: OutgoingMail, by: User) -> bool:
    """Try a failed mail again; says whether it leaves again, once what it rests on was looked up again where that is due (`release`).

    A draft that left by itself is a person's instead: the mail is taken back. Raises inbox.errors.TooLate, or what `take_back` raises.
    """
    if mail.is_automatic:
        take_back(mail=mail, by=by)
        return False
    with audit_log.recording(act="mail.retried", by=by, about=str(mail), conversation=mail.conversation):
        outbox.retry(mail=mail, by=by)
    return True


@transaction.atomic
def resolve(*, mail: OutgoingMail, was_sent: bool, by: User) -> bool:
    """A person's word on a mail that was maybe sent; says whether it leaves again. One that left by itself does not: it is taken back.

    Raises inbox.errors.TooLate.
    """
    decision = Decision.objects.select_related("draft").filter(outgoing=mail, undone_at__isnull=True).first() if mail.is_automatic else None
    if decision:
        returning.lock(decision)
    said = audit_log.recording(
        act="mail.resolved_sent" if was_sent else "mail.resolved_not_sent", by=by, about=str(mail), conversation=mail.conversation
    )
    with said:
        outbox.resolve(mail=mail, was_sent=was_sent, by=by)
    if decision and not was_sent:
        undo(decision=decision, by=by)
    return not (was_sent or mail.is_automatic)


@transaction.atomic
def void(*, decision: Decision, words: str) -> None:
    """Take an approval back because `words` changed since: its mail does not leave, and a new draft is on its way. Raises TooLate."""
    lock(decision.draft.conversation_id)
    locked = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("draft__message", "outgoing")
        .defer("outgoing__mime")
        .get(pk=decision.pk)
    )
    if locked.undone_at or not locked.outgoing:
        raise TooLate
    note = f"Since this was approved, {words}."
    try:
        outbox.void(mail=locked.outgoing, words=note)
    except MailTooLate as error:
        raise TooLate from error
    withdraw(locked)
    drafts.renew(draft=locked.draft, note=note)
    conversations.mark(conversation_id=locked.draft.conversation_id, state=Conversation.State.OPEN)


@transaction.atomic
def hand_back(*, conversation: Conversation, by: User) -> None:
    """Let the assistant go on in a conversation. What was taken over and not answered is offered to everybody again."""
    lock(conversation.pk)
    conversations.lead(conversation_id=conversation.pk, leader=Conversation.Leader.ASSISTANT)
    audit_log.record(act="conversation.handed_back", by=by, about=conversation.subject, conversation=conversation)
    for decision in reply_missing().filter(draft__conversation=conversation).select_related("draft"):
        withdraw(decision)
        drafts.reopen(draft=decision.draft)
    left_alone = Draft.objects.filter(conversation=conversation, state=State.HANDED_OVER, hand_over_reason=HandOverReason.LED_BY_PERSON)
    for draft in left_alone:
        drafts.redraft(draft=draft, instruction="", by=by)


def _give_back(decision: Decision, by: User) -> None:
    """What was to leave by itself waits for a person again, who reads why it failed if it did."""
    mail = decision.outgoing
    error = f"It could not be sent: {mail.last_error} " if mail and mail.state == OutgoingMail.State.FAILED else ""
    if not returning.give_back(decision=decision, words=f"{error}Taken back by {by.get_username()}."):
        raise TooLate
    talk = decision.draft.conversation
    audit_log.record(act="decision.undone", by=by, about=talk.subject, words=f"{decision.get_kind_display()}.", conversation=talk)


def _require_recent(decision: Decision) -> None:
    """A reply can be taken back while it is held; what sends nothing, for as long. A new draft that was decided keeps the old one out."""
    if Draft.objects.filter(redraft_of=decision.draft_id, state=State.DECIDED).exists():
        raise TooLate
    grace = timedelta(seconds=settings.UNDO_SECONDS + 5)
    if not decision.outgoing and timezone.now() > decision.decided_at + grace:
        raise TooLate


def _cancel(mail: OutgoingMail, by: User) -> None:
    try:
        outbox.cancel(mail=mail, by=by)
    except MailTooLate as error:
        raise TooLate from error


def _offer_again(decision: Decision) -> None:
    drafts.reopen(draft=decision.draft)
    conversations.mark(conversation_id=decision.draft.conversation_id, state=Conversation.State.OPEN)
    if decision.kind == Decision.Kind.TAKEN_OVER and not _was_led_by_person(decision):
        conversations.lead(conversation_id=decision.draft.conversation_id, leader=Conversation.Leader.ASSISTANT)


def _was_led_by_person(decision: Decision) -> bool:
    """Whether a person leads the conversation without this take-over too: since before its draft was begun, or by a take-over since."""
    draft = decision.draft
    if draft.hand_over_reason == HandOverReason.LED_BY_PERSON:
        return True
    others = Decision.objects.filter(draft__conversation=draft.conversation_id, kind=Decision.Kind.TAKEN_OVER, undone_at=None)
    # What nobody can read is handed over for that, whoever leads.
    if draft.hand_over_reason != HandOverReason.UNREADABLE:
        others = others.filter(decided_at__gt=draft.created_at)
    return others.exclude(pk=decision.pk).exists()

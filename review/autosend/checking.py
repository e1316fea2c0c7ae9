"""The last look at a mail that leaves by itself: it goes only if all still holds, however long that takes to find out."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from drafting.errors import Unavailable
from inbox import mailboxes, outbox
from inbox.models import Conversation, OutgoingMail
from review.autosend import caps, conditions, people, states, switch
from review.autosend.returning import give_back
from review.ledger import evidence
from review.models import Attempt, Decision

UNCHANGED = "Looked up again before it left by itself: nothing that matters had changed."
MOST_SECONDS = 600
"""So long the facts may be out of reach after the undo window; then a person decides."""


def check(*, mail_id: int) -> None:
    """Let the held mail go if all still holds, else give the draft back to people. Safe to be called twice."""
    # It brings what writes drafts with it, which the pages that unlock and suspend do not need.
    from drafting import freshness

    held = Decision.objects.filter(outgoing=mail_id, outgoing__state=OutgoingMail.State.HELD, outgoing__is_automatic=True, undone_at=None)
    related = held.select_related("outgoing__mailbox", "attempt__category", "attempt__setup", "attempt__chooser", "draft__message__mailbox")
    decision = related.select_related("draft__category", "draft__customer").defer("outgoing__mime").first()
    if decision is None or decision.outgoing is None or decision.outgoing.check_at is None:
        return
    if words := _standing_against(decision):
        give_back(decision=decision, words=words)
        return
    try:
        found = freshness.changes(draft=decision.draft)
    except Unavailable as error:
        _put_off(decision, decision.outgoing, f"Its facts could not be looked up again: {error}")
        return
    if found:
        give_back(decision=decision, words=f"Since it was written, {freshness.words(found)}.", has_changed=True)
    else:
        _let_go(decision, decision.outgoing)


@transaction.atomic
def _let_go(decision: Decision, mail: OutgoingMail) -> None:
    """The last word is with people. Who answers from now on finds the mail waiting, and it gives way (`returning.give_way`)."""
    conversation = Conversation.objects.select_for_update().get(pk=mail.conversation_id)
    if words := people.who_is_first(draft=decision.draft, conversation=conversation, mail=mail):
        give_back(decision=decision, words=words)
    else:
        outbox.let_go(mail=mail, words=UNCHANGED)


def _put_off(decision: Decision, mail: OutgoingMail, words: str) -> None:
    if timezone.now() > mail.created_at + timedelta(seconds=settings.UNDO_SECONDS + MOST_SECONDS):
        give_back(decision=decision, words=words)
    else:
        outbox.put_check_off(mail=mail, words=words)


def _standing_against(decision: Decision) -> str:
    """What stands against the mail without asking anybody. What stands against the whole category suspends it."""
    attempt, mail = decision.attempt, decision.outgoing
    assert attempt is not None and mail is not None
    if switch.standing().stopped_at:
        return "All auto-send was stopped."
    if not mail.mailbox.is_active:
        return mailboxes.BLIND
    if problem := conditions.trouble(attempt):
        states.suspend(attempt=attempt, cause=problem[0], words=problem[1])
        return problem[1]
    if not attempt.is_unlocked:
        return f"Auto-send of {attempt.category} was suspended."
    if not conditions.is_confirmed(attempt):
        return "The model was not confirmed within the last 3 hours."
    return _full(attempt, mail)


def _full(attempt: Attempt, mail: OutgoingMail) -> str:
    in_force = next(evidence.terms_in_force([attempt.category_id]))
    full = caps.reached(attempt=attempt, conversation=mail.conversation, recipient=mail.recipient, terms=in_force, besides=mail.pk)
    return full.words if full else ""

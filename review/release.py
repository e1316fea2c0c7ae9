"""Release: what a reply rests on is looked up again after the undo window, before it leaves; and again where that was long ago.

A change that matters (see `drafting.freshness`) voids the approval, and a new draft is written. A person's approval stands where the
lookups cannot be made within `decisions.CHECK_SECONDS`, or this module does not come to it: the mail leaves then, and says that it was not
checked. That is only for what a person approved; mail that nobody approved never leaves unchecked (see `autosend.checking`). That the
customer wrote again, the outbox itself sees.
"""

from drafting import freshness
from drafting.errors import Unavailable
from inbox import outbox
from inbox.models import OutgoingMail
from review import autosend, decisions
from review.errors import TooLate
from review.models import Decision

UNCHANGED = "Looked up again before it left: nothing that matters had changed."


def check(*, mail_id: int) -> None:
    """Let the held mail go, or void its approval. Safe to be called twice."""
    held = Decision.objects.filter(outgoing=mail_id, outgoing__state=OutgoingMail.State.HELD, undone_at=None)
    decision = (
        held.select_related("outgoing", "draft__message__mailbox", "draft__category", "draft__customer").defer("outgoing__mime").first()
    )
    if decision is None or decision.outgoing is None:
        return
    if decision.outgoing.is_automatic:
        autosend.check(mail_id=mail_id)
        return
    try:
        found = freshness.changes(draft=decision.draft, text=decision.final_text)
    except Unavailable as error:
        outbox.put_check_off(mail=decision.outgoing, words=f"Not looked up again: {error}")
        return
    if found:
        _void(decision, freshness.words(found))
    else:
        outbox.let_go(mail=decision.outgoing, words=UNCHANGED)


def _void(decision: Decision, words: str) -> None:
    try:
        decisions.void(decision=decision, words=words)
    except TooLate:
        return  # Undone by a person, or gone: the time for checks was over.

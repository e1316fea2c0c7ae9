"""What became of a draft, in words."""

from django.utils.html import format_html

from drafting.models import Draft
from inbox.models import OutgoingMail
from review.desk import words
from review.models import Decision

Kind = Decision.Kind
MailState = OutgoingMail.State
DID = {
    Kind.APPROVED: "approved the draft",
    Kind.EDITED: "edited and approved the draft",
    Kind.REJECTED: "rejected the draft",
    Kind.TAKEN_OVER: "took over",
    Kind.NO_REPLY: "decided that no reply is needed",
}
TOAST = {
    Kind.APPROVED: "Approved",
    Kind.EDITED: "Edited and approved",
    Kind.REJECTED: "Rejected: a new draft is on its way",
    Kind.TAKEN_OVER: "Taken over",
    Kind.NO_REPLY: "No reply needed",
}


def sentence(decision: Decision) -> str:
    """Who did what, such as "Ana approved the draft"."""
    if decision.kind == Kind.TAKEN_OVER and decision.outgoing_id:
        return f"{words.person(decision.by)} took over and replied"
    if decision.kind == Kind.AUTO_SENT:
        return "The draft was to be sent automatically" if decision.undone_at else "The draft was sent automatically"
    return f"{words.person(decision.by)} {DID[Kind(decision.kind)]}"


def headline(draft: Draft, decision: Decision | None) -> tuple[str, str]:
    """Heading and explanation for a draft that is no longer to be decided."""
    if decision:
        return sentence(decision), _after(decision)
    if draft.state == Draft.State.SUPERSEDED:
        return "This draft was replaced", "A newer message came in, or a newer draft was written. Look at the conversation."
    return "This draft is closed", ""


def checked(mail: OutgoingMail) -> str:
    """What came of looking up again, before the mail left, what it rests on."""
    if mail.state in {MailState.HELD, MailState.CANCELLED}:
        return ""
    return f"It left without a second look at the facts. {mail.check_words}".strip() if mail.check_at else mail.check_words


def since_approved(draft: Draft) -> tuple[str, str]:
    """Why what was approved before was not sent, and its text; two empty strings for any other draft."""
    if not draft.note or not draft.redraft_of_id:
        return draft.note, ""
    before = Decision.objects.filter(draft=draft.redraft_of_id, undone_at__isnull=False).order_by("-pk").first()
    return draft.note, before.final_text if before else ""


def _after(decision: Decision) -> str:
    at = words.timed(decision.decided_at)
    if decision.outgoing:
        state = decision.outgoing.get_state_display().lower()
        return words.sentences(format_html("At {}. The mail: {}.", at, state), checked(decision.outgoing))
    if decision.reason:
        return format_html("At {}: “{}”", at, decision.reason)
    return format_html("At {}.", at)

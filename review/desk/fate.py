"""What became of a draft, in words."""

from drafting.models import Draft
from review.desk import words
from review.models import Decision

Kind = Decision.Kind
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
        return "The draft was sent automatically"
    return f"{words.person(decision.by)} {DID[Kind(decision.kind)]}"


def headline(draft: Draft, decision: Decision | None) -> tuple[str, str]:
    """Heading and explanation for a draft that is no longer to be decided."""
    if decision:
        return sentence(decision), _after(decision)
    if draft.state == Draft.State.SUPERSEDED:
        return "This draft was replaced", "A newer message came in, or a newer draft was written. Look at the conversation."
    return "This draft is closed", ""


def _after(decision: Decision) -> str:
    at = words.moment(decision.decided_at)
    if decision.outgoing:
        return f"At {at.short}. The mail: {decision.outgoing.get_state_display().lower()}."
    if decision.reason:
        return f"At {at.short}: “{decision.reason}”"
    return f"At {at.short}."

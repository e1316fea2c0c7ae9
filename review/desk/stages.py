"""How far a draft is for the person who looks at it, and what that means in words."""

from django.contrib.auth.models import User

from drafting.models import Draft
from review import decisions
from review.desk import fate, words
from review.models import Claim, Decision

State = Draft.State
DECIDABLE = {"ready", "handed_over", "writing"}
"""The stages at which the person can decide, and keeps the draft by being active."""


def of(draft: Draft, user: User, claim: Claim | None, decision: Decision | None) -> str:
    """The stage: ready, handed_over, writing, taken_over, held_by_other, or past. `claim` is the one that stands, whoever's it is."""
    if draft.state in decisions.LIVE:
        if claim and claim.by_id != user.pk:
            return "held_by_other"
        return {State.READY: "ready", State.HANDED_OVER: "handed_over"}.get(State(draft.state), "writing")
    is_mine = decision is not None and decision.by_id == user.pk
    if decision and is_mine and decision.kind == Decision.Kind.TAKEN_OVER and not decision.outgoing_id:
        return "taken_over"
    return "past"


def said(draft: Draft, stage: str, user: User, claim: Claim | None, decision: Decision | None) -> tuple[str, str]:
    """A heading and an explanation."""
    if stage == "held_by_other" and claim:
        return f"{words.person(claim.by)} is on it", _while_held(claim, user)
    if stage == "past":
        return fate.headline(draft, decision)
    if stage == "writing" and draft.last_error:
        return "The draft is waiting", draft.last_error
    return {
        "handed_over": (f"Handed over: {draft.get_hand_over_reason_display().lower()}", draft.hand_over_words),
        "writing": ("The draft is being written", "It appears here by itself."),
        "taken_over": ("You took this over", "The assistant stays out of this conversation until you hand it back."),
    }.get(stage, ("Draft", ""))


def version(draft: Draft, claim: Claim | None) -> str:
    """Changes when a draft that a person watches has something new to show. It ends with who is on it and who asks for it."""
    on_it = f"{claim.by_id}-{claim.asked_by_id or 0}" if claim else "0-0"
    return f"{draft.state}-{draft.attempts}-{len(draft.last_error)}-{on_it}"


def _while_held(claim: Claim, user: User) -> str:
    if claim.asked_by_id == user.pk:
        return f"You asked {words.person(claim.by)} for it. The answer appears here by itself."
    if claim.asked_by_id:
        return "You can read along. Somebody else has asked for it already."
    return "You can read along. The mail is free again when they move on or leave it for a while."

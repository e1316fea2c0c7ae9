"""What a person should know about the draft that they look at, above its conversation."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse

from drafting.models import Draft
from review import claims, decisions
from review.desk import words
from review.models import Claim


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence; where a colleague asks for the draft, also where to hand it on, to whom, and where to keep it."""

    words: str
    hand_on_url: str = ""
    hand_on_words: str = ""
    keep_url: str = ""
    is_good: bool = False


def asked(claim: Claim | None, query: str = "") -> Notice | None:
    """That a colleague asks for the draft, if one does."""
    if not claim or not claim.asked_by:
        return None
    name = words.person(claim.asked_by)
    return Notice(
        words=f"{name} asks for this mail.",
        hand_on_url=reverse("hand_on", args=[claim.draft_id]) + query,
        hand_on_words=f"Hand it to {name}",
        keep_url=reverse("keep", args=[claim.draft_id]),
    )


def lost(draft: Draft, user: User) -> Notice | None:
    """That the draft which `user` reads is no longer theirs to decide, if so; else their claim is renewed."""
    if draft.state == Draft.State.SUPERSEDED:
        return Notice("A newer message came in while you were reading. This draft can no longer be sent; open the queue for the new one.")
    if draft.state not in decisions.LIVE:
        decision = decisions.standing_decision(draft)
        is_own = decision is not None and decision.by_id == user.pk
        return None if is_own else Notice("A colleague decided this meanwhile. What you typed stays here until you leave.")
    try:
        claims.claim(draft=draft, by=user)
    except claims.ClaimedByOther as error:
        name = words.person(error.claim.by)
        return Notice(f"{name} is on it now, so you can no longer decide it. What you typed stays here until you leave.")
    return None


def answered(claim: Claim | None, user: User, before: str) -> Notice | None:
    """What came of asking for the draft. `before` is the version that the page showed, which ends with who was on it and who asked."""
    holder, _, asker = before.rpartition("-")
    if asker != str(user.pk) or not claim or claim.asked_by_id == user.pk:
        return None
    if claim.by_id == user.pk:
        return Notice("It was handed to you: you are on it now.", is_good=True)
    if holder.endswith(f"-{claim.by_id}"):
        return Notice(f"{words.person(claim.by)} keeps it for now.")
    return None

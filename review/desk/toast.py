"""The short notice after a decision, with the way back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from inbox.models import OutgoingMail
from review import access
from review.desk import fate, words
from review.models import Decision

Kind = Decision.Kind
UNDONE_ALONE = {Kind.NO_REPLY, Kind.REJECTED, Kind.TAKEN_OVER}
"""Decisions that can be taken back though no mail is held."""
TOO_LATE = "Noted. The draft had been judged as edited in what matters before you said so, and that stays."


@dataclass(frozen=True, slots=True)
class Toast:
    """What was done. `undo_url` takes it back within `seconds`; `why_url` notes why a draft was edited, one of `reasons`.

    Where the undo is about several conversations its answer is the list (`undo_target`), not an item; "" for a whole page.
    Of each `kind` one shows at a time: of decisions, of what is done "beside" deciding, and of what is only "told".
    """

    words: str
    tone: str = ""
    kind: str = "told"
    undo_url: str = ""
    undo_fields: list[tuple[str, str]] = field(default_factory=list)
    undo_target: str = "#item"
    seconds: int = 0
    why_url: str = ""
    reasons: list[tuple[str, str]] = field(default_factory=list)


def after(decision: Decision, query: str = "") -> Toast:
    """The notice of a decision just made."""
    seconds = int(settings.UNDO_SECONDS - (timezone.now() - decision.decided_at).total_seconds())
    can_undo = bool(decision.outgoing_id or decision.kind in UNDONE_ALONE)
    is_edit = decision.kind == Kind.EDITED and not decision.edit_reason
    return Toast(
        words=_words(decision),
        kind="decision",
        undo_url=reverse("undo", args=[decision.pk]) + query if can_undo and (seconds > 0 or decision.outgoing_id) else "",
        seconds=settings.UNDO_SECONDS if decision.outgoing_id and decision.kind == Kind.TAKEN_OVER else max(seconds, 0),
        why_url=reverse("say_why", args=[decision.pk]) + query if is_edit else "",
        reasons=list(Decision.EditReason.choices) if is_edit else [],
    )


def taken_back(words: str, tone: str = "") -> Toast:
    """What came of taking a decision back, in place of its notice."""
    return Toast(words, tone=tone, kind="decision")


def noted(decision: Decision, query: str = "", *, takes_effect: bool) -> Toast:
    """The notice of an edit once more, now that its reason is noted: the way back is open for as long as before."""
    before = after(decision, query)
    if decision.undone_at or before.seconds <= 0:
        return Toast("Noted, thank you." if takes_effect else TOO_LATE, kind="decision")
    return replace(before, words=f"Noted, thank you. {before.words}" if takes_effect else TOO_LATE)


def after_redirect(values: Mapping[str, str], user: User) -> Toast | None:
    """The notice on the page that follows a decision made without scripts; its address names the decision."""
    named = words.said_id(values.get("done", ""))
    if not named:
        return None
    decision = (
        access.decisions(user).select_related("draft__conversation", "outgoing").defer("outgoing__mime").filter(pk=named, by=user).first()
    )
    is_recent = decision and not decision.undone_at and (timezone.now() - decision.decided_at).total_seconds() < 3600
    return after(decision) if decision and is_recent else None


def after_sending(values: Mapping[str, str], user: User) -> Toast | None:
    """The notice on the page that follows a mail written by hand; its address names the mail (`sent`)."""
    named = words.said_id(values.get("sent", ""))
    held = access.outgoing(user).filter(pk=named, queued_by=user, state=OutgoingMail.State.HELD) if named else None
    mail = held.defer("mime").first() if held is not None else None
    if mail is None:
        return None
    seconds = max(int((mail.due_at - timezone.now()).total_seconds()), 1)
    undo_url = reverse("cancel", args=[mail.pk])
    return Toast(f"It leaves for {mail.recipient} in a moment.", undo_url=undo_url, undo_target="", seconds=seconds)


def _words(decision: Decision) -> str:
    if decision.outgoing:
        done = "Reply written" if decision.kind == Kind.TAKEN_OVER else fate.TOAST[Kind(decision.kind)]
        return f"{done}. It leaves for {decision.outgoing.recipient} in a moment."
    return fate.TOAST[Kind(decision.kind)] + "."

"""Decided drafts for the next nine."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from drafting.models import Draft
from review import decisions
from review.models import Decision
from review.reports import rolling
from tests.drafting.factories import make_conversation, make_message
from tests.review.factories import ready_draft


def decided(kind: str, *, by: User, days_ago: int = 0, seconds: int | None = 60, **about: Any) -> Decision:
    """A draft that was decided so many days ago, rolled up. `about` names fields of the draft, of the decision (`edit_reason`, `reason`,
    `text`) and of the mail (`question`, `sender`)."""
    sender = about.pop("sender", "ann@customer.example")
    question, text = about.pop("question", "Where is my order?"), about.pop("text", "It left our house on Monday. Kind regards")
    said: dict[str, str] = {name: about.pop(name) for name in ("edit_reason", "reason") if name in about}
    talk = make_conversation(customer_address=sender, **({"mailbox": about.pop("mailbox")} if "mailbox" in about else {}))
    draft = ready_draft(message=make_message(question, conversation=talk, from_name=""), **about)
    decision = _decide(draft, kind, by, text, said)
    at = timezone.now() - timedelta(days=days_ago)
    Decision.objects.filter(pk=decision.pk).update(decided_at=at, seconds_open=seconds)
    rolling.roll_all()
    return Decision.objects.get(pk=decision.pk)


def _decide(draft: Draft, kind: str, by: User, text: str, said: dict[str, str]) -> Decision:
    match kind:
        case "approved":
            return decisions.approve(draft=draft, by=by)
        case "edited":
            return decisions.edit(draft=draft, text=text, by=by, edit_reason=said.get("edit_reason", ""))
        case "rejected":
            return decisions.reject(draft=draft, reason=said.get("reason", ""), by=by)
        case "no_reply":
            return decisions.no_reply(draft=draft, by=by)
    decision = decisions.take_over(draft=draft, by=by)
    return decisions.reply(draft=draft, text=text, by=by) if kind == "by_hand" else decision

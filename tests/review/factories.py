"""Rows that desk tests start from: people with roles, and drafts at each stage."""

from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.utils import timezone

from drafting.models import CheckResult, Draft, Evidence, HandOverReason, Setup, SetupActivation
from inbox.models import Attachment, Message, OutgoingMail
from tests.drafting.factories import make_category, make_draft, make_message, make_setup

_number = count(1)
PASSWORD = "a password for tests"
BODY = "Hello Ann,\n\nyour order SO-1007 left our warehouse on 3 November 2026.\n\nKind regards"


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


def make_person(role: str = "reviewer", name: str = "", **about: Any) -> User:
    """Somebody with a role ("" for none), who signs in with PASSWORD."""
    user = User.objects.create(username=name or f"{role or 'nobody'}{next(_number)}", password=_hashed(), **about)
    if role:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def ready_draft(*, body: str = BODY, failed: int = 0, message: Message | None = None, **about: Any) -> Draft:
    """A draft that waits for a decision, with evidence, one traced and one untraced atom, and checks of which `failed` failed."""
    values: dict[str, Any] = {
        "state": Draft.State.READY,
        "setup": Setup.objects.first() or make_setup(),
        "category": make_category(),
        "body": body,
        "language": "en",
        "asks": [{"ask": "Where is my order?", "answered": True}],
        "is_eligible": not failed,
        "finished_at": timezone.now(),
    }
    draft = make_draft(message, **values | about)
    evidence = add_evidence(draft)
    if "SO-1007" in body:
        start, date = body.index("SO-1007"), body.index("3 November")
        draft.atoms = [
            {"kind": "id", "text": "SO-1007", "start": start, "end": start + 7, "traced": True, "source": f"evidence:{evidence.pk}"},
            {"kind": "date", "text": "3 November 2026", "start": date, "end": date + 15, "traced": False, "source": ""},
        ]
        draft.save()
    for number, code in enumerate(["language", "links", "recipient", "grounding", "promises"], start=1):
        passed = number > failed
        CheckResult.objects.create(
            draft=draft, position=number, code=code, passed=passed, reason=f"The {code} is {'fine' if passed else 'not fine'}."
        )
    return draft


def add_evidence(draft: Draft, **about: Any) -> Evidence:
    """A lookup of an order."""
    values = {
        "position": draft.evidence.count() + 1,
        "tool": "order",
        "source": "Built-in tables",
        "question": {"query": "SO-1007"},
        "outcome": Evidence.Outcome.FOUND,
        "answer": {
            "number": "SO-1007",
            "status": "shipped",
            "shipped_on": "2026-11-02",
            "lines": [{"sku": "B-1", "name": "Bolt", "quantity": 4}],
        },
        "asked_by": Evidence.AskedBy.CODE,
        "milliseconds": 3,
    }
    return Evidence.objects.create(draft=draft, **values | about)


def handed_over_draft(**about: Any) -> Draft:
    """A draft that the assistant gave up."""
    values = {
        "state": Draft.State.HANDED_OVER,
        "hand_over_reason": HandOverReason.MISSING_FACT,
        "hand_over_words": "The order number is not in our tables.",
        "finished_at": timezone.now(),
    }
    return make_draft(about.pop("message", None), **values | about)


def waiting_draft(**about: Any) -> Draft:
    """A draft that the model server keeps waiting."""
    return make_draft(about.pop("message", None), **{"last_error": "The model server does not answer.", **about})


def make_attachment(message: Message, **about: Any) -> Attachment:
    """An attachment of a message."""
    values = {"position": next(_number), "name": "invoice.pdf", "content_type": "application/pdf", "size": 81_234, "sha256": "0" * 64}
    return Attachment.objects.create(message=message, **values | about)


def make_outgoing(*, by: User, message: Message | None = None, state: str = "sent", **about: Any) -> OutgoingMail:
    """A reply of ours in any state, without a decision."""
    message = message or make_message()
    assert message.conversation is not None
    now = timezone.now()
    values: dict[str, Any] = {
        "mailbox": message.mailbox,
        "conversation": message.conversation,
        "in_reply_to": message,
        "message_id": f"out-{next(_number)}@shop.example",
        "recipient": message.from_address,
        "subject": f"Re: {message.subject}",
        "body": "It is on its way.",
        "mime": b"frozen",
        "queued_by": by,
        "due_at": now,
        "sent_at": now if state == "sent" else None,
        "dot_sent_at": now if state in {"dot_sent", "maybe_sent"} else None,
    }
    return OutgoingMail.objects.create(state=state, **values | about)


def activate(**parts: Any) -> Setup:
    """An active setup with these parts."""
    setup = make_setup(model="a-model", parts=parts)
    SetupActivation.objects.create(setup=setup)
    return setup

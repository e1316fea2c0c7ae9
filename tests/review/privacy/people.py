"""Ann, about whom there is something in every place; and Bob, in whose data nothing of hers is."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from drafting.models import Draft, Evidence, ModelCall, Replay, ReplayRun, Setup
from inbox import raw
from inbox.models import Conversation, Message, OutgoingMail
from review import audit_log
from review.models import (
    Attempt,
    Decision,
    Flag,
    IdempotencyKey,
    LedgerEntry,
    Note,
    PlantedDraft,
    SecondLook,
    Upload,
    Verdict,
    Writing,
)
from tests.drafting.factories import make_conversation, make_customer, make_message, make_order, make_setup
from tests.review.factories import attach, attach_upload, make_outgoing, make_person, ready_draft

ANN, BOB = "ann@customer.example", "bob@buyer.example"
SECRET = "Zanzibar"
"""A word that is in every text of the person."""


def settled() -> dict[str, Any]:
    """What a message has once everybody above has looked at it; one that was taken up as it was stored would be history."""
    soon = timezone.now() + timedelta(seconds=5)
    return {"taken_up_at": soon, "weighed_at": soon}


def answered(
    address: str = ANN, *, by: User | None = None, colleague: User | None = None, talk: Conversation | None = None, **about: Any
) -> Draft:
    """A mail of a person that was drafted, edited, sent and judged, with a row in every table; the draft of it."""
    by = by or make_person()
    talk = talk or make_conversation(
        customer_address=address, customer_name=f"{SECRET} Lee", subject=f"About {SECRET}", state="waiting", **about
    )
    message = make_message(
        f"Where is {SECRET}?",
        conversation=talk,
        html=f"<p>{SECRET}</p>",
        from_address=address,
        from_name=SECRET,
        hidden_text=SECRET,
        **settled(),
    )
    attach(message, paper__pdf=f"%PDF-1.7 {SECRET}".encode())
    customer = make_customer(name=SECRET)
    draft = ready_draft(
        message=message,
        body=f"Dear {SECRET}, it is on its way. SO-1007 left on 3 November 2026.",
        state="decided",
        asks=[{"ask": SECRET, "answered": True}],
        facts={"before": {"common": {"customer.name": SECRET}, "sets": [{}]}},
        instruction=SECRET,
        customer=customer,
        routed_at=timezone.now(),
    )
    Evidence.objects.filter(draft=draft).update(question={"query": SECRET}, answer={"number": SECRET})
    draft.checks.update(reason=f"{SECRET} is fine.")
    ModelCall.objects.create(
        draft=draft,
        position=1,
        purpose="draft",
        request={"messages": [SECRET]},
        response=SECRET,
        milliseconds=9,
        prompt_tokens=120,
        completion_tokens=30,
    )
    mail = _sent(draft, by)
    decision = Decision.objects.create(
        draft=draft,
        kind="edited",
        by=by,
        final_text=mail.body,
        reason=SECRET,
        edit_reason="wrong_fact",
        outgoing=mail,
        seconds_open=40,
        weighed_at=timezone.now(),
    )
    _judged(draft, decision, by, colleague or make_person())
    _beside(message, draft, by)
    return draft


def _sent(draft: Draft, by: User) -> OutgoingMail:
    about: dict[str, Any] = {
        "subject": f"Re: {SECRET}",
        "body": f"Dear {SECRET}, see the file.",
        "mime": SECRET.encode(),
        "last_error": f"For {SECRET}.",
    }
    mail = make_outgoing(by=by, message=draft.message, filed_at=timezone.now(), check_words=SECRET, **about)
    upload = attach_upload(by=by, conversation=draft.conversation, name=f"{SECRET}.pdf", content=f"%PDF-1.7 ours {SECRET}".encode())
    Upload.objects.filter(pk=upload.pk).update(outgoing=mail)
    return mail


def _judged(draft: Draft, decision: Decision, by: User, colleague: User) -> None:
    assert draft.category and draft.setup
    now = timezone.now()
    attempt = Attempt.objects.filter(category=draft.category, setup=draft.setup).first() or Attempt.objects.create(
        category=draft.category, setup=draft.setup, chooser=draft.setup, began_at=now
    )
    position = attempt.entries.count() + 1
    entry = LedgerEntry.objects.create(
        attempt=attempt, draft=draft, position=position, why="collecting", unsafe=True, settled_at=now, at=now
    )
    Verdict.objects.create(entry=entry, unsafe=True, counts=True, reason="edited", words=SECRET, decision=decision, by=by, at=now)
    Attempt.objects.filter(pk=attempt.pk).update(n=position, k=position, settled_to=position, entered=position)
    planted = {"body": SECRET, "words": SECRET, "start": 1, "end": 3, "shown_at": now, "judged_at": now, "caught": True}
    PlantedDraft.objects.create(draft=draft, reviewer=colleague, kind="amount", **planted)
    SecondLook.objects.create(
        draft=draft, first=by, first_unsafe=True, asked_at=now, by=colleague, unsafe=True, words=SECRET, answered_at=now
    )
    Flag.objects.create(draft=draft, kind="complaint", words=SECRET)


def _beside(message: Message, draft: Draft, by: User) -> None:
    talk = draft.conversation
    Note.objects.create(conversation=talk, text=SECRET, by=by)
    audit_log.record(act="conversation.noted", by=by, about=SECRET, words=f"About {SECRET}.", conversation=talk, name=SECRET)
    Writing.objects.create(by=by, conversation=talk, text=SECRET)
    setup = Setup.objects.first() or make_setup()
    replay = Replay.objects.create(setup=setup, state="finished")
    checks = [{"code": "language", "passed": False, "reason": SECRET}]
    texts = {
        "body": SECRET,
        "why": SECRET,
        "checks": checks,
        "atoms": [{"text": SECRET}],
        "unrecorded": [{"tool": "order", "query": SECRET}],
    }
    ReplayRun.objects.create(replay=replay, message=message, draft=draft, number=1, state="done", verdict="blocked", **texts)
    from review import tokens

    token = tokens.issue(name=f"Shop {message.pk}", scopes=["messages:create"], by=make_person("admin")).token
    IdempotencyKey.objects.create(token=token, key=SECRET, content_sha256="0" * 64, message=message)


def known_customer(address: str = ANN) -> None:
    """The customer table knows the address, and an order."""
    make_order(make_customer(address, name="Ann Ltd"), "SO-9")


def is_stored(message: Message) -> bool:
    """Whether the bytes of a mail are in storage."""
    try:
        return bool(raw.read(message.raw_sha256))
    except FileNotFoundError:
        return False

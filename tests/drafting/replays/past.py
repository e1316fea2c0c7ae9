"""Past mails with their drafts, evidence and replies, and a candidate whose server plays a script."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from drafting.models import Category, CheckResult, Draft, Evidence, Replay, ReplayRun, Setup
from drafting.replays import Choice, start, writing
from inbox.models import Message, OutgoingMail
from tests.drafting.factories import make_category, make_customer, make_draft, make_message, make_order, make_setup
from tests.drafting.model_server import MODEL, Behaviour, Script, serving

BODY = "Hello Ann,\n\nyour order SO-4711 left on 3 November 2026.\n\nKind regards"
CHOICE: dict[str, Any] = {
    "category": "order-status",
    "is_certain": True,
    "is_single_topic": True,
    "language": "en",
    "asks": ["Where is my order?"],
    "flags": [],
}
REPLY: dict[str, Any] = {
    "action": "reply",
    "query": "",
    "body": BODY,
    "asks": [{"ask": "Where is my order?", "answered": True}],
    "reason": "",
    "words": "",
}
HAND_OVER = REPLY | {"action": "hand_over", "body": "", "asks": [], "reason": "unsure", "words": "I do not understand the mail."}
ORDER: dict[str, Any] = {
    "number": "SO-4711",
    "status": "shipped",
    "ordered_on": "2026-10-30",
    "promised_on": "2026-11-06",
    "shipped_on": "2026-11-03",
    "delivered_on": None,
    "total": "93.10",
    "currency": "EUR",
    "lines": [],
}
"""An order as the lookup describes it (see `tools/customers.py`)."""
PARTS = {"dialect": "json_schema", "sampling": {"temperature": 0, "max_tokens": 800}, "context_length": 8192}


def looks_up(tool: str, query: str) -> dict[str, Any]:
    return REPLY | {"action": tool, "query": query, "body": "", "asks": []}


def past_draft(*, body: str = BODY, eligible: bool = True, sent: str = "", category: Category | None = None, **about: Any) -> Draft:
    """A draft that somebody decided on, to Ann's question for SO-4711; `sent` is the reply that she got."""
    message = about.pop("message", None) or make_message("Where is my order SO-4711?")
    values: dict[str, Any] = {
        "state": Draft.State.DECIDED,
        "setup": Setup.objects.first() or make_setup(),
        "category": category or make_category(),
        "body": body,
        "finished_at": timezone.now(),
        "is_eligible": eligible and bool(body),
    }
    draft = make_draft(message, **values | about)
    record(draft, "customer", "", {"number": "K-1"})
    record(draft, "order", "SO-4711", ORDER)
    for position, (code, passed) in enumerate({"setup_pinned": False, "sender_known": True, "atoms_grounded": eligible}.items()):
        CheckResult.objects.create(draft=draft, position=position, code=code, passed=passed, reason="So it was.")
    if sent:
        send(message, sent)
    return draft


def record(draft: Draft, tool: str, query: str, answer: Any, *, outcome: str = "found", asked_by: str = "code") -> Evidence:
    """A lookup that was made for a draft."""
    return Evidence.objects.create(
        draft=draft,
        position=draft.evidence.count() + 1,
        tool=tool,
        source="Orders",
        question={"query": query},
        outcome=outcome,
        answer=answer,
        asked_by=asked_by,
        milliseconds=1,
    )


def send(message: Message, body: str) -> OutgoingMail:
    """The reply that a person sent."""
    assert message.conversation is not None
    now = timezone.now()
    return OutgoingMail.objects.create(
        mailbox=message.mailbox,
        conversation=message.conversation,
        in_reply_to=message,
        message_id=f"reply-{message.pk}@shop.example",
        recipient=message.from_address,
        subject="Re",
        body=body,
        mime=b"frozen",
        queued_by=User.objects.get_or_create(username="rita")[0],
        due_at=now,
        state=OutgoingMail.State.SENT,
        sent_at=now,
    )


def make_ann() -> None:
    """Ann and her order as they are today; by now the order has gone back."""
    make_order(make_customer("ann@customer.example"), "SO-4711", status="returned")


def make_candidate(**about: Any) -> Setup:
    """A setup that could write, of a server that is not there."""
    return make_setup(**{"parts": PARTS} | about)


@contextmanager
def candidate(*behaviours: Behaviour) -> Iterator[tuple[Setup, Script]]:
    """A setup whose server plays `behaviours`."""
    with serving(*behaviours) as script:
        yield make_candidate(base_url=script.base_url, model=MODEL), script


def begin(setup: Setup, **about: Any) -> Replay:
    """A replay of all recorded mails."""
    return start(setup=setup, choice=about.pop("choice", Choice()), by=None, **about)


def run_all(replay: Replay) -> list[ReplayRun]:
    """Write all there is to write; the runs in their order."""
    while writing.run_next(replay_id=replay.pk):
        pass
    replay.refresh_from_db()
    return list(replay.runs.order_by("pk"))

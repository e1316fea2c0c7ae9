"""From what happened to deliveries, once for each event and webhook.

What happened waits in its own table with an empty `announced_at`, which partial indexes find: a row that is committed late is found late,
and none is passed over. Payloads name things by id and state; what mails say, and who wrote them, is read from the API by who may.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from drafting.models import Draft
from inbox.models import OutgoingMail
from review.models import Decision, Delivery, Webhook

Event = Webhook.Event
BATCH = 200


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as receivers are told it. `id` is the same however often it is told."""

    event: str
    id: str
    at: datetime
    data: dict[str, Any]

    @property
    def payload(self) -> dict[str, Any]:
        """As Standard Webhooks recommends it."""
        return {"type": self.event, "timestamp": self.at.astimezone(UTC).isoformat().replace("+00:00", "Z"), "data": self.data}


def announce(*, event: str, id: str, data: dict[str, Any], at: datetime | None = None) -> None:
    """Tell every webhook that wants it of an event, in the transaction of what happened. The same `id` is told once."""
    _tell([Happening(Event(event), id, at or timezone.now(), data)])


def announce_new() -> int:
    """Sweep: make deliveries of what happened since; says how many events that were. Two sweeps at once share the work."""
    return sum(_announce_some(rows, describe) for rows, describe in _SOURCES)


@transaction.atomic
def _announce_some(rows: Callable[[], QuerySet[Any]], describe: Callable[[Any], Happening]) -> int:
    found: Sequence[Model] = list(rows().order_by("pk").select_for_update(skip_locked=True, of=("self",), no_key=True)[:BATCH])
    if found:
        _tell([describe(row) for row in found])
        # `update` of these very rows, which are locked: nobody else marks or tells them.
        type(found[0])._default_manager.filter(pk__in=[row.pk for row in found]).update(announced_at=timezone.now())
    return len(found)


def _tell(happenings: Sequence[Happening]) -> None:
    webhooks = list(Webhook.objects.filter(is_active=True).only("pk", "events"))
    Delivery.objects.bulk_create(
        [
            Delivery(webhook=webhook, event=one.event, event_id=one.id, payload=one.payload)
            for one in happenings
            for webhook in webhooks
            if one.event in webhook.events
        ],
        ignore_conflicts=True,
    )


def _drafts() -> QuerySet[Draft]:
    waiting = Draft.objects.filter(announced_at__isnull=True, finished_at__isnull=False)
    return waiting.select_related("conversation").only("state", "hand_over_reason", "message_id", "finished_at", "conversation__mailbox_id")


def _draft_ready(draft: Draft) -> Happening:
    data = {
        "draft_id": draft.pk,
        "message_id": draft.message_id,
        "conversation_id": draft.conversation_id,
        "mailbox_id": draft.conversation.mailbox_id,
        "outcome": "handed_over" if draft.hand_over_reason else "ready",
        "url": f"/api/v1/drafts/{draft.pk}",
    }
    return Happening(Event.DRAFT_READY, f"draft-ready-{draft.pk}", cast(datetime, draft.finished_at), data)


def _decisions() -> QuerySet[Decision]:
    waiting = Decision.objects.filter(announced_at__isnull=True)
    return waiting.select_related("draft__conversation").only(
        "kind", "by_id", "decided_at", "outgoing_id", "draft__conversation__mailbox_id"
    )


def _draft_decided(decision: Decision) -> Happening:
    data = {
        "decision_id": decision.pk,
        "draft_id": decision.draft_id,
        "conversation_id": decision.draft.conversation_id,
        "mailbox_id": decision.draft.conversation.mailbox_id,
        "kind": decision.kind,
        "by_id": decision.by_id,
        "outgoing_id": decision.outgoing_id,
        "url": f"/api/v1/decisions/{decision.pk}",
    }
    return Happening(Event.DRAFT_DECIDED, f"draft-decided-{decision.pk}", decision.decided_at, data)


def _sent() -> QuerySet[OutgoingMail]:
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.SENT, announced_at__isnull=True)
    return waiting.only("conversation_id", "mailbox_id", "in_reply_to_id", "is_automatic", "sent_at")


def _mail_sent(mail: OutgoingMail) -> Happening:
    data = {
        "outgoing_id": mail.pk,
        "conversation_id": mail.conversation_id,
        "mailbox_id": mail.mailbox_id,
        "in_reply_to": mail.in_reply_to_id,
        "is_automatic": mail.is_automatic,
        "url": f"/api/v1/outgoing/{mail.pk}",
    }
    return Happening(Event.MAIL_SENT, f"mail-sent-{mail.pk}", cast(datetime, mail.sent_at), data)


_SOURCES: list[tuple[Callable[[], QuerySet[Any]], Callable[[Any], Happening]]] = [
    (_drafts, _draft_ready),
    (_decisions, _draft_decided),
    (_sent, _mail_sent),
]

"""Health for operators: the age of the oldest row that is due, not whether a worker says that it lives."""

from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Greatest
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from drafting.models import Draft
from inbox import outbox
from inbox.models import Attachment, Mailbox, Message, OutgoingMail
from review.models import Delivery

LATE_SECONDS = 300
"""A row that has been due for longer makes the answer 503."""


def health(_request: HttpRequest) -> JsonResponse:
    """The seconds that the oldest due row of each queue has waited; status 503 where one is late or the database is away."""
    try:
        waits = oldest_waits()
    except DatabaseError:
        return JsonResponse({"status": "down", "reason": "the database does not answer"}, status=503)
    late = sorted(name for name, seconds in waits.items() if seconds > LATE_SECONDS)
    return JsonResponse({"status": "late" if late else "ok", "late": late, "seconds_waiting": waits}, status=503 if late else 200)


def oldest_waits() -> dict[str, int]:
    """For each queue, how many seconds its oldest due row has waited; 0 where nothing is due.

    A row that is being worked on is due once its lease is over: whoever had it is gone, and nobody has taken it up.
    """
    now = timezone.now()
    mails, drafts = OutgoingMail.objects.all(), Draft.objects.all()
    oldest = {
        "fetch": _oldest(Mailbox.objects.filter(is_active=True, next_fetch_at__lte=now), "next_fetch_at"),
        "parse": _oldest(Message.objects.filter(state="received"), "stored_at"),
        "files": _oldest(Attachment.objects.filter(text_state="waiting", text_due_at__lte=now), "text_due_at"),
        "take_up": _oldest(Message.objects.filter(taken_up_at=None).exclude(state="received"), "stored_at"),
        "draft": _oldest(drafts.filter(state="queued", due_at__lte=now), "due_at"),
        "drafting": _oldest(drafts.filter(state="writing", lease_until__lte=now), "lease_until"),
        "route": _oldest(drafts.filter(is_eligible=True, routed_at=None), "finished_at"),
        "check": _oldest(mails.filter(state="held", check_at__lte=now), "check_at"),
        "send": _oldest(mails.filter(outbox.leaves_when_due(), due_at__lte=now), "due_at"),
        "sending": _oldest(mails.filter(state__in=["claimed", "dot_sent"], lease_until__lte=now), "lease_until"),
        "file": _oldest(mails.filter(state="sent", filed_at=None, file_due_at__lte=now), "file_due_at"),
        "webhooks": _oldest(_to_deliver(now), Greatest("due_at", "webhook__rest_until")),
    }
    return {name: int((now - at).total_seconds()) if at else 0 for name, at in oldest.items()}


def _oldest(rows: QuerySet[Any], due: str | Greatest) -> datetime | None:
    at: datetime | None = rows.aggregate(at=Min(due))["at"]
    return at


def _to_deliver(now: datetime) -> QuerySet[Delivery]:
    """What the webhooks are to be told now; one that rests after a failure of its receiver is not late."""
    rested = Q(webhook__rest_until=None) | Q(webhook__rest_until__lte=now)
    return Delivery.objects.filter(rested, webhook__is_active=True, state=Delivery.State.WAITING, due_at__lte=now)

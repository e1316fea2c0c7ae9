"""Health for operators: the age of the oldest row that is due, not whether a worker says that it lives."""

from datetime import datetime

from django.db import DatabaseError
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from drafting.models import Draft
from inbox.models import Mailbox, Message, OutgoingMail

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
    """For each queue, how many seconds its oldest due row has waited; 0 where nothing is due."""
    now = timezone.now()
    oldest: dict[str, datetime | None] = {
        "fetch": Mailbox.objects.filter(is_active=True, next_fetch_at__lte=now).aggregate(at=Min("next_fetch_at"))["at"],
        "parse": Message.objects.filter(state="received").aggregate(at=Min("stored_at"))["at"],
        "take_up": Message.objects.filter(taken_up_at=None).exclude(state="received").aggregate(at=Min("stored_at"))["at"],
        "draft": Draft.objects.filter(state="queued", due_at__lte=now).aggregate(at=Min("due_at"))["at"],
        "send": OutgoingMail.objects.filter(state__in=["held", "ready", "retry"], due_at__lte=now).aggregate(at=Min("due_at"))["at"],
    }
    return {name: int((now - at).total_seconds()) if at else 0 for name, at in oldest.items()}

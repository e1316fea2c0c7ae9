"""Deliveries on their way. This module alone changes `Delivery.state`, each time by one UPDATE whose row count says who won.

waiting → delivered | given_up. A worker posts what waits for one webhook, one after the other; a claim is a lease, proven by `attempts`,
which every claim counts up and nothing sets back. What a dead worker had posted without noting it is posted again with the same id.
"""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from review import audit_log
from review.models import Delivery, Webhook
from review.webhooks import posting
from review.webhooks.posting import Answer

SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=8)
"""Between two tries: as long again as an event has been waiting, within these."""
GIVEN_UP_AFTER = timedelta(days=3)
LEASE = timedelta(seconds=60)
"""Longer than any try takes (`posting.SECONDS`)."""
SHIFT = 20
"""Seconds after which a worker makes room for other work."""
LONGEST_REST = timedelta(minutes=5)
KEPT = timedelta(days=30)
"""How long what was delivered stays on the page."""
GONE = 410
State = Delivery.State


def due_webhooks() -> list[int]:
    """Webhooks that have something to be told now, and are not resting after a failure."""
    now = timezone.now()
    rested = Webhook.objects.filter(Q(rest_until=None) | Q(rest_until__lte=now), is_active=True)
    return list(rested.filter(pk__in=_due(now).values("webhook")).values_list("pk", flat=True))


def deliver(*, webhook_id: int) -> int:
    """Post what is due for a webhook until nothing is, something fails, or the shift is over. Says how many were taken."""
    end, taken = time.monotonic() + SHIFT, 0
    while time.monotonic() < end and (delivery := _claim(webhook_id)):
        if not _settle(delivery, posting.post(delivery)):
            break
        taken += 1
    return taken


@transaction.atomic
def resend(*, delivery: Delivery, by: User) -> None:
    """Tell an event once more, whatever became of it, with the same id."""
    now = timezone.now()
    again = {"state": State.WAITING, "created_at": now, "due_at": now, "lease_until": None, "delivered_at": None}
    if Delivery.objects.filter(pk=delivery.pk).exclude(state=State.WAITING, lease_until__gt=now).update(**again):
        Webhook.objects.filter(pk=delivery.webhook_id).update(rest_until=None)
        audit_log.record(act="webhook.delivery_repeated", by=by, about=delivery.webhook.name, event_id=delivery.event_id)


@transaction.atomic
def resend_given_up(*, webhook: Webhook, by: User) -> int:
    """Tell everything once more that was given up; says how many events that are. The problem is dealt with."""
    given_up = Delivery.objects.filter(webhook=webhook, state=State.GIVEN_UP)
    now = timezone.now()
    number = given_up.update(state=State.WAITING, created_at=now, due_at=now)
    Webhook.objects.filter(pk=webhook.pk).update(problem="", rest_until=None)
    audit_log.record(act="webhook.delivery_repeated", by=by, about=webhook.name, events=number)
    return number


def forget_old() -> int:
    """Delete what was delivered long ago; says how many."""
    deleted, _ = Delivery.objects.filter(state=State.DELIVERED, delivered_at__lt=timezone.now() - KEPT).delete()
    return deleted


def _due(now: datetime) -> QuerySet[Delivery]:
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    return Delivery.objects.filter(free, state=State.WAITING, due_at__lte=now)


def _claim(webhook_id: int) -> Delivery | None:
    """The next due delivery of an active webhook that nobody else is posting to."""
    now = timezone.now()
    if Delivery.objects.filter(webhook=webhook_id, state=State.WAITING, lease_until__gt=now).exists():
        return None
    due = _due(now).filter(webhook=webhook_id, webhook__is_active=True)
    for pk, attempts in due.order_by("due_at", "pk").values_list("pk", "attempts")[:3]:
        if _due(now).filter(pk=pk, attempts=attempts).update(lease_until=now + LEASE, attempts=F("attempts") + 1):
            return Delivery.objects.select_related("webhook").get(pk=pk)
    return None


def _settle(delivery: Delivery, answer: Answer) -> bool:
    """Keep what came of a try. Says whether the event was taken."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.WAITING, attempts=delivery.attempts)
    said = {"lease_until": None, "last_status": answer.status, "last_error": answer.error}
    if not answer.error:
        mine.update(**said, state=State.DELIVERED, delivered_at=timezone.now())
        Webhook.objects.filter(pk=delivery.webhook_id, failing_since__isnull=False).update(failing_since=None, rest_until=None)
        return True
    if answer.status == GONE:
        mine.update(**said, state=State.GIVEN_UP)
        _switch_off(delivery.webhook)
    else:
        _put_off(delivery, answer, mine, said)
        _let_rest(delivery.webhook)
    return False


def _put_off(delivery: Delivery, answer: Answer, mine: QuerySet[Delivery], said: Mapping[str, object]) -> None:
    """Try again later; what is too old by then is given up, with all that waited as long."""
    now = timezone.now()
    waited = now - delivery.created_at
    if waited < GIVEN_UP_AFTER:
        pause = min(max(waited, SHORTEST_PAUSE, timedelta(seconds=answer.pause)), LONGEST_PAUSE)
        mine.update(**said, due_at=now + pause)
        return
    with transaction.atomic():
        number = mine.update(**said, state=State.GIVEN_UP)
        others = Delivery.objects.filter(webhook=delivery.webhook_id, state=State.WAITING, created_at__lte=now - GIVEN_UP_AFTER)
        number += others.exclude(lease_until__gt=now).update(state=State.GIVEN_UP, last_error=f"Not tried any more. {answer.error}")
        if number:
            words = f"Events were given up after three days of tries. {answer.error}"
            Webhook.objects.filter(pk=delivery.webhook_id).update(problem=words)


def _switch_off(webhook: Webhook) -> None:
    words = "It was switched off, because its receiver answered that it is gone for good (410)."
    Webhook.objects.filter(pk=webhook.pk).update(is_active=False, problem=words)


def _let_rest(webhook: Webhook) -> None:
    """After a failure all events of a webhook wait, half as long again as it has been failing, so that a dead receiver holds no worker."""
    now = timezone.now()
    since = webhook.failing_since or now
    rest = min(max((now - since) / 2, SHORTEST_PAUSE), LONGEST_REST)
    Webhook.objects.filter(pk=webhook.pk).update(failing_since=since, rest_until=now + rest)

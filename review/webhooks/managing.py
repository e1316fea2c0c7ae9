"""Webhooks as admins keep them."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from review import audit_log
from review.models import Delivery, Webhook
from review.webhooks import signing
from review.webhooks.announcing import Happening

OVERLAP = timedelta(hours=24)
"""How long the secret before the last change signs too, so that a receiver can change over at any time meanwhile."""


@transaction.atomic
def add(*, name: str, url: str, events: Sequence[str], by: User, is_active: bool = True) -> Webhook:
    """A new webhook with a secret of its own, told of what happens from now on."""
    webhook = Webhook.objects.create(
        name=name, url=url, events=[Webhook.Event(event) for event in events], secret=signing.new_secret(), is_active=is_active, by=by
    )
    audit_log.record(act="webhook.saved", by=by, about=name, url=url, events=list(events))
    return webhook


@transaction.atomic
def change(*, webhook: Webhook, by: User, name: str, url: str, events: Sequence[str], is_active: bool) -> None:
    """Keep what an admin changed. What was missed while a webhook is paused is not told later; what waits already, is."""
    fresh = {"failing_since": None, "rest_until": None, "problem": ""} if is_active and not webhook.is_active else {}
    Webhook.objects.filter(pk=webhook.pk).update(
        name=name, url=url, events=[Webhook.Event(event) for event in events], is_active=is_active, **fresh
    )
    audit_log.record(act="webhook.saved", by=by, about=name, url=url, events=list(events), is_active=is_active)


@transaction.atomic
def rotate_secret(*, webhook: Webhook, by: User) -> str:
    """Make a new secret and return it. The old one signs too for a day."""
    secret = signing.new_secret()
    Webhook.objects.filter(pk=webhook.pk).update(secret=secret, old_secret=webhook.secret, old_secret_until=timezone.now() + OVERLAP)
    audit_log.record(act="webhook.secret_changed", by=by, about=webhook.name)
    return secret


@transaction.atomic
def delete(*, webhook: Webhook, by: User) -> None:
    """Tell it nothing any more, and forget what it was told."""
    audit_log.record(act="webhook.deleted", by=by, about=webhook.name, url=webhook.url)
    Webhook.objects.filter(pk=webhook.pk).delete()


def dismiss(*, webhook: Webhook, by: User) -> None:
    """A person knows what went wrong, and lets it be."""
    with audit_log.recording(act="webhook.problem_dismissed", by=by, about=webhook.name, words=webhook.problem):
        Webhook.objects.filter(pk=webhook.pk).update(problem="")


def send_test(*, webhook: Webhook, by: User) -> Delivery:
    """Tell it, and only it, that this is a test, as soon as may be."""
    told = Happening(Webhook.Event.TEST, f"webhook-test-{uuid4()}", timezone.now(), {"webhook_id": webhook.pk, "by_id": by.pk})
    Webhook.objects.filter(pk=webhook.pk).update(rest_until=None)
    return Delivery.objects.create(webhook=webhook, event=told.event, event_id=told.id, payload=told.payload)

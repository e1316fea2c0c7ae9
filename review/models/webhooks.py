"""What other systems are told."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from inbox.fields import EncryptedTextField


class Webhook(models.Model):
    """An address that is told of events, each signed with `secret` (Standard Webhooks).

    After a change of the secret, `old_secret` signs too until `old_secret_until`. While its receiver fails (`failing_since`) the webhook
    rests until `rest_until`. `problem` says what a person should know, until one has dealt with it.
    """

    class Event(models.TextChoices):
        DRAFT_READY = "draft.ready", "A draft is ready or handed over"
        DRAFT_DECIDED = "draft.decided", "A draft was decided"
        MAIL_SENT = "mail.sent", "A mail was sent"
        AUTO_SEND_SUSPENDED = "auto_send.suspended", "Auto-send of a category was suspended"
        TEST = "webhook.test", "A test"

    name = models.CharField(max_length=80)
    url = models.URLField(max_length=500)
    secret = EncryptedTextField()
    old_secret = EncryptedTextField(blank=True)
    old_secret_until = models.DateTimeField(null=True)
    events = ArrayField(models.CharField(max_length=30, choices=Event))
    is_active = models.BooleanField(default=True)
    failing_since = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="webhooks")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One event on its way to one webhook. `event_id` is the same on every try, so that the receiver can tell repeats."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        GIVEN_UP = "given_up", "Given up"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=30, choices=Webhook.Event)
    event_id = models.CharField(max_length=64)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_status = models.PositiveSmallIntegerField(null=True, help_text="The HTTP status of the last answer.")
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event_id"], name="delivery_once_per_event"),
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=["waiting", "delivered", "given_up"])),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due", condition=Q(state="waiting")),
            models.Index(fields=["webhook", "-id"], name="delivery_newest"),
            models.Index(fields=["delivered_at"], name="delivery_oldest", condition=Q(state="delivered")),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook}"

"""Tokens for programs that use the API, and what they asked for once."""

from functools import cached_property

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from inbox.models import Mailbox, Message


class ApiToken(models.Model):
    """What lets a program in, and to what.

    Only a hash (SHA-256) of the secret is kept; `start` is its first characters, to tell tokens apart.
    """

    class Scope(models.TextChoices):
        READ_CONVERSATIONS = "conversations:read", "Read conversations and messages"
        READ_DRAFTS = "drafts:read", "Read drafts with evidence and checks"
        READ_DECISIONS = "decisions:read", "Read decisions"
        READ_REPORTS = "reports:read", "Read the figures of the report"
        CREATE_MESSAGES = "messages:create", "Create inbound messages"

    name = models.CharField(max_length=80)
    start = models.CharField(max_length=12)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope))
    is_limited = models.BooleanField(default=False)
    mailboxes = models.ManyToManyField(Mailbox, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True, help_text="When it was last used, to the minute.")
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @cached_property
    def mailbox_ids(self) -> frozenset[int]:
        """The mailboxes it is limited to, if it is; read once."""
        return frozenset(self.mailboxes.values_list("pk", flat=True))


class IdempotencyKey(models.Model):
    """A key that a program sent with a message (header `Idempotency-Key`): asking again with it gives the same message.

    `content_sha256` is that of what was asked for, so that a key used for something else is noticed. Kept for some days.
    """

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=200)
    content_sha256 = models.CharField(max_length=64)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="idempotency_key_once_per_token")]
        indexes = [models.Index(fields=["at"], name="idempotency_key_oldest")]

    def __str__(self) -> str:
        return self.key

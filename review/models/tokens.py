"""Tokens for programs that use the API."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from inbox.models import Mailbox


class ApiToken(models.Model):
    """What lets a program in, and to what.

    Only a hash (SHA-256) of the secret is kept; `start` is its first characters, to tell tokens apart.
    """

    class Scope(models.TextChoices):
        READ_CONVERSATIONS = "conversations:read", "Read conversations and messages"
        READ_DRAFTS = "drafts:read", "Read drafts with evidence and checks"
        READ_DECISIONS = "decisions:read", "Read decisions"
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

"""The people at the desk, beside what Django keeps of them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from inbox.models import Mailbox


class Profile(models.Model):
    """How a person likes the desk, and which mailboxes they may see: all, or, where `is_limited`, those of `mailboxes`.

    `zone` is an IANA time zone; "" follows the browser. `theme` "" follows the system.
    """

    class Theme(models.TextChoices):
        SYSTEM = "", "As the system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    class Density(models.TextChoices):
        COMFORTABLE = "", "Comfortable"
        COMPACT = "compact", "Compact"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    zone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(max_length=8, choices=Theme, blank=True)
    density = models.CharField(max_length=8, choices=Density, blank=True)
    has_shortcuts = models.BooleanField(default=True, help_text="Whether single keys act in the queue.")
    is_limited = models.BooleanField(default=False)
    mailboxes = models.ManyToManyField(Mailbox, blank=True, related_name="profiles")

    def __str__(self) -> str:
        return f"Profile of {self.user}"


class Invitation(models.Model):
    """An admin's invitation of somebody to the desk.

    Only a hash (SHA-256) of the link's secret is kept; the link works once, until `expires_at`.
    """

    email = models.EmailField()
    roles = ArrayField(models.CharField(max_length=20))
    is_limited = models.BooleanField(default=False)
    mailboxes = models.ManyToManyField(Mailbox, blank=True, related_name="+")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="invitations")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="invitation")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True) | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.email}"

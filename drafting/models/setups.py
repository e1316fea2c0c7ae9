"""What writes the drafts, pinned."""

from django.conf import settings
from django.db import models


class Setup(models.Model):
    """The pinned whole that writes drafts, shown as "Setup 14". Rows never change; the fingerprint is the SHA-256 of `parts`.

    `parts` names everything that could change a draft: base URL, model id, sampling, prompt bundle hash, action schema hash, rules and
    guidance hash, gate and parser version … (see `drafting/setups.py`).
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    base_url = models.CharField(max_length=300)
    model = models.CharField(max_length=200)
    parts = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"Setup {self.pk}"


class SetupActivation(models.Model):
    """A person's act of switching to a setup. Append-only; the newest row says which setup is active."""

    setup = models.ForeignKey(Setup, on_delete=models.PROTECT, related_name="activations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.setup} since {self.at:%Y-%m-%d %H:%M}"

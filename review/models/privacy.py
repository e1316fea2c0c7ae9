"""How long what is kept, and whose data was erased."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q


class Erasure(models.Model):
    """That a person's data was erased. Append-only, and without the person: `digests` are keyed hashes of their addresses
    (`privacy/addresses.py`), by which the question "was this one erased?" can be answered.

    `counts` says how many of what lost their content, by the key of their kind.
    """

    digests = ArrayField(models.CharField(max_length=64))
    counts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Erasure {self.pk}"


class RetentionPeriod(models.Model):
    """How long a kind of data is kept: so many days, for ever where `days` is empty. Append-only; the newest of a kind counts.

    A kind without any is kept for ever. `privacy/retention/` says what each kind is and when it is due.
    """

    class Kind(models.TextChoices):
        RAW = "raw", "Raw mail files"
        ATTACHMENTS = "attachments", "Attachments"
        MAIL = "mail", "Conversations"
        MODEL_CALLS = "model_calls", "Requests to the model"
        EVIDENCE = "evidence", "Evidence"
        AUDIT_LOG = "audit_log", "Audit log"
        DELIVERIES = "deliveries", "Webhook deliveries"
        UNSENT = "unsent", "Unsent texts and files"

    LEAST_DAYS = 7
    MOST_DAYS = 36_500

    kind = models.CharField(max_length=12, choices=Kind)
    days = models.PositiveIntegerField(null=True, validators=[MinValueValidator(LEAST_DAYS), MaxValueValidator(MOST_DAYS)])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="retention_days_bounded", condition=Q(days__isnull=True) | Q(days__gte=7, days__lte=36_500))
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="retention_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {f'{self.days} days' if self.days else 'for ever'}"

"""Reviewers are measured too: planted drafts, and second looks."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from drafting.models import Draft


class PlantedDraft(models.Model):
    """A deliberately wrong text that one reviewer is shown in place of a draft, once. It is no draft and no mail: nothing can send it,
    and the database refuses a decision or an outgoing mail with its text.

    `body` and `atoms` are like a draft's; `start` and `end` are the offsets of what was corrupted in `body`, `words` say what was done.
    It is revealed right after the verdict, and the draft itself is offered then. `planting/` alone writes it.
    """

    class Kind(models.TextChoices):
        AMOUNT = "amount", "Wrong amount"
        DATE = "date", "Wrong date"
        ID = "id", "Wrong number of an order or the like"
        NAME = "name", "Wrong name"
        OTHER_ORDER = "other_order", "Another customer's order"
        REFUND = "refund", "Invented refund"
        REFUSAL = "refusal", "Missing refusal"
        LINK = "link", "Foreign link"

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="planted")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="planted_drafts")
    kind = models.CharField(max_length=12, choices=Kind)
    body = models.TextField()
    atoms = models.JSONField(default=list)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.TextField()
    shown_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)
    caught = models.BooleanField(null=True)
    decision = models.CharField(max_length=10, blank=True, help_text="What the reviewer wanted to do with it, as in Decision.kind.")
    seconds = models.PositiveIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True, help_text="When a colleague, or the customer, was faster than the reviewer.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "reviewer"], name="planted_once_per_reviewer"),
            models.CheckConstraint(
                name="planted_verdict_is_whole",
                condition=Q(judged_at__isnull=True, caught__isnull=True) | Q(judged_at__isnull=False, caught__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["reviewer", "-judged_at"], name="planted_by_person"),
            models.Index(fields=["draft"], name="planted_open", condition=Q(judged_at__isnull=True, withdrawn_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} in draft {self.draft_id}"


class SecondLook(models.Model):
    """A decided draft that a second reviewer judges without knowing what the first one said. `second_looks.py` alone writes it."""

    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="second_look")
    first = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_unsafe = models.BooleanField()
    asked_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="second_looks")
    unsafe = models.BooleanField(null=True)
    words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="second_look_is_whole",
                condition=Q(answered_at__isnull=True, unsafe__isnull=True, by__isnull=True)
                | Q(answered_at__isnull=False, unsafe__isnull=False, by__isnull=False),
            ),
            models.CheckConstraint(name="second_look_by_another", condition=~Q(by=models.F("first")) | Q(by__isnull=True)),
        ]
        indexes = [models.Index(fields=["asked_at"], name="second_look_open", condition=Q(answered_at__isnull=True))]

    def __str__(self) -> str:
        return f"Second look at draft {self.draft_id}"

"""What people do with drafts: claims and decisions."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q

from drafting.models import Draft
from inbox.models import Mailbox, OutgoingMail
from review.models.automation import Attempt


class Claim(models.Model):
    """A reviewer is on a draft until `until`; nobody else can decide it meanwhile. Renewed while the reviewer is active."""

    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="claim")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims")
    until = models.DateTimeField()
    opened_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Who asks for it meanwhile."
    )

    def __str__(self) -> str:
        return f"{self.by} on draft {self.draft_id}"


class Decision(models.Model):
    """The way a draft left the queue. At most one stands per draft; one that was undone stays on record.

    `decisions/` alone writes what people decide, `autosend/` what leaves by itself. `final_text` is what was sent or is to be sent,
    `reason` what the reviewer said on rejecting. `attempt` is the unlocked attempt by which the draft left by itself, and only then.
    `mailbox` is that of the conversation, filled in by the database, so that the newest of a few mailboxes are found along an index.
    `announced_at` is empty until webhooks were told, or none wanted to be; `weighed_at` until the ledger has taken notice.
    """

    class Kind(models.TextChoices):
        APPROVED = "approved", "Approved"
        EDITED = "edited", "Edited and approved"
        REJECTED = "rejected", "Rejected"
        TAKEN_OVER = "taken_over", "Taken over"
        NO_REPLY = "no_reply", "No reply needed"
        AUTO_SENT = "auto_sent", "Sent automatically"

    class EditReason(models.TextChoices):
        WRONG_FACT = "wrong_fact", "Wrong fact"
        MISSING_ANSWER = "missing_answer", "Missing answer"
        POLICY = "policy", "Policy"
        TONE = "tone", "Tone"
        TOO_LONG = "too_long", "Too long"
        LANGUAGE = "language", "Language"
        OTHER = "other", "Other"

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="decisions")
    reason = models.TextField(blank=True)
    edit_reason = models.CharField(max_length=16, choices=EditReason, blank=True)
    final_text = models.TextField(blank=True)
    outgoing = models.OneToOneField(OutgoingMail, on_delete=models.PROTECT, null=True, related_name="decision")
    seconds_open = models.PositiveIntegerField(null=True, help_text="How long the reviewer had the draft open.")
    decided_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, related_name="decisions")
    weighed_at = models.DateTimeField(null=True)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, null=True, editable=False, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft"], condition=Q(undone_at__isnull=True), name="decision_one_standing_per_draft"),
            models.CheckConstraint(
                name="decision_kind_known", condition=Q(kind__in=["approved", "edited", "rejected", "taken_over", "no_reply", "auto_sent"])
            ),
            models.CheckConstraint(name="decision_by_a_person_unless_auto_sent", condition=Q(kind="auto_sent") | Q(by__isnull=False)),
            models.CheckConstraint(
                name="decision_sends_only_what_was_approved",
                condition=Q(outgoing__isnull=True) | Q(kind__in=["approved", "edited", "taken_over", "auto_sent"]),
            ),
            # Nothing leaves without a person but by an unlocked attempt; a trigger (migration 0010) asks whether it is one.
            models.CheckConstraint(
                name="decision_auto_sent_by_an_attempt",
                condition=Q(kind="auto_sent", attempt__isnull=False, by__isnull=True) | (~Q(kind="auto_sent") & Q(attempt__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["-decided_at"], name="decision_newest"),
            models.Index(fields=["by", "-decided_at"], name="decision_by_person"),
            models.Index(fields=["mailbox", "-decided_at"], name="decision_of_mailbox"),
            GinIndex(SearchVector("reason", config="simple"), name="decision_by_words"),
            models.Index(fields=["id"], name="decision_to_announce", condition=Q(announced_at__isnull=True)),
            models.Index(fields=["decided_at"], name="decision_to_weigh", condition=Q(weighed_at__isnull=True)),
            models.Index(fields=["attempt", "-decided_at"], name="decision_of_attempt", condition=Q(attempt__isnull=False)),
            models.Index(
                fields=["decided_at"],
                name="decision_without_reply",
                condition=Q(kind="taken_over", outgoing__isnull=True, undone_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} draft {self.draft_id}"

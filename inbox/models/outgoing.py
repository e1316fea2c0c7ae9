"""Mail on its way out."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from inbox import text_search
from inbox.models.conversations import Conversation
from inbox.models.erased import Erasable
from inbox.models.mailboxes import Mailbox
from inbox.models.messages import Message


class OutgoingMail(Erasable):
    """A frozen reply on its way: its bytes and Message-ID never change once queued.

    `due_at` is when the next step may happen: the end of the undo window while held, the next try while in retry. Where `check_at` is set,
    somebody above looks at the held mail from then on and lets it go or voids it; it leaves unchecked, and keeps `check_at`, at `due_at`.
    `check_words` says what came of that. Mail that is automatic (a person neither wrote nor approved it) never leaves unchecked.
    `file_due_at` is when the Sent folder is looked at next: to file the copy of a sent mail, or to find that of one that was maybe sent.
    `bounced_at` is when we heard that it came back; whether for good is `bounce_is_hard`, empty where both are a guess.
    `claimed` and `dot_sent` are owned by the sender that holds the lease. `outbox/` alone changes `state`.
    """

    class State(models.TextChoices):
        HELD = "held", "Held (can be undone)"
        READY = "ready", "Ready"
        CLAIMED = "claimed", "Being sent"
        DOT_SENT = "dot_sent", "Handed over, no answer yet"
        SENT = "sent", "Sent"
        RETRY = "retry", "Will be tried again"
        FAILED = "failed", "Failed"
        MAYBE_SENT = "maybe_sent", "Maybe sent"
        CANCELLED = "cancelled", "Cancelled"

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="outgoing")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="outgoing")
    in_reply_to = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="replies")
    message_id = models.TextField(unique=True)
    recipient = models.CharField(max_length=320)
    subject = models.TextField()
    body = models.TextField(help_text="What a person sees of it: the plain text without the quoted original.")
    mime = models.BinaryField()
    is_automatic = models.BooleanField(default=False)
    queued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    check_at = models.DateTimeField(null=True)
    check_words = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    dot_sent_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    bounce_is_hard = models.BooleanField(null=True)
    filed_at = models.DateTimeField(null=True, help_text="When the copy lay in the Sent folder.")
    file_attempts = models.PositiveIntegerField(default=0)
    file_due_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True, help_text="Empty until the layer above has told other systems; it sweeps for such rows.")
    search = models.GeneratedField(expression=text_search.of_outgoing_mail(), output_field=SearchVectorField(), db_persist=True)

    class Meta:
        verbose_name_plural = "outgoing mail"
        constraints = [
            models.CheckConstraint(
                name="outgoing_state_known",
                condition=Q(state__in=["held", "ready", "claimed", "dot_sent", "sent", "retry", "failed", "maybe_sent", "cancelled"]),
            ),
            models.CheckConstraint(name="outgoing_sent_has_time", condition=~Q(state="sent") | Q(sent_at__isnull=False)),
            models.CheckConstraint(
                name="outgoing_dot_has_time", condition=~Q(state__in=["dot_sent", "maybe_sent"]) | Q(dot_sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="outgoing_owned_has_lease", condition=~Q(state__in=["claimed", "dot_sent"]) | Q(lease_until__isnull=False)
            ),
            models.CheckConstraint(
                name="outgoing_by_a_person_or_automatic",
                condition=Q(is_automatic=False, queued_by__isnull=False) | Q(is_automatic=True, queued_by__isnull=True),
            ),
            # What nobody approved is looked at once more before it leaves, however long that takes.
            models.CheckConstraint(
                name="outgoing_automatic_never_unchecked",
                condition=Q(is_automatic=False) | Q(check_at__isnull=True) | Q(state__in=["held", "cancelled"]),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="outgoing_due", condition=Q(state__in=["held", "ready", "retry"])),
            models.Index(fields=["check_at"], name="outgoing_to_check", condition=Q(state="held", check_at__isnull=False)),
            models.Index(fields=["lease_until"], name="outgoing_leased", condition=Q(state__in=["claimed", "dot_sent"])),
            models.Index(fields=["file_due_at"], name="outgoing_to_file", condition=Q(state="sent", filed_at__isnull=True)),
            models.Index(fields=["id"], name="outgoing_to_announce", condition=Q(state="sent", announced_at__isnull=True)),
            models.Index(fields=["conversation", "created_at"], name="outgoing_in_conversation"),
            models.Index(fields=["bounced_at"], name="outgoing_bounced", condition=Q(bounced_at__isnull=False)),
            GinIndex(fields=["search"], name="outgoing_words"),
            models.Index(Lower("recipient"), name="outgoing_by_recipient"),
            models.Index(fields=["-created_at"], name="outgoing_newest"),
            models.Index(fields=["mailbox", "-created_at"], name="outgoing_newest_in_mailbox"),
            models.Index(
                fields=["state", "-created_at"],
                name="outgoing_going",
                condition=Q(state__in=["held", "ready", "claimed", "dot_sent", "retry", "failed", "maybe_sent"]),
            ),
            models.Index(fields=["-created_at"], name="outgoing_cancelled", condition=Q(state="cancelled")),
            models.Index(fields=["queued_by", "-created_at"], name="outgoing_by_person"),
            models.Index(fields=["mailbox", "-created_at"], name="outgoing_automatic", condition=Q(is_automatic=True)),
            GinIndex(SearchVector("subject", "recipient", config="simple"), name="outgoing_by_words"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.recipient}"

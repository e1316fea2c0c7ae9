"""Threads of messages with one customer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from inbox.models.erased import Erasable
from inbox.models.mailboxes import Mailbox


class Conversation(Erasable):
    """A thread of messages with one customer, in one mailbox.

    `split_from` is the conversation that it goes on from. `may_continue` is another customer's, with a mail of ours that this one answers:
    the same customer, perhaps, at a second address; a person says.
    While it is snoozed nobody is shown it in the queue; it comes back at `snoozed_until`, or before with a new message.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        WAITING = "waiting", "Waiting for the customer"
        SNOOZED = "snoozed", "Snoozed"
        CLOSED = "closed", "Closed"

    class Leader(models.TextChoices):
        ASSISTANT = "assistant", "Assistant"
        PERSON = "person", "Person"

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="conversations")
    subject = models.TextField(blank=True)
    customer_address = models.CharField(max_length=320, blank=True)
    customer_name = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    led_by = models.CharField(max_length=10, choices=Leader, default=Leader.ASSISTANT)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="assigned_conversations"
    )
    split_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="splits")
    may_continue = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="offers", editable=False, db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_message_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="conversation_state_known", condition=Q(state__in=["open", "waiting", "snoozed", "closed"])),
            models.CheckConstraint(
                name="conversation_snoozed_has_end",
                condition=Q(state="snoozed", snoozed_until__isnull=False) | (~Q(state="snoozed") & Q(snoozed_until__isnull=True)),
            ),
            models.CheckConstraint(name="conversation_leader_known", condition=Q(led_by__in=["assistant", "person"])),
        ]
        indexes = [
            models.Index(fields=["-last_message_at", "-id"], name="conversation_newest"),
            models.Index(fields=["state", "-last_message_at", "-id"], name="conversation_newest_in_state"),
            models.Index(fields=["mailbox", "-last_message_at", "-id"], name="conversation_newest_in_mailbox"),
            # By a whole address, and by how one begins.
            models.Index(
                fields=["mailbox", "customer_address"], opclasses=["int8_ops", "varchar_pattern_ops"], name="conversation_customer"
            ),
            models.Index(fields=["snoozed_until"], name="conversation_to_wake", condition=Q(state="snoozed")),
            models.Index(fields=["assigned_to"], name="conversation_assigned", condition=Q(assigned_to__isnull=False)),
            models.Index(fields=["may_continue"], name="conversation_may_continue", condition=Q(may_continue__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.subject or "(no subject)"

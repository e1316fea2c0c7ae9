"""What people type before it is sent."""

from django.conf import settings
from django.db import models

from inbox.models import Conversation, Mailbox, OutgoingMail


class Writing(models.Model):
    """What a person is writing in a conversation, kept as they type; where `conversation` is empty, the first mail of a new one.

    `outgoing` is the mail that it left with. A text whose mail was cancelled is unsent again, as its files are (see `Upload`).
    `box` is the text box that it was typed in: what was typed there before, and comes late, must not bring back what was sent.
    `answers` names what the reply is to ("message:12", "mail:7"). `mailbox`, `recipient`, `subject` and `language` are of a new
    conversation.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="writings")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, null=True, related_name="writings")
    outgoing = models.ForeignKey(OutgoingMail, on_delete=models.CASCADE, null=True, related_name="writings")
    box = models.CharField(max_length=32, blank=True)
    text = models.TextField(blank=True)
    answers = models.CharField(max_length=40, blank=True)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.SET_NULL, null=True, related_name="+")
    recipient = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "conversation"], name="writing_once", nulls_distinct=False)]

    def __str__(self) -> str:
        return f"What {self.by} writes"

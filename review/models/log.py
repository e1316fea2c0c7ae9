"""The audit log."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from inbox.models import Conversation, Mailbox


class LogEntry(models.Model):
    """One act of a person (or of the product, where `by` is empty) that somebody may ask about later.

    `audit_log.py` alone writes them. The database refuses to change or delete one but within `audit_log.erasing`.

    `act` is a code such as "conversation.snoozed": what it was done to, and what was done. `about` names the thing as it was called then,
    `words` says the rest in a sentence, `detail` has what a program may want (JSON object). `mailbox` is that of the conversation, if there
    is one; the database fills it in.
    """

    act = models.CharField(max_length=60)
    about = models.TextField(blank=True)
    words = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, null=True, related_name="log")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="log")
    at = models.DateTimeField(auto_now_add=True)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, null=True, editable=False, db_index=False, related_name="+")

    class Meta:
        verbose_name_plural = "log entries"
        indexes = [
            models.Index(fields=["-at", "-id"], name="log_newest"),
            models.Index(fields=["by", "-at"], name="log_by_person"),
            models.Index(fields=["act", "-at"], name="log_by_act"),
            models.Index(fields=["mailbox", "-at"], name="log_of_mailbox"),
            models.Index(fields=["conversation", "at"], name="log_of_conversation"),
            GinIndex(SearchVector("about", "words", config="simple"), name="log_by_words"),
        ]

    def __str__(self) -> str:
        return f"{self.act}: {self.about}"

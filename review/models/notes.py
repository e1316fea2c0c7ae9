"""Internal notes."""

from django.conf import settings
from django.db import models

from inbox.models import Conversation


class Note(models.Model):
    """What a person wrote into a conversation for colleagues. Customers and models never read it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["conversation", "at"], name="note_in_conversation")]

    def __str__(self) -> str:
        return f"Note by {self.by}"

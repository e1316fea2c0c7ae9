"""Files on their way into a reply."""

from django.conf import settings
from django.db import models

from inbox.models import Conversation, Erasable, OutgoingMail


class Upload(Erasable):
    """A file that a person attached to a mail they are writing. Its bytes lie in storage under `path`.

    `outgoing` is the mail that it left with; until then only `by` can see it. A file whose mail was cancelled is unsent again.
    `conversation` is empty where it was attached to the first mail of a new one. Of one that was erased, `path` is empty once its bytes
    are gone from storage.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, null=True, related_name="uploads")
    outgoing = models.ForeignKey(OutgoingMail, on_delete=models.PROTECT, null=True, related_name="uploads")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120, help_text="As the bytes look, not as the browser claims.")
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="upload_unsent", condition=models.Q(outgoing__isnull=True)),
            models.Index(fields=["id"], name="upload_to_erase", condition=models.Q(erased_at__isnull=False) & ~models.Q(path="")),
        ]

    def __str__(self) -> str:
        return self.name

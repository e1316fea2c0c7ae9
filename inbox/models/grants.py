"""What a provider lets us do with a mailbox (OAuth 2.0)."""

from django.db import models

from inbox.fields import EncryptedTextField
from inbox.models.mailboxes import Mailbox


class Grant(models.Model):
    """The permission that somebody gave us, and the access token that it yields for the time being. `inbox.oauth` alone changes it.

    It holds for the account and the servers that it was given for (`made_for`); tokens never go to others. Asking for an access token is
    owned by whoever holds the lease until `lease_until`. `problem` says what a person has to do before it works again.
    """

    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="grant")
    made_for = models.TextField()
    refresh_token = EncryptedTextField()
    ends_at = models.DateTimeField(null=True, help_text="When the provider said that the permission ends; empty where it did not.")
    access_token = EncryptedTextField(blank=True)
    expires_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    granted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"The permission for {self.mailbox}"

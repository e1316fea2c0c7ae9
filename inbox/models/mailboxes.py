"""The accounts that we watch and answer from."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from inbox.fields import EncryptedTextField


class Security(models.TextChoices):
    """How a connection to a mail server is protected."""

    TLS = "tls", "TLS from the first byte"
    STARTTLS = "starttls", "STARTTLS"
    NONE = "none", "None (only on this machine)"


class SignIn(models.TextChoices):
    """How we sign in to the mail servers: with a password, or with tokens that a provider gives us (OAuth 2.0)."""

    PASSWORD = "password", "Password"
    GOOGLE = "google", "Google"
    MICROSOFT = "microsoft", "Microsoft"


class AfterStoring(models.TextChoices):
    """What is done on the mail server to a mail that we have stored."""

    NOTHING = "nothing", "Nothing: leave it as it is"
    SEEN = "seen", "Mark it as seen"
    MOVE = "move", "Move it to another folder"


class Mailbox(models.Model):
    """One IMAP/SMTP account that we watch and answer from.

    `uid_watermark` is the highest UID up to which every message is stored, within `uidvalidity` (RFC 3501, 2.3.1.1).
    Fetching is due at `next_fetch_at` and owned by whoever holds the lease until `fetch_lease_until`.
    Watching (`inbox.watching`) is due at `watch_due_at` and owned by the process `watcher` until `watch_lease_until`; `watching_since` says
    since when its line listens.
    What `after_storing` says (`inbox.tidying`) was done to mails that arrived from `after_storing_since` on and have UIDs up to
    `tidied_uid`, within `tidied_uidvalidity`; the rest is due at `tidy_due_at`, until which nobody else does it while one is at work.
    """

    name = models.CharField(max_length=80, unique=True)
    address = models.EmailField(unique=True)
    display_name = models.CharField(max_length=120, blank=True, help_text="The name that customers see beside the address.")
    signature = models.TextField(blank=True, help_text="Set under every reply, as plain text.")
    language = models.CharField(max_length=8, default="en", help_text="Used where a customer's language is not known.")
    reply_target_minutes = models.PositiveIntegerField(default=240, help_text="Minutes within which a customer should have a reply.")
    link_domains = models.TextField(
        blank=True,
        help_text="Domains that replies may link to beside the mailbox's own, such as a carrier's, parted by spaces or lines.",
    )
    authserv_id = models.CharField(
        max_length=120,
        blank=True,
        help_text="The name your mail server signs its Authentication-Results with; without it no sender counts as authenticated.",
    )

    sign_in = models.CharField(max_length=10, choices=SignIn, default=SignIn.PASSWORD)
    oauth_client_id = models.CharField(max_length=300, blank=True)
    oauth_client_secret = EncryptedTextField(blank=True)
    oauth_secret_expires_on = models.DateField(null=True, blank=True)
    oauth_tenant = models.CharField(max_length=100, blank=True)

    imap_host = models.CharField(max_length=200)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    imap_username = models.CharField(max_length=200)
    imap_password = EncryptedTextField(blank=True)
    folder = models.CharField(max_length=200, default="INBOX")
    after_storing = models.CharField(max_length=10, choices=AfterStoring, default=AfterStoring.NOTHING, db_default=AfterStoring.NOTHING)
    after_storing_folder = models.CharField(max_length=200, blank=True, default="", db_default="")
    sent_folder = models.CharField(
        max_length=200, default="Sent", blank=True, help_text="Empty where the provider files sent mail by itself."
    )

    smtp_host = models.CharField(max_length=200)
    smtp_port = models.PositiveIntegerField(default=465)
    smtp_security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    smtp_username = models.CharField(max_length=200, blank=True)
    smtp_password = EncryptedTextField(blank=True)

    answer_since = models.DateTimeField(
        null=True, blank=True, help_text="Mail that arrived before is kept as history, and nobody is asked to answer it."
    )
    is_active = models.BooleanField(default=True)
    poll_seconds = models.PositiveIntegerField(default=60)
    uidvalidity = models.BigIntegerField(null=True, editable=False)
    uid_watermark = models.BigIntegerField(default=0, editable=False)
    next_fetch_at = models.DateTimeField(default=timezone.now, editable=False)
    fetch_lease_until = models.DateTimeField(null=True, editable=False)
    fetched_at = models.DateTimeField(null=True, editable=False, help_text="When the mailbox was last reached.")
    fetch_error = models.TextField(blank=True, editable=False)
    rung_at = models.DateTimeField(null=True, editable=False, help_text="When somebody last heard of new mail.")
    watcher = models.CharField(max_length=120, blank=True, editable=False)
    watch_lease_until = models.DateTimeField(null=True, editable=False)
    watch_due_at = models.DateTimeField(default=timezone.now, editable=False)
    watching_since = models.DateTimeField(null=True, editable=False)
    watch_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    watch_note = models.TextField(blank=True, editable=False, help_text="Why no line listens.")
    after_storing_since = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    after_storing_error = models.TextField(blank=True, default="", db_default="", editable=False)
    tidied_uidvalidity = models.BigIntegerField(default=0, db_default=0, editable=False)
    tidied_uid = models.BigIntegerField(default=0, db_default=0, editable=False)
    tidy_due_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "mailboxes"
        constraints = [
            models.CheckConstraint(
                name="mailbox_moves_somewhere", condition=~Q(after_storing=AfterStoring.MOVE) | ~Q(after_storing_folder="")
            )
        ]

    def __str__(self) -> str:
        return self.name

"""Mailboxes, conversations, messages that came in, and mail on its way out."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from inbox import text_search
from inbox.fields import EncryptedTextField


class Security(models.TextChoices):
    """How a connection to a mail server is protected."""

    TLS = "tls", "TLS from the first byte"
    STARTTLS = "starttls", "STARTTLS"
    NONE = "none", "None (only on this machine)"


class Mailbox(models.Model):
    """One IMAP/SMTP account that we watch and answer from.

    `uid_watermark` is the highest UID up to which every message is stored, within `uidvalidity` (RFC 3501, 2.3.1.1).
    Fetching is due at `next_fetch_at` and owned by whoever holds the lease until `fetch_lease_until`.
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

    imap_host = models.CharField(max_length=200)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    imap_username = models.CharField(max_length=200)
    imap_password = EncryptedTextField(blank=True)
    folder = models.CharField(max_length=200, default="INBOX")
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
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.name


class Conversation(models.Model):
    """A thread of messages with one customer, in one mailbox.

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
        ]

    def __str__(self) -> str:
        return self.subject or "(no subject)"


class Message(models.Model):
    """One mail that was fetched or imported. Its raw bytes are in storage before this row exists.

    `taken_up_at` is empty until the layer above has taken the message up, `weighed_at` until one has looked whether a person complains
    about a reply of ours in it; they sweep for such rows.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        PARSED = "parsed", "Parsed"
        UNREADABLE = "unreadable", "Unreadable"

    class Kind(models.TextChoices):
        PERSON = "person", "From a person"
        AUTOMATIC = "automatic", "Automatic"
        BOUNCE = "bounce", "Bounce"
        LIST = "list", "Mailing list"
        OWN = "own", "Our own"

    class Authenticity(models.TextChoices):
        PASS = "pass", "Authenticated"
        FAIL = "fail", "Failed"
        NONE = "none", "Not checked"

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="messages")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, null=True, related_name="messages")
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    problem = models.TextField(blank=True, help_text="Why the mail could not be read, or what was left out, in words.")

    uidvalidity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    raw_sha256 = models.CharField(max_length=64)
    raw_size = models.PositiveBigIntegerField()
    received_at = models.DateTimeField(help_text="When the mail server had it (INTERNALDATE), else when we stored it.")
    stored_at = models.DateTimeField(auto_now_add=True)
    read_due_at = models.DateTimeField(default=timezone.now, help_text="When to ring again for a message that is not read.")
    taken_up_at = models.DateTimeField(null=True)
    weighed_at = models.DateTimeField(null=True)
    parse_attempts = models.PositiveSmallIntegerField(default=0)

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    message_id = models.TextField(blank=True, help_text="Without angle brackets, like every id here.")
    in_reply_to = models.TextField(blank=True)
    references = ArrayField(models.TextField(), default=list)
    from_address = models.CharField(max_length=320, blank=True)
    from_name = models.TextField(blank=True)
    reply_to = ArrayField(models.TextField(), default=list)
    to = ArrayField(models.TextField(), default=list)
    cc = ArrayField(models.TextField(), default=list)
    subject = models.TextField(blank=True)
    date = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    reply_text = models.TextField(blank=True, help_text="What the person newly wrote.")
    html = models.TextField(blank=True)
    hidden_text = models.TextField(blank=True, help_text="Text that a reader of the mail would not have seen.")
    language = models.CharField(max_length=8, blank=True)
    flags = ArrayField(models.CharField(max_length=40), default=list)
    authenticity = models.CharField(max_length=4, choices=Authenticity, default=Authenticity.NONE)
    authenticity_reason = models.TextField(blank=True)
    suppress_auto_reply = models.BooleanField(default=False)
    bounce_recipients = ArrayField(models.TextField(), default=list)
    bounce_is_hard = models.BooleanField(null=True)
    search = models.GeneratedField(expression=text_search.of_mail(), output_field=SearchVectorField(), db_persist=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uidvalidity", "uid"], condition=Q(uid__isnull=False), name="message_once_per_uid"),
            # Raw bytes include the Received lines, so equal bytes are one mail, however often it is listed.
            models.UniqueConstraint(fields=["mailbox", "raw_sha256"], name="message_once_per_content"),
            models.CheckConstraint(name="message_state_known", condition=Q(state__in=["received", "parsed", "unreadable"])),
            models.CheckConstraint(name="message_kind_known", condition=Q(kind__in=["person", "automatic", "bounce", "list", "own"])),
            models.CheckConstraint(name="message_visible_once_read", condition=Q(state="received") | Q(conversation__isnull=False)),
        ]
        indexes = [
            models.Index(fields=["mailbox", "message_id"], name="message_by_message_id"),
            GinIndex(fields=["references"], name="message_by_references"),
            GinIndex(fields=["search"], name="message_words"),
            models.Index(fields=["conversation", "received_at"], name="message_in_conversation"),
            models.Index(fields=["read_due_at"], name="message_to_read", condition=Q(state="received")),
            models.Index(fields=["id"], name="message_to_take_up", condition=Q(taken_up_at__isnull=True) & ~Q(state="received")),
            models.Index(
                fields=["id"], name="message_to_weigh", condition=Q(weighed_at__isnull=True, kind="person") & ~Q(state="received")
            ),
        ]

    def __str__(self) -> str:
        return self.subject or "(no subject)"

    @property
    def is_past(self) -> bool:
        """Whether it came in as history: it counted as taken up before it was stored."""
        return self.taken_up_at is not None and self.taken_up_at <= self.stored_at


class Attachment(models.Model):
    """A part of a message that is not its text. The content is read from the raw mail, part `position`."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveIntegerField()
    name = models.TextField(blank=True)
    content_type = models.CharField(max_length=120, help_text="As the bytes look, not as the mail claims.")
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_id = models.TextField(blank=True)
    is_inline = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="attachment_position")]

    def __str__(self) -> str:
        return self.name or f"Attachment {self.position}"


class OutgoingMail(models.Model):
    """A frozen reply on its way: its bytes and Message-ID never change once queued.

    `due_at` is when the next step may happen: the end of the undo window while held, the next try while in retry. Where `check_at` is set,
    somebody above looks at the held mail from then on and lets it go or voids it; it leaves unchecked, and keeps `check_at`, at `due_at`.
    `check_words` says what came of that. Mail that is automatic (a person neither wrote nor approved it) never leaves unchecked.
    `claimed` and `dot_sent` are owned by the sender that holds the lease. `inbox/outbox.py` alone changes `state`.
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
            GinIndex(fields=["search"], name="outgoing_words"),
            models.Index(fields=["-created_at"], name="outgoing_newest"),
            models.Index(fields=["mailbox", "-created_at"], name="outgoing_newest_in_mailbox"),
            models.Index(
                fields=["state", "-created_at"],
                name="outgoing_going",
                condition=Q(state__in=["held", "ready", "claimed", "dot_sent", "retry", "failed", "maybe_sent"]),
            ),
            models.Index(fields=["queued_by", "-created_at"], name="outgoing_by_person"),
            models.Index(fields=["mailbox", "-created_at"], name="outgoing_automatic", condition=Q(is_automatic=True)),
            GinIndex(SearchVector("subject", "recipient", config="simple"), name="outgoing_by_words"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.recipient}"

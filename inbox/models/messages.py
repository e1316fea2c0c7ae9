"""Mail that came in."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from inbox import text_search
from inbox.models.conversations import Conversation
from inbox.models.erased import Erasable
from inbox.models.mailboxes import Mailbox

NAMED = models.Func("reply_to", "to", "cc", function="inbox_named", output_field=ArrayField(models.TextField()))
"""The addresses, in lower case, that a message names beside its sender's: to whom an answer goes, and who else got it (migration 0021)."""


class Message(Erasable):
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
    raw_erased_at = models.DateTimeField(null=True, editable=False, help_text="When its bytes, attachments included, went from storage.")
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
    bounce_is_delay = models.BooleanField(
        default=False, db_default=False, help_text="Whether nothing has come back: the server goes on trying."
    )
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
            # Every mail looks its kin up here, and would read the list of what is not sorted in yet to its end.
            GinIndex(fields=["references"], name="message_by_references", fastupdate=False),
            GinIndex(fields=["search"], name="message_words"),
            models.Index(Lower("from_address"), name="message_by_sender"),
            GinIndex(fields=["bounce_recipients"], name="message_by_bounced", condition=Q(kind="bounce")),
            GinIndex(NAMED, name="message_by_named"),
            models.Index(fields=["id"], name="message_raw_to_erase", condition=Q(erased_at__isnull=False, raw_erased_at__isnull=True)),
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
    """A part of a message that is not its text. The content is read from the raw mail, part `position`.

    What is written in it is found in a step of its own (`inbox.attachment_text`), which `text_due_at` and `text_attempts` belong to.
    """

    class Text(models.TextChoices):
        NONE = "", "Not looked for"
        WAITING = "waiting", "Its text is being read"
        WHOLE = "whole", "Its text was read"
        START = "start", "The start of its text was read"
        EMPTY = "empty", "There is no text in it"
        ENCRYPTED = "encrypted", "It is encrypted, so its text was not read"
        TOO_LARGE = "too_large", "It is too large for its text to be read"
        TOO_SLOW = "too_slow", "Reading its text took too long"
        DAMAGED = "damaged", "It is damaged, so its text was not read"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveIntegerField()
    name = models.TextField(blank=True)
    content_type = models.CharField(max_length=120, help_text="As the bytes look, not as the mail claims.")
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_id = models.TextField(blank=True)
    is_inline = models.BooleanField(default=False)
    text = models.TextField(blank=True, default="", db_default="", help_text="What is written in it, or the start of that.")
    text_state = models.CharField(max_length=10, choices=Text, blank=True, default=Text.NONE, db_default="")
    text_due_at = models.DateTimeField(null=True, editable=False, help_text="When to ring again for one that is waiting.")
    text_attempts = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "position"], name="attachment_position"),
            models.CheckConstraint(name="attachment_waits_until", condition=~Q(text_state="waiting") | Q(text_due_at__isnull=False)),
        ]
        indexes = [models.Index(fields=["text_due_at"], name="attachment_text_to_read", condition=Q(text_state="waiting"))]

    def __str__(self) -> str:
        return self.name or f"Attachment {self.position}"

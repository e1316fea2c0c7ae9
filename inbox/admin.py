"""Django's admin for mailboxes; messages, conversations and outgoing mail to look at only."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from inbox.models import Attachment, Conversation, Mailbox, Message, OutgoingMail

if TYPE_CHECKING:
    MailboxModelForm = forms.ModelForm[Mailbox]
    MailboxModelAdmin = admin.ModelAdmin[Mailbox]
    MessageModelAdmin = admin.ModelAdmin[Message]
    ConversationModelAdmin = admin.ModelAdmin[Conversation]
    OutgoingMailModelAdmin = admin.ModelAdmin[OutgoingMail]
    AttachmentTabularInline = admin.TabularInline[Attachment, Message]
else:
    MailboxModelForm = forms.ModelForm
    MailboxModelAdmin = MessageModelAdmin = ConversationModelAdmin = OutgoingMailModelAdmin = admin.ModelAdmin
    AttachmentTabularInline = admin.TabularInline

SECRETS = ("imap_password", "smtp_password", "oauth_client_secret")


class MailboxForm(MailboxModelForm):
    """A mailbox. Its secrets can be set but are never shown; left empty they stay as they are."""

    class Meta:
        model = Mailbox
        fields = "__all__"
        widgets = {name: forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}) for name in SECRETS}
        help_texts = dict.fromkeys(SECRETS, "Leave empty to keep the one that is stored.")

    def clean(self) -> dict[str, Any]:
        """Keep a stored secret where none was typed."""
        cleaned = super().clean() or {}
        for name in SECRETS:
            cleaned[name] = cleaned.get(name) or getattr(self.instance, name)
        return cleaned


class LookOnly:
    """Nothing here is changed by hand: the modules that own these rows keep their rules."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Never."""
        return False


@admin.register(Mailbox)
class MailboxAdmin(MailboxModelAdmin):
    """Mailboxes, with when they were last reached and what went wrong."""

    form = MailboxForm
    list_display = ("name", "address", "is_active", "fetched_at", "fetch_error")
    readonly_fields = (
        *("fetched_at", "fetch_error", "next_fetch_at", "uidvalidity", "uid_watermark", "created_at"),
        # From when on they hold is set by `mailboxes.save`.
        *("after_storing", "after_storing_folder"),
    )


class AttachmentInline(LookOnly, AttachmentTabularInline):
    """The attachments of a message."""

    model = Attachment
    extra = 0


@admin.register(Message)
class MessageAdmin(LookOnly, MessageModelAdmin):
    """Messages as they were read."""

    list_display = ("subject", "from_address", "mailbox", "kind", "state", "received_at")
    list_filter = ("state", "kind", "mailbox")
    list_select_related = ("mailbox",)
    search_fields = ("from_address", "message_id")
    show_full_result_count = False
    inlines = (AttachmentInline,)


@admin.register(Conversation)
class ConversationAdmin(LookOnly, ConversationModelAdmin):
    """Conversations."""

    list_display = ("subject", "customer_address", "mailbox", "state", "led_by", "last_message_at")
    list_filter = ("state", "led_by", "mailbox")
    list_select_related = ("mailbox",)
    search_fields = ("customer_address",)
    show_full_result_count = False


@admin.register(OutgoingMail)
class OutgoingMailAdmin(LookOnly, OutgoingMailModelAdmin):
    """Outgoing mail and what became of it."""

    list_display = ("subject", "recipient", "mailbox", "state", "due_at", "sent_at", "last_error")
    list_filter = ("state", "mailbox")
    list_select_related = ("mailbox",)
    search_fields = ("recipient", "message_id")
    show_full_result_count = False
    exclude = ("mime",)

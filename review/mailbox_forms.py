"""What admins type about a mailbox, checked."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from inbox.models import Mailbox

if TYPE_CHECKING:
    _MailboxForm = forms.ModelForm[Mailbox]
else:  # Django's class takes no type at run time
    _MailboxForm = forms.ModelForm

SERVERS = {"imap_password": ("imap_host", "imap_port", "imap_username"), "smtp_password": ("smtp_host", "smtp_port", "smtp_username")}
"""The secrets, and what says whom each is for."""
STORED = "One is stored; it is never shown. Type here only to replace it."
SECTIONS = {
    "The mailbox": ("name", "address", "display_name"),
    "Mail in (IMAP)": ("imap_host", "imap_port", "imap_security", "imap_username", "imap_password", "folder", "old_mail", "authserv_id"),
    "Mail out (SMTP)": ("smtp_host", "smtp_port", "smtp_security", "smtp_username", "smtp_password", "sent_folder"),
    "Replies": ("signature", "language", "reply_target_minutes", "link_domains"),
}


class MailboxForm(_MailboxForm):
    """A mailbox. A stored secret stays unless another is typed; it never goes to another server than the one it was typed for."""

    old_mail = forms.ChoiceField(
        label="Mail that is there already",
        choices=[("history", "Keep it as history: answer only what comes from now on"), ("answer", "Answer it too")],
        widget=forms.RadioSelect,
        initial="history",
    )

    class Meta:
        model = Mailbox
        fields = [name for names in SECTIONS.values() for name in names if name != "old_mail"]
        labels = {
            "display_name": "Sender's name",
            "imap_host": "Server",
            "imap_port": "Port",
            "imap_security": "Security",
            "imap_username": "User name",
            "imap_password": "Password",
            "authserv_id": "Name in Authentication-Results",
            "smtp_host": "Server",
            "smtp_port": "Port",
            "smtp_security": "Security",
            "smtp_username": "User name",
            "smtp_password": "Password",
            "reply_target_minutes": "Reply target in minutes",
            "link_domains": "Domains that replies may link to",
        }
        help_texts = {
            "name": "How people here call it: Service, Orders …",
            "folder": "Nearly always INBOX. Mail in it is read, never changed.",
            "smtp_username": "Empty where the server asks for none.",
            "language": "Two letters such as en or de. Used where a customer's language is not known.",
        }
        widgets = {
            **{name: forms.PasswordInput(attrs={"autocomplete": "new-password"}) for name in SERVERS},
            "signature": forms.Textarea(attrs={"rows": 4}),
            "link_domains": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **about: Any) -> None:
        super().__init__(*args, **about)
        self._stored = {name: getattr(self.instance, name) for names in SERVERS.values() for name in names}
        self._secrets = {name: getattr(self.instance, name) for name in SERVERS}
        for name, secret in self._secrets.items():
            # What was just typed is shown again as dots; what is stored never leaves.
            self.fields[name].widget.render_value = self.is_bound
            if secret:
                self.fields[name].help_text = STORED
        if self.instance.pk:
            del self.fields["old_mail"]

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in SECTIONS.items()]

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What is wrong, by label."""
        return [(str(self[name].label) if name in self.fields else "", " ".join(map(str, said))) for name, said in self.errors.items()]

    def clean(self) -> dict[str, Any]:
        """The mailbox with its secrets."""
        values = super().clean() or {}
        for name, server in SERVERS.items():
            if values.get(name) or not self._secrets[name]:
                continue
            values[name] = self._secrets[name]
            if any(values.get(part) != self._stored[part] for part in server):
                self.add_error(name, "Server or user name changed: type the password for it, so that the stored one stays secret.")
        if values.get("old_mail") == "history":
            self.instance.answer_since = timezone.now()
        return values

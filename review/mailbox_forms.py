"""What admins type about a mailbox, checked."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from inbox.composing import address_of
from inbox.models import AfterStoring, Mailbox, SignIn

if TYPE_CHECKING:
    _MailboxForm = forms.ModelForm[Mailbox]
else:  # Django's class takes no type at run time
    _MailboxForm = forms.ModelForm

SERVERS = {
    "imap_password": ("imap_host", "imap_port", "imap_username"),
    "smtp_password": ("smtp_host", "smtp_port", "smtp_username"),
    "oauth_client_secret": ("sign_in", "oauth_client_id", "oauth_tenant"),
}
"""The secrets, and what says whom each is for."""
STORED = "One is stored; it is never shown. Type here only to replace it."
SECTIONS = {
    "The mailbox": ("name", "address", "display_name"),
    "Sign-in": ("sign_in", "oauth_client_id", "oauth_client_secret", "oauth_secret_expires_on", "oauth_tenant"),
    "Mail in (IMAP)": (
        *("imap_host", "imap_port", "imap_security", "imap_username", "imap_password"),
        *("folder", "old_mail", "after_storing", "after_storing_folder", "authserv_id"),
    ),
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
            "sign_in": "Sign in with",
            "oauth_client_id": "Client id",
            "oauth_client_secret": "Client secret",
            "oauth_secret_expires_on": "The client secret expires on",
            "oauth_tenant": "Tenant",
            "display_name": "Sender's name",
            "imap_host": "Server",
            "imap_port": "Port",
            "imap_security": "Security",
            "imap_username": "User name",
            "imap_password": "Password",
            "after_storing": "On the server, when a mail is stored here",
            "after_storing_folder": "Folder to move it to",
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
            "oauth_client_id": "Of the app that you registered with the provider for this installation.",
            "oauth_secret_expires_on": "You are warned two weeks before. At Microsoft every secret has such a day, at Google none has.",
            "oauth_tenant": "The id of your organisation at Microsoft; empty for an app that takes accounts of any organisation.",
            "imap_host": "Google: imap.gmail.com, 993. Microsoft: outlook.office365.com, 993. Both TLS.",
            "smtp_host": "Google: smtp.gmail.com, 465, TLS. Microsoft: smtp.office365.com, 587, STARTTLS.",
            "folder": "Nearly always INBOX. Mail in it is read, and changed only where you say so below.",
            "after_storing": "Holds for mail that arrives from now on. A mail of which only a part is kept here stays as it is.",
            "after_storing_folder": "Such as Archive. It is made where there is none.",
            "smtp_username": "Empty where the server asks for none, or for the same as above (Google, Microsoft).",
            "language": "Two letters such as en or de. Used where a customer's language is not known.",
        }
        widgets = {
            **{name: forms.PasswordInput(attrs={"autocomplete": "new-password"}) for name in SERVERS},
            "sign_in": forms.RadioSelect,
            "after_storing": forms.RadioSelect,
            "oauth_secret_expires_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
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

    def clean_address(self) -> str:
        """As mails name it, its domain in ASCII (IDNA)."""
        if not (address := address_of(self.cleaned_data["address"])):
            raise forms.ValidationError("Not every mail server can write to this address: use one with plain letters before the @.")
        return address

    def clean(self) -> dict[str, Any]:
        """The mailbox with its secrets."""
        values = super().clean() or {}
        has_password = values.get("sign_in", SignIn.PASSWORD) == SignIn.PASSWORD
        for name, server in SERVERS.items():
            if (name == "oauth_client_secret") == has_password:
                # What is not used is not kept.
                values[name] = ""
            elif not values.get(name) and self._secrets[name]:
                values[name] = self._secrets[name]
                if any(values.get(part) != self._stored[part] for part in server):
                    self.add_error(name, "Server or user name changed: type the secret for it, so that the stored one stays secret.")
        for name in () if has_password else ("oauth_client_id", "oauth_client_secret"):
            if not values.get(name) and name not in self.errors:
                self.add_error(name, "The provider gives you this when you register an app there; it is needed to connect.")
        self._check_expiry(values)
        if values.get("old_mail") == "history":
            self.instance.answer_since = timezone.now()
        self._check_move(values)
        return values

    def _check_expiry(self, values: dict[str, Any]) -> None:
        """Where every client secret expires, the day is needed: without it nobody could be warned."""
        name = "oauth_secret_expires_on"
        if values.get("sign_in") == SignIn.MICROSOFT and not values.get(name) and name not in self.errors:
            self.add_error(
                name,
                "Type the day that Microsoft shows beside the secret: on the page of the app registration, under “Certificates & secrets”.",
            )

    def _check_move(self, values: dict[str, Any]) -> None:
        """A mail is moved to another folder than the one that it is fetched from; the name of a folder that is not used is not kept."""
        if values.get("after_storing") != AfterStoring.MOVE:
            values["after_storing_folder"] = ""
        elif not values.get("after_storing_folder"):
            self.add_error("after_storing_folder", "Type the name of the folder that mails are moved to.")
        elif _is_one(values["after_storing_folder"], values.get("folder", "")):
            self.add_error(
                "after_storing_folder", "Mails are fetched from this very folder: name another, in which nobody looks for new mail."
            )


def _is_one(name: str, other: str) -> bool:
    """Whether these name the same folder: of all names INBOX alone may be written in any case (RFC 3501, 5.1)."""
    return name == other or name.upper() == other.upper() == "INBOX"

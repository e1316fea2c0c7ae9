"""What admins say about people, and what somebody who was invited says about themselves; checked."""

from typing import Any, cast

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from inbox.models import Mailbox
from review.permissions import Role

ROLES = [
    (Role.REVIEWER.value, "Reviewer: decides on drafts and answers mail"),
    (Role.MANAGER.value, "Manager: reads conversations, reports and the audit log"),
    (Role.ADMIN.value, "Admin: everything, with setup, rules, mailboxes and people"),
]
NEW_PASSWORD = {"autocomplete": "new-password"}


class AccessForm(forms.Form):
    """Which roles somebody has, and whose mail they see."""

    roles = forms.MultipleChoiceField(choices=ROLES, required=False, widget=forms.CheckboxSelectMultiple)
    scope = forms.ChoiceField(
        choices=[("all", "All mailboxes, also those added later"), ("some", "Only those ticked below")],
        label="Sees the mail of",
        initial="all",
        widget=forms.RadioSelect,
        help_text="An admin who is limited to mailboxes cannot manage people.",
    )
    mailboxes = forms.ModelMultipleChoiceField(
        queryset=Mailbox.objects.order_by("name"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        """Whoever is limited to mailboxes has at least one."""
        cleaned = super().clean() or {}
        if cleaned.get("scope") == "some" and not cleaned.get("mailboxes"):
            self.add_error("mailboxes", "Tick at least one mailbox, or choose all.")
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """The roles, and the mailboxes or None for all, of the valid form."""
        mailboxes = list(self.cleaned_data["mailboxes"]) if self.cleaned_data["scope"] == "some" else None
        return {"roles": [Role(role) for role in self.cleaned_data["roles"]], "mailboxes": mailboxes}


class InviteForm(AccessForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    field_order = ["email", "roles", "scope", "mailboxes"]

    def clean_roles(self) -> list[str]:
        """An invitation to nothing would help nobody."""
        roles = cast(list[str], self.cleaned_data["roles"])
        if not roles:
            raise ValidationError("Tick at least one role.")
        return roles


class JoinForm(forms.Form):
    """How somebody who was invited wants to be called and to sign in."""

    first_name = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    username = forms.CharField(
        max_length=150,
        label="User name",
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        help_text="At least 10 characters; a sentence is fine.",
    )
    again = forms.CharField(max_length=4096, strip=False, label="The password again", widget=forms.PasswordInput(attrs=NEW_PASSWORD))

    def clean_username(self) -> str:
        """A name that nobody has, however it is written."""
        username = User.normalize_username(str(self.cleaned_data["username"]))
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError("Somebody else has this name. Choose another one.")
        return username

    def clean(self) -> dict[str, Any]:
        """The password is a good one, typed twice alike."""
        cleaned = super().clean() or {}
        about = User(**{name: cleaned.get(name, "") for name in ("first_name", "last_name", "username")})
        if password := cleaned.get("password"):
            try:
                password_validation.validate_password(password, about)
            except ValidationError as error:
                self.add_error("password", error)
            if "again" in cleaned and cleaned["again"] != password:
                self.add_error("again", "The two passwords differ. Type them once more.")
        return cleaned

    @property
    def said(self) -> dict[str, str]:
        """The arguments of `invitations.accept`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "again"}

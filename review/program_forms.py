"""What admins say about programs: tokens that let them in, webhooks that tell them; checked."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from inbox.models import Mailbox
from review import access
from review.models import ApiToken, Webhook

NEVER = 0
LIFETIMES = [(30, "30 days"), (90, "90 days"), (365, "A year"), (NEVER, "No end: until it is revoked")]
EVENTS = [choice for choice in Webhook.Event.choices if choice[0] != Webhook.Event.TEST]


class TokenForm(forms.Form):
    """A token to be made by `user`, who gives away no more than they have."""

    name = forms.CharField(max_length=80, help_text="What uses it: Shop, Data warehouse …")
    scopes = forms.MultipleChoiceField(
        choices=[(scope.value, f"{scope.label} ({scope.value})") for scope in ApiToken.Scope], widget=forms.CheckboxSelectMultiple
    )
    scope = forms.ChoiceField(
        choices=[("all", "All mailboxes that you may see, also those added later"), ("some", "Only those ticked below")],
        label="In the mail of",
        initial="all",
        widget=forms.RadioSelect,
    )
    mailboxes = forms.ModelMultipleChoiceField(queryset=Mailbox.objects.none(), required=False, widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(choices=LIFETIMES, coerce=int, label="Works for", initial=365)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["mailboxes"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = access.mailboxes(user).order_by("name")

    def clean(self) -> dict[str, Any]:
        """A token that is limited to mailboxes has at least one."""
        cleaned = super().clean() or {}
        if cleaned.get("scope") == "some" and not cleaned.get("mailboxes"):
            self.add_error("mailboxes", "Tick at least one mailbox, or choose all.")
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """The arguments of `tokens.issue`, of the valid form."""
        about = self.cleaned_data
        mailboxes = list(about["mailboxes"]) if about["scope"] == "some" else None
        return {"name": about["name"], "scopes": about["scopes"], "mailboxes": mailboxes, "expires_at": _end(about["days"])}


class WebhookForm(forms.Form):
    """What is told to which address."""

    name = forms.CharField(max_length=80, help_text="What listens there: Shop, Team chat …")
    url = forms.CharField(
        max_length=500,
        label="Address",
        widget=forms.URLInput(attrs={"class": "code", "spellcheck": "false", "autocomplete": "off"}),
        help_text="Only https, and no address of your own network unless the operator lists the host (CONNECTOR_HOSTS).",
    )
    events = forms.MultipleChoiceField(
        choices=[(value, f"{label} ({value})") for value, label in EVENTS], label="Is told when", widget=forms.CheckboxSelectMultiple
    )
    is_active = forms.BooleanField(
        required=False,
        initial=True,
        label="In use",
        help_text="While it is not, nothing is sent, and what happens is not told later.",
    )

    def clean_url(self) -> str:
        """An address that may be posted to."""
        from drafting.connectors.http import address_fault

        url = str(self.cleaned_data["url"])
        base, _, query = url.partition("?")
        if fault := address_fault(base):
            raise ValidationError(fault)
        if not (query.isascii() and query.isprintable()) or urlsplit(url).fragment or " " in url:
            raise ValidationError("Write the address percent-encoded, without spaces and without a #.")
        return url


def _end(days: int) -> datetime | None:
    return timezone.now() + timedelta(days=days) if days != NEVER else None

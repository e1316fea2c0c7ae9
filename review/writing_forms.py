"""What people type for a new conversation."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.forms import BoundField
from django.urls import reverse_lazy

from inbox.models import Mailbox
from review import access
from review.desk import words
from review.forms import LONGEST_REPLY

NAMES = ("mailbox", "recipient", "subject", "language")


class NewConversationForm(forms.Form):
    """The first mail of a conversation, from a mailbox that the person may see."""

    mailbox = forms.ModelChoiceField(queryset=Mailbox.objects.none(), empty_label=None, label="From")
    recipient = forms.EmailField(
        label="To",
        max_length=320,
        widget=forms.TextInput(
            attrs={"list": "recipients", "inputmode": "email", "data-suggests": reverse_lazy("recipients"), "autocapitalize": "none"}
        ),
        error_messages={
            "required": "Write the address of the customer.",
            "invalid": "Write one address, such as ann@customer.example; each customer gets a mail of their own.",
        },
    )
    subject = forms.CharField(max_length=300, error_messages={"required": "Say what the mail is about."})
    language = forms.ChoiceField(label="Customer’s language", required=False)
    text = forms.CharField(
        max_length=LONGEST_REPLY,
        error_messages={
            "required": "The mail is empty. Write something first.",
            "max_length": f"The mail is longer than {LONGEST_REPLY:,} characters. Shorten it.",
        },
    )

    def __init__(self, *args: Any, user: User, **values: Any) -> None:
        super().__init__(*args, **values)
        named = sorted(words.LANGUAGES.items(), key=lambda pair: pair[1])
        self.fields["mailbox"].queryset = access.mailboxes(user).filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", "As the mailbox"), *named]  # type: ignore[attr-defined]
        self.fields["subject"].widget.attrs["dir"] = "auto"

    @property
    def about(self) -> list[BoundField]:
        """The fields above the text."""
        return [self[name] for name in NAMES]

    @property
    def said(self) -> str:
        """The text with line ends as drafts have them."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()

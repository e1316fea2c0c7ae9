"""What an admin may choose about the training export."""

from django import forms


class ExportForm(forms.Form):
    """From which day on, and whether what was answered with nothing is left out."""

    since = forms.DateField(
        required=False,
        label="Decided since",
        help_text="Empty for everything.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as 2026-01-31."},
    )
    only_replies = forms.BooleanField(
        required=False,
        label="Only mails that were answered",
        help_text="Leaves out what was rejected or needed no reply; most fine-tuning tools want an answer in every line.",
    )

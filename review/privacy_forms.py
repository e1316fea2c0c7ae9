"""What an admin types on the privacy page, checked."""

from typing import Any

from django import forms

from review.models import RetentionPeriod
from review.privacy import retention


class PersonForm(forms.Form):
    """Whose data."""

    addresses = forms.CharField(
        max_length=8000,
        strip=True,
        label="Mail addresses of the person",
        help_text="Several, where they write from several, parted by spaces, commas or lines.",
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Write the person's mail address, or several of them."},
    )


class RetentionForm(forms.Form):
    """Days for each kind of data; empty is for ever."""

    def __init__(self, *args: Any, **about: Any) -> None:
        super().__init__(*args, **about)
        least, most = RetentionPeriod.LEAST_DAYS, RetentionPeriod.MOST_DAYS
        for kind in RetentionPeriod.Kind:
            self.fields[kind.value] = forms.IntegerField(
                required=False,
                min_value=least,
                max_value=most,
                label=kind.label,
                help_text=retention.ABOUT[kind],
                widget=forms.NumberInput(attrs={"placeholder": "for ever"}),
                error_messages={
                    "invalid": "Write a whole number of days, or leave it empty for ever.",
                    "min_value": f"Keep it for {least} days at least: until then it is still being counted.",
                    "max_value": f"Write {most} days at most, or leave it empty for ever.",
                },
            )

    def days(self) -> dict[str, int | None]:
        """What was typed, by kind."""
        return {kind: self.cleaned_data[kind] for kind in RetentionPeriod.Kind.values}

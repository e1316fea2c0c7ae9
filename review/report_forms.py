"""What the report takes for granted, checked: minutes by hand, and what tokens cost."""

from decimal import Decimal

from django import forms

from drafting.models import Setup


def _money(label: str, missing: str) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=10, decimal_places=4, min_value=Decimal(0), error_messages={"required": missing})


class AssumptionForm(forms.Form):
    """How long a reply takes that a person writes."""

    minutes = forms.FloatField(
        min_value=0.1,
        max_value=240,
        label="Minutes to write a reply by hand",
        help_text="From opening the mail to sending the reply, lookups included. Time a few: the hours saved are worth as much as this.",
        error_messages={"required": "Say how many minutes a reply takes, such as 6."},
        widget=forms.NumberInput(attrs={"step": "any"}),
    )


class PriceForm(forms.Form):
    """What a setup's tokens cost."""

    setup = forms.ModelChoiceField(
        Setup.objects.none(), label="Setup", empty_label="Choose a setup", error_messages={"required": "Say which setup it is."}
    )
    per_million_prompt = _money("A million tokens read", "Say what a million tokens cost that the model reads, 0 for none.")
    per_million_completion = _money("A million tokens written", "Say what a million tokens cost that the model writes, 0 for none.")
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$", label="Currency", initial="EUR", error_messages={"invalid": "Three letters, such as EUR."}
    )

    def __init__(self, *args: object, **about: object) -> None:
        super().__init__(*args, **about)  # type: ignore[arg-type]
        self.fields["setup"].queryset = Setup.objects.defer("parts").order_by("-pk")  # type: ignore[attr-defined]

    def clean_currency(self) -> str:
        """In capitals, as ISO 4217 writes them."""
        return str(self.cleaned_data["currency"]).upper()

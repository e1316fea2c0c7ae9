"""What admins set for a category's auto-send, and what people report about a reply, checked. Shares are typed in per cent."""

from typing import Any

from django import forms
from django.conf import settings

from drafting.models import Category
from review.models import Flag, Terms
from review.models.automation import EVERY_DAY, LEAST_AUDIT_SHARE

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TIME = {"type": "time"}
REASON_MISSING = "Say why; it is kept with your name."


class ProofForm(forms.Form):
    """How much must be proven."""

    epsilon = forms.FloatField(
        min_value=0.1,
        max_value=20,
        label="Unsafe replies at most (%)",
        help_text="More than 2 % needs a second admin's confirmation.",
        error_messages={"required": "Say how many unsafe replies you could bear at most, such as 2."},
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )
    certainty = forms.FloatField(
        min_value=80,
        max_value=99.9,
        label="Certainty of the proof (%)",
        help_text="Less than 95 % needs a second admin's confirmation.",
        error_messages={"required": "Say how certain the proof must be, such as 95."},
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )

    def shown(self) -> tuple[float, float] | None:
        """Epsilon and alpha as shares, None where the form shows nothing sensible. Rounded, so that 95 % is 0.05 exactly."""
        values = self.cleaned_data if self.is_bound else self.initial
        if not {"epsilon", "certainty"} <= set(values):
            return None
        return round(values["epsilon"] / 100, 6), round(1 - values["certainty"] / 100, 6)


class TermsForm(ProofForm):
    """The terms of a category."""

    audit_share = forms.FloatField(
        min_value=100 * LEAST_AUDIT_SHARE,
        max_value=100,
        label="Audit hold (%)",
        help_text="This random share goes to a person first, for ever. At least 10 % in the first month and in small categories.",
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )
    ramp_sends = forms.IntegerField(
        min_value=20,
        max_value=10_000,
        label="Mails in each step of the ramp",
        help_text="So many leave at 10 %, and again at 50 %, before all leave. Fewer than 100 need a second admin's confirmation.",
    )
    daily_cap = forms.IntegerField(
        min_value=1, max_value=1_000_000, label="Daily cap", help_text="More mails than this within 24 hours suspend the category."
    )
    from_hour = forms.TimeField(
        required=False,
        label="From",
        widget=forms.TimeInput(format="%H:%M", attrs=_TIME),
        help_text=(
            f"Empty means at any time. The zone is that of the installation ({settings.TIME_ZONE}); "
            "hours over midnight belong to the day they begin on."
        ),
    )
    until_hour = forms.TimeField(required=False, label="Until", widget=forms.TimeInput(format="%H:%M", attrs=_TIME))
    weekdays = forms.TypedMultipleChoiceField(
        choices=list(enumerate(DAYS)),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        label="Weekdays",
        error_messages={"required": "Tick at least one day, or stop collecting."},
    )

    def clean(self) -> dict[str, Any]:
        """Hours come in pairs."""
        cleaned = super().clean() or {}
        if (cleaned.get("from_hour") is None) != (cleaned.get("until_hour") is None) and not self.errors:
            missing = "until_hour" if cleaned.get("until_hour") is None else "from_hour"
            self.add_error(missing, "Give both hours, or neither.")
        return cleaned

    def values(self) -> dict[str, Any]:
        """The terms as `Terms` has them; the form is valid."""
        said = self.cleaned_data
        same = {name: said[name] for name in ("ramp_sends", "daily_cap", "from_hour", "until_hour", "weekdays")}
        proof = {"epsilon": round(said["epsilon"] / 100, 6), "alpha": round(1 - said["certainty"] / 100, 6)}
        return {**proof, "audit_share": round(said["audit_share"] / 100, 6), **same}


def filled(terms: Terms | None) -> TermsForm:
    """The form with the terms in force, or with the usual ones."""
    terms = terms or Terms()
    return TermsForm(
        initial={
            "epsilon": percent(terms.epsilon),
            "certainty": percent(1 - terms.alpha),
            "audit_share": percent(terms.audit_share),
            "weekdays": terms.weekdays or EVERY_DAY,
            **{name: getattr(terms, name) for name in ("ramp_sends", "daily_cap", "from_hour", "until_hour")},
        }
    )


def percent(share: float) -> int | float:
    """A share as it is typed: 0.02 is 2."""
    said = float(f"{100 * share:.6g}")
    return int(said) if said == int(said) else said


class UnlockForm(forms.Form):
    """The act of unlocking: the name of the category, typed."""

    typed = forms.CharField(max_length=200, error_messages={"required": "Type the category's name."})

    def __init__(self, *args: Any, category: Category, **about: Any) -> None:
        super().__init__(*args, **about)
        self.category = category

    def clean_typed(self) -> str:
        """Only the name itself will do; upper and lower case are the same."""
        typed = str(self.cleaned_data["typed"]).strip()
        if typed.casefold() != self.category.name.casefold():
            raise forms.ValidationError(f"This is not the category's name. Type “{self.category.name}”.")
        return self.category.name


class ReasonForm(forms.Form):
    """Why somebody does something that is kept with their name."""

    words = forms.CharField(max_length=500, error_messages={"required": REASON_MISSING})


class FlagForm(forms.Form):
    """What was wrong with a reply that left."""

    kind = forms.ChoiceField(choices=Flag.Kind.choices, widget=forms.RadioSelect, error_messages={"required": "Say what was wrong."})
    words = forms.CharField(max_length=2000, error_messages={"required": "Say in a few words what is wrong with the reply."})

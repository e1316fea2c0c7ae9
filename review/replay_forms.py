"""What an admin asks of a replay, checked."""

import json
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone

from drafting import replays, setups
from drafting.models import Category, Replay, Setup
from drafting.replays.choosing import MOST


class ReplayForm(forms.Form):
    """A candidate, and the past mails to write again. `rules` are those of the rule editor; empty means those that are active."""

    setup = forms.ModelChoiceField(
        queryset=Setup.objects.defer("parts").order_by("-pk"),
        empty_label=None,
        help_text="The candidate. Its model server must be running.",
    )
    mails = forms.ChoiceField(
        choices=[
            ("drafted", "Mails drafted and decided on here"),
            ("imported", "Imported past mails with their replies"),
        ],
        label="Which mails",
        initial="drafted",
        required=False,
    )
    category = forms.ModelChoiceField(
        queryset=Category.objects.order_by("name"), empty_label="All categories", required=False, help_text="Imported mails have none yet."
    )
    since = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="Only mails that came in on this day or later."
    )
    newest = forms.IntegerField(
        min_value=1, max_value=MOST, initial=200, required=False, label="At most", help_text="How many mails, the newest first."
    )
    repeats = forms.IntegerField(
        min_value=1,
        max_value=16,
        initial=1,
        required=False,
        label="Times each mail is written",
        help_text="With 4 you see how often all four agree.",
    )
    rules = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **about: Any) -> None:
        super().__init__(*args, **about)
        setup = cast("forms.ModelChoiceField[Setup]", self.fields["setup"])
        setup.initial = setups.active()
        setup.label_from_instance = lambda obj: f"{obj}, {obj.model}"  # type: ignore[method-assign]

    def clean_since(self) -> Any:
        """A day that is still to come would leave nothing to replay."""
        since = self.cleaned_data["since"]
        if since and since > timezone.localdate():
            raise forms.ValidationError("This day is still to come.")
        return since

    def clean_rules(self) -> list[Any] | None:
        """A list of rules, or None."""
        try:
            rules = json.loads(self.cleaned_data["rules"] or "null")
        except ValueError:
            rules = False
        if rules is not None and not isinstance(rules, list):
            raise forms.ValidationError("These are no rules. Open the rule editor and try again from there.")
        return rules

    def start(self, *, by: User) -> Replay:
        """Begin what the valid form asks for. Raises Refused where there is nothing to replay."""
        said = self.cleaned_data
        choice = replays.Choice(said["category"], said["since"], said["newest"] or 200, said["mails"] == "imported")
        return replays.start(setup=said["setup"], rules=said["rules"], choice=choice, repeats=said["repeats"] or 1, by=by)

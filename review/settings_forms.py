"""How a person likes the desk, checked."""

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms

from review.models import Profile

AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
if TYPE_CHECKING:
    _ProfileForm = forms.ModelForm[Profile]
else:  # Django's class takes no type at run time
    _ProfileForm = forms.ModelForm


class SettingsForm(_ProfileForm):
    """A person's own settings. `browser_zone` is the zone that the browser told, "" if it did not."""

    zone = forms.ChoiceField(label="Time zone", required=False, help_text="All times on the desk are shown in it.")

    class Meta:
        model = Profile
        fields = ["zone", "theme", "density", "has_shortcuts"]
        labels = {"theme": "Appearance", "density": "Rows", "has_shortcuts": "Single-key shortcuts"}
        help_texts = {
            "density": "Compact rows show more mails at once.",
            "has_shortcuts": "With a as in approve, e as in edit and so on. Switch them off if you speak to your computer or press keys by "
            "accident; Ctrl + Enter and Esc keep working.",
        }
        widgets = {"theme": forms.RadioSelect, "density": forms.RadioSelect}

    def __init__(self, *args: Any, browser_zone: str = "", **about: Any) -> None:
        super().__init__(*args, **about)
        self.fields["zone"].choices = _zones(browser_zone)  # type: ignore[attr-defined]
        self.fields["theme"].choices = Profile.Theme.choices  # type: ignore[attr-defined]
        self.fields["density"].choices = Profile.Density.choices  # type: ignore[attr-defined]


def _zones(browser_zone: str) -> list[tuple[str, Any]]:
    """By area; each place under its own name."""
    known = sorted(available_timezones())
    by_area = [(area, [(name, _place(name)) for name in known if name.startswith(f"{area}/")]) for area in AREAS]
    now = f" (now {browser_zone})" if browser_zone in known else ""
    return [("", f"As the browser says{now}"), *by_area, ("Other", [("UTC", "UTC")])]


def _place(zone: str) -> str:
    return zone.split("/", 1)[1].replace("_", " ").replace("/", ", ")

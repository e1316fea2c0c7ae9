"""What an admin says of a model server, checked before a worker asks it."""

from typing import Any
from urllib.parse import urlsplit

from django import forms

from drafting import presets
from drafting.models import Category
from drafting.presets import Preset

SEED = presets.SAMPLING["seed"]


class SetupForm(forms.Form):
    """A model server to probe and pin. What is left empty is asked from the server."""

    base_url = forms.CharField(label="Base URL", max_length=300, help_text="Mostly ends in /v1, such as http://127.0.0.1:8080/v1")
    model = forms.CharField(max_length=200, help_text="As the server's list of models names it.")
    context_length = forms.IntegerField(
        required=False, min_value=1024, max_value=2_000_000, help_text="In tokens. Empty: what the server says, else 8,192."
    )
    temperature = forms.FloatField(min_value=0, max_value=2, initial=0, help_text="0 takes the likeliest words each time.")
    max_tokens = forms.IntegerField(
        label="Longest answer", min_value=100, max_value=16_000, initial=1500, help_text="In tokens; a reply needs a few hundred."
    )
    weights = forms.CharField(required=False, max_length=200, help_text="Digest or revision, where the server tells none.")
    quantisation = forms.CharField(required=False, max_length=40, help_text="Such as Q4_K_M, where the server tells none.")
    guard_model = forms.CharField(
        required=False, max_length=200, help_text="A second model that reads mail and draft and can only add flags, such as Llama Guard."
    )
    guard_base_url = forms.CharField(label="Guard base URL", required=False, max_length=300, help_text="Empty: the same server.")
    guard_weights = forms.CharField(required=False, max_length=200)

    def clean_base_url(self) -> str:
        """An address that can be one of a model server."""
        return _address(self.cleaned_data["base_url"])

    def clean_guard_base_url(self) -> str:
        """Likewise, where there is one."""
        return _address(self.cleaned_data["guard_base_url"]) if self.cleaned_data["guard_base_url"] else ""

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of `pinning.pin`."""
        said = dict(self.cleaned_data)
        sampling = {"temperature": said.pop("temperature"), "max_tokens": said.pop("max_tokens"), "seed": SEED}
        guard_base_url = (said["guard_base_url"] or said["base_url"]) if said["guard_model"] else ""
        return said | {"sampling": sampling, "guard_base_url": guard_base_url}


def filled_from_preset(preset: Preset) -> SetupForm:
    """The form with what a preset says."""
    sampling = {name: preset.sampling[name] for name in ("temperature", "max_tokens")}
    about = {"base_url": preset.base_url, "model": preset.model, "context_length": preset.context_length}
    return SetupForm(initial=about | sampling | {"quantisation": preset.quantisation})


def filled_from_given(given: dict[str, Any]) -> SetupForm:
    """The form as it was when it gave these arguments."""
    sampling = given.get("sampling") or {}
    return SetupForm(initial=given | {name: sampling.get(name) for name in ("temperature", "max_tokens")})


class SwitchForm(forms.Form):
    """For which mails a setup is to draft from now on."""

    category = forms.ModelChoiceField(
        label="Drafts for",
        queryset=Category.objects.filter(is_active=True),
        required=False,
        empty_label="All categories that have no setup of their own",
    )


def _address(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise forms.ValidationError("Write it as http://host:port/v1 or https://host/v1.")
    if parts.username or parts.query or parts.fragment:
        raise forms.ValidationError("Leave out user names, ? and #. A key goes into MODEL_API_KEY.")
    return text.strip().rstrip("/")

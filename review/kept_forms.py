"""Forms of what keeps versions: of two people who change the same thing, the second is told, and nothing is lost."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.http import QueryDict

from drafting import versions
from drafting.models import Version
from review import audit_log
from review.desk import words

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:  # Django's class takes no type at run time
    _ModelForm = forms.ModelForm


class KeptForm(_ModelForm):
    """The form of a thing that `versions` keeps. `seen` is the number of the version that the person began from, 0 for none."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **about: Any) -> None:
        super().__init__(*args, **about)
        pk = self.instance.pk
        self.newest = versions.newest(kind=versions.kind_of(self.instance), of=pk) if pk else None
        self.initial["seen"] = self.newest.number if self.newest else 0

    @transaction.atomic
    def keep(self, *, by: User) -> Version:
        """Save what was typed, with its version. Raises SavedMeanwhile where the person has not seen the newest one."""
        if self.instance.pk:
            versions.check_seen(thing=self.instance, seen=self.cleaned_data.get("seen") or 0)
        version = versions.keep(thing=self.save(), by=by)
        if version != self.newest:
            said = f"Version {version.number}."
            audit_log.record(act=f"{version.kind}.saved", by=by, about=str(self.instance), words=said, of=version.of)
        return version

    def take_as_seen(self, newest: Version) -> None:
        """Whoever saves again has seen this version."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = str(newest.number)
        self.data = data

    def tell(self, error: versions.SavedMeanwhile) -> None:
        """Say who was quicker, and let the person save again."""
        newest, did = error.newest, "deleted this" if versions.is_deletion(error.newest) else f"saved version {error.newest.number}"
        self.take_as_seen(newest)
        self.add_error(
            None,
            f"{words.person(newest.by)} {did} while you were typing. Nothing is saved yet: look at what changed under the versions, "
            "then save again to put yours on top.",
        )

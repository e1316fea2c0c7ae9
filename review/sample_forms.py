"""Which replies an auditor wants to look at, checked."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.validators import RegexValidator
from django.db.models import Exists, OuterRef

from drafting.models import Category, Setup, SetupActivation
from inbox.models import Mailbox
from review import access
from review.exports import sample
from review.reports import periods
from review.reports.periods import Period
from review.reports.reading import Scope
from review.reports.summary import UNSORTED

USUAL = 20
_SEED = RegexValidator(r"^[0-9A-Za-z-]+\Z", "Write letters, digits and dashes only.")
_DAY = {"type": "date"}


class SampleForm(forms.Form):
    """A sample of the replies that `user` may see."""

    first = forms.DateField(label="Left from", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    last = forms.DateField(label="to", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    mailbox = forms.ModelChoiceField(queryset=Mailbox.objects.none(), required=False, empty_label="All mailboxes")
    category = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    setup = forms.ModelChoiceField(queryset=Setup.objects.none(), required=False, empty_label="All setups")
    only_automatic = forms.BooleanField(required=False, label="Only replies that left by themselves")
    n = forms.IntegerField(label="How many", min_value=1, max_value=sample.MOST, help_text=f"{sample.MOST} at most.")
    seed = forms.CharField(
        max_length=40,
        validators=[_SEED],
        help_text="The same seed draws the same replies again. It stands in the file and in the audit log.",
    )
    file = forms.ChoiceField(choices=[("pdf", "PDF, to read and to keep"), ("json", "JSON, for programs")], widget=forms.RadioSelect)

    def __init__(self, *args: Any, user: User, **about: Any) -> None:
        super().__init__(*args, **about)
        self.user = user
        self.fields["mailbox"].queryset = access.mailboxes(user).order_by("name")  # type: ignore[attr-defined]
        categories = [("", "All categories"), *Category.objects.order_by("name").values_list("pk", "name"), (0, UNSORTED)]
        self.fields["category"].choices = categories  # type: ignore[attr-defined]
        used = Setup.objects.filter(Exists(SetupActivation.objects.filter(setup=OuterRef("pk"))))
        self.fields["setup"].queryset = used.defer("parts").order_by("-pk")  # type: ignore[attr-defined]

    @staticmethod
    def usual(values: Mapping[str, str]) -> dict[str, Any]:
        """What it begins with: what an address says, else the last 30 days, and a seed that nobody chose."""
        last = periods.today()
        begins = {"first": last - timedelta(days=29), "last": last, "n": USUAL, "file": "pdf", "seed": sample.new_seed()}
        return begins | {name: values[name] for name in ("first", "last", "mailbox", "category", "setup") if values.get(name)}

    def clean(self) -> dict[str, Any]:
        """The days are a period."""
        cleaned = super().clean() or {}
        if cleaned.get("first") and cleaned.get("last"):
            try:
                cleaned["period"] = periods.chosen(cleaned["first"], cleaned["last"])
            except ValueError as error:
                self.add_error("last", str(error))
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """The arguments of `sample.draw`, of the valid form."""
        about = self.cleaned_data
        period: Period = about["period"]
        mailboxes = frozenset({about["mailbox"].pk}) if about["mailbox"] else access.mailbox_ids(self.user)
        scope = Scope(mailboxes=mailboxes, category=about["category"], setup=about["setup"].pk if about["setup"] else None)
        return {"period": period, "scope": scope, **{name: about[name] for name in ("n", "seed", "only_automatic")}}

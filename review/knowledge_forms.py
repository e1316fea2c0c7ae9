"""Articles, templates and guidance as admins type them."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse_lazy
from django.utils.text import slugify

from drafting import versions
from drafting.models import Article, Guidance, ReplyTemplate, Version
from review.desk import words

if TYPE_CHECKING:
    KnowledgeModelForm = forms.ModelForm[Any]
else:
    KnowledgeModelForm = forms.ModelForm

ACTIVE = "The assistant uses only what is active."
PREVIEWED = {
    "hx-post": reverse_lazy("preview_template"),
    "hx-trigger": "input changed delay:300ms",
    "hx-target": "#slots-preview",
    "hx-swap": "outerHTML",
}


class KnowledgeForm(KnowledgeModelForm):
    """What all three have in common. `seen` is the number of the version that the person began from."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.newest = versions.of(self.instance)[:1] if self.instance.pk else []
        self.initial["seen"] = self.newest[0].number if self.newest else 0

    def clean(self) -> dict[str, Any]:
        """Nobody overwrites what they have not seen; saying it once is enough."""
        cleaned = super().clean() or {}
        newest = self.newest[0] if self.newest else None
        if newest and (cleaned.get("seen") or 0) < newest.number:
            data: Any = self.data
            self.data = data.copy() | {"seen": str(newest.number)}
            self.add_error(
                None,
                f"{words.person(newest.by)} saved version {newest.number} while you were typing. Nothing is saved yet: look at what "
                "changed under the versions, then save again to put yours on top.",
            )
        return cleaned

    @transaction.atomic
    def keep(self, *, by: User) -> Version:
        """Save what was typed, with its version."""
        return versions.keep(thing=self.save(), by=by)


class _LanguageField(forms.ChoiceField):
    """A language by its English name; one that we have no name for stays what it is."""

    def __init__(self) -> None:
        named = sorted(words.LANGUAGES.items(), key=lambda pair: pair[1])
        super().__init__(choices=named, initial="en")

    def take(self, code: str) -> None:
        """Offer `code` too."""
        if code and code not in words.LANGUAGES:
            self.choices = [*self.choices, (code, words.language(code))]  # type: ignore[misc]


class ArticleForm(KnowledgeForm):
    """What the company says about a topic, in one language."""

    language = _LanguageField()
    slug = forms.SlugField(
        max_length=80,
        required=False,
        label="Short name",
        help_text="The same for all languages of an article. Left empty, it is made from the title.",
    )

    class Meta:
        model = Article
        fields = ["title", "language", "slug", "body", "is_active"]
        labels = {"body": "Text", "is_active": "Active"}
        help_texts = {"is_active": ACTIVE}
        widgets = {"body": forms.Textarea(attrs={"rows": 14, "dir": "auto"})}

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["language"].take(self.instance.language)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A short name is there."""
        cleaned = super().clean()
        cleaned["slug"] = cleaned.get("slug") or slugify(cleaned.get("title", ""))[:80]
        if not cleaned["slug"] and "title" in cleaned:
            self.add_error("slug", "The title has no letters that a short name can be made from. Write one.")
        return cleaned


class TemplateForm(KnowledgeForm):
    """An approved wording for a category, with slots."""

    language = _LanguageField()

    class Meta:
        model = ReplyTemplate
        fields = ["name", "category", "language", "body", "is_active"]
        labels = {"body": "Text", "is_active": "Active"}
        help_texts = {
            "is_active": ACTIVE,
            "body": "Slots: {order} takes a few words that promise nothing; {order:id}, {day:date}, {sum:amount} and {days:number} take "
            "exactly one fact of that kind.",
        }
        widgets = {"body": forms.Textarea(attrs={"rows": 10, "dir": "auto", **PREVIEWED})}

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["language"].take(self.instance.language)  # type: ignore[attr-defined]


class GuidanceForm(KnowledgeForm):
    """Prose that the model reads before it writes."""

    class Meta:
        model = Guidance
        fields = ["title", "text", "is_active"]
        labels = {"is_active": "Active"}
        help_texts = {"is_active": ACTIVE}
        widgets = {"text": forms.Textarea(attrs={"rows": 10, "dir": "auto"})}


FORMS: dict[str, type[KnowledgeForm]] = {
    Version.Kind.ARTICLE: ArticleForm,
    Version.Kind.TEMPLATE: TemplateForm,
    Version.Kind.GUIDANCE: GuidanceForm,
}
"""By `Version.Kind`."""

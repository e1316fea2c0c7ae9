"""Articles, templates, guidance and categories as admins type them."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.text import slugify

from drafting import categories
from drafting.models import Article, Category, Guidance, ReplyTemplate, Version
from review.desk import words
from review.kept_forms import KeptForm

ACTIVE = "The assistant uses only what is active."
PREVIEWED = {
    "hx-post": reverse_lazy("preview_template"),
    "hx-trigger": "input changed delay:300ms",
    "hx-target": "#slots-preview",
    "hx-swap": "outerHTML",
}


class _LanguageField(forms.ChoiceField):
    """A language by its English name; one that we have no name for stays what it is."""

    def __init__(self) -> None:
        named = sorted(words.LANGUAGES.items(), key=lambda pair: pair[1])
        super().__init__(choices=named, initial="en")

    def take(self, code: str) -> None:
        """Offer `code` too."""
        if code and code not in words.LANGUAGES:
            self.choices = [*self.choices, (code, words.language(code))]  # type: ignore[misc]


class ArticleForm(KeptForm):
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
        cleaned = super().clean() or {}
        cleaned["slug"] = cleaned.get("slug") or slugify(cleaned.get("title", ""))[:80]
        if not cleaned["slug"] and "title" in cleaned:
            self.add_error("slug", "The title has no letters that a short name can be made from. Write one.")
        return cleaned


class TemplateForm(KeptForm):
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


class GuidanceForm(KeptForm):
    """Prose that the model reads before it writes."""

    class Meta:
        model = Guidance
        fields = ["title", "text", "is_active"]
        labels = {"is_active": "Active"}
        help_texts = {"is_active": ACTIVE}
        widgets = {"text": forms.Textarea(attrs={"rows": 10, "dir": "auto"})}


class CategoryForm(KeptForm):
    """A kind of mail. Its short name stands in rules, imports and exports, so it stays once something refers to the category."""

    slug = forms.SlugField(max_length=50, required=False, label="Short name", help_text="Left empty, it is made from the name.")

    class Meta:
        model = Category
        fields = ["name", "slug", "description", "position", "is_active"]
        labels = {"is_active": "Active"}
        help_texts = {
            "is_active": ACTIVE,
            "description": "What the assistant chooses the category by: what mails of this kind ask or say, and what belongs elsewhere.",
            "position": "Where it stands in lists; the smallest comes first.",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 6, "dir": "auto"})}

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        if self.instance.pk and categories.references(self.instance):
            self.fields["slug"].disabled = True
            self.fields["slug"].help_text = "It is in use, so it stays as it is."

    def clean_slug(self) -> str:
        """A short name that no other category has."""
        slug = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("name", ""))[:50]
        if not slug and "name" in self.cleaned_data:
            raise forms.ValidationError("The name has no letters that a short name can be made from. Write one.")
        if Category.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"Another category has the short name “{slug}” already. Choose another.")
        return str(slug)


FORMS: dict[str, type[KeptForm]] = {
    Version.Kind.ARTICLE: ArticleForm,
    Version.Kind.TEMPLATE: TemplateForm,
    Version.Kind.GUIDANCE: GuidanceForm,
    Version.Kind.CATEGORY: CategoryForm,
}
"""By `Version.Kind`."""

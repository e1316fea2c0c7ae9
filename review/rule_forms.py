"""What an admin writes as a rule, checked."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from drafting import facts, previews, rulebook, rules
from drafting.models import Category, Draft, Rule
from review.kept_forms import KeptForm

TEXT_HINTS = {
    Rule.Effect.NEEDS_PERSON: "why a person has to look",
    Rule.Effect.HAND_OVER: "why a person has to answer",
    Rule.Effect.MUST_SAY: "what the reply must say, word for word; each line on its own",
    Rule.Effect.MUST_NOT_SAY: "what the reply must not say; each line on its own",
    Rule.Effect.TELL_MODEL: "what the model is told",
}
_EXPRESSION = {"class": "code", "rows": 4, "spellcheck": "false", "autocapitalize": "off", "autocomplete": "off"}


class RuleForm(KeptForm):
    """A rule as it could be saved."""

    class Meta:
        model = Rule
        fields = ["name", "effect", "text", "expression", "categories", "is_active"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "text": forms.Textarea(attrs={"rows": 3}),
            "expression": forms.Textarea(attrs=_EXPRESSION),
            "categories": forms.CheckboxSelectMultiple,
        }
        labels = {"effect": "What follows", "expression": "When", "is_active": "Active"}
        help_texts = {
            "text": f"{'; '.join(f'{label}: {TEXT_HINTS[Rule.Effect(value)]}' for value, label in Rule.Effect.choices)}.",
            "expression": "True or false, as in order.total > 500. A rule with a fact that is not known needs a person; "
            "has(order.total) asks whether it is known.",
            "categories": "None ticked means all. The model chooses the category: a rule that no mail may escape should have none ticked, "
            'and say in its condition what it is about, as in mentions(mail.text, "damage").',
            "is_active": "A rule that is not active does nothing and is kept.",
        }
        error_messages = {"name": {"required": "Give the rule a name.", "unique": "Another rule has this name. Choose another one."}}

    def __init__(self, *args: Any, **about: Any) -> None:
        super().__init__(*args, **about)
        self.name_before = str(self.initial.get("name") or "") if self.instance.pk else ""
        categories = self.fields["categories"]
        assert isinstance(categories, forms.ModelMultipleChoiceField)
        categories.queryset = Category.objects.order_by("name")

    def clean_expression(self) -> str:
        expression = str(self.cleaned_data["expression"]).replace("\r\n", "\n").strip()
        try:
            rules.validate(expression, facts=facts.catalogue())
        except rules.RuleError as error:
            raise forms.ValidationError(str(error)) from error
        return expression

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        effect = cleaned.get("effect")
        if effect in (Rule.Effect.MUST_SAY, Rule.Effect.MUST_NOT_SAY, Rule.Effect.TELL_MODEL) and not cleaned.get("text"):
            self.add_error("text", f"Say {TEXT_HINTS[Rule.Effect(effect)].partition(';')[0]}.")
        return cleaned

    def as_rule(self) -> dict[str, Any] | None:
        """The rule as `rulebook.parse` takes it; None if it would not be active."""
        typed = self.typed()
        return typed if typed.pop("is_active") else None

    def typed(self) -> dict[str, Any]:
        """What was typed, as versions hold it."""
        about = {name: self.cleaned_data[name] for name in ("name", "expression", "effect", "text", "is_active")}
        return about | {"categories": sorted(each.slug for each in self.cleaned_data["categories"])}


class PreviewForm(forms.Form):
    """Which past drafts a preview looks at."""

    category = forms.ModelChoiceField(Category.objects.order_by("name"), required=False, empty_label="All categories", to_field_name="slug")
    newest = forms.TypedChoiceField(
        choices=[("200", "the newest 200"), ("1000", "the newest 1,000"), ("5000", "the newest 5,000")],
        coerce=int,
        empty_value=None,
        initial="1000",
        required=False,
        label="Past drafts",
    )
    prefix = "preview"

    def preview(self, *, without: str, rule: dict[str, Any] | None, among: QuerySet[Draft]) -> previews.Preview:
        """What would change with `rule` (none if it goes) in place of the one named `without` ("" for none). The form is valid."""
        before, category = rulebook.read(), self.cleaned_data["category"]
        after = rulebook.changed(before, without=without, rule=rule)
        slug = category.slug if category else ""
        newest = self.cleaned_data["newest"] or previews.NEWEST
        return previews.preview(before=before, after=after, category=slug, newest=newest, among=among)


def offer_categories(form: RuleForm, wanted: PreviewForm) -> None:
    """Read the categories that both forms offer once."""
    known = [(category.pk, category.slug, category.name) for category in Category.objects.order_by("name")]
    chosen, narrowed = form.fields["categories"], wanted.fields["category"]
    assert isinstance(chosen, forms.ModelMultipleChoiceField)
    assert isinstance(narrowed, forms.ModelChoiceField)
    chosen.choices = [(pk, name) for pk, _, name in known]
    narrowed.choices = [("", "All categories"), *((slug, name) for _, slug, name in known)]

"""What forms say of a field that is wrong, in our voice, where the field has no words of its own."""

from django import forms

WORDS: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "This is missing. Fill it in."},
    forms.CharField: {"max_length": "At most %(limit_value)d characters fit in here; these are %(show_value)d."},
    forms.ChoiceField: {"required": "Choose one.", "invalid_choice": "“%(value)s” cannot be chosen here. Choose another."},
    forms.MultipleChoiceField: {"required": "Tick at least one.", "invalid_choice": "“%(value)s” cannot be chosen here. Choose another."},
    forms.ModelChoiceField: {"required": "Choose one.", "invalid_choice": "What you chose is not there any more. Choose another."},
    forms.ModelMultipleChoiceField: {
        "required": "Tick at least one.",
        "invalid_choice": "“%(value)s” is not there any more. Choose another.",
    },
    forms.IntegerField: {
        "invalid": "Write a whole number.",
        "min_value": "This must be at least %(limit_value)s.",
        "max_value": "This must be at most %(limit_value)s.",
    },
    forms.DecimalField: {"invalid": "Write a number, such as 12.5."},
    forms.FloatField: {"invalid": "Write a number, such as 12.5."},
    forms.DateField: {"invalid": "Write the day as 2026-01-31."},
    forms.EmailField: {"invalid": "Write a mail address, such as name@company.example."},
    forms.URLField: {"invalid": "Write an address that begins with https://."},
}


def use() -> None:
    """Take the place of Django's sentences in all forms. A field's own `error_messages` go before them."""
    for kind, words in WORDS.items():
        kind.default_error_messages = kind.__dict__.get("default_error_messages", {}) | words

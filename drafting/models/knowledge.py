"""What the company says and wants: categories, articles, templates, rules and guidance."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

from drafting import slots
from inbox import text_search

LONGEST_ARTICLE = 100_000
"""Characters of an article's body; the database's full-text index holds texts up to a megabyte of different words."""


class Category(models.Model):
    """The kind of a mail. `description` is what the model chooses by."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    description = models.TextField()
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


def validate_slots(text: str) -> None:
    """Refuse a template whose slots cannot be read, in words."""
    if problems := slots.problems(text):
        raise ValidationError(problems)


class Article(models.Model):
    """A knowledge article: what the company says about something, in one language. `search` is kept by the database."""

    slug = models.SlugField(max_length=80)
    language = models.CharField(max_length=8, default="en")
    title = models.CharField(max_length=200)
    body = models.TextField(validators=[MaxLengthValidator(LONGEST_ARTICLE)])
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)
    search = models.GeneratedField(expression=text_search.by_language(), output_field=SearchVectorField(), db_persist=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "language"], name="article_once_per_language")]
        indexes = [GinIndex(fields=["search"], name="article_words")]

    def __str__(self) -> str:
        return self.title


class ReplyTemplate(models.Model):
    """An approved wording for a category and language, with slots (see `slots.py`). The model may use it; people may insert it."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="templates")
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    body = models.TextField(validators=[validate_slots])
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "language", "name"], name="template_once")]

    def __str__(self) -> str:
        return self.name


class Rule(models.Model):
    """A business rule that code checks: a CEL expression over facts, and what holds when it is true.

    `text` is what must (not) be said, what the model is told, or the reason that people read, depending on the effect.
    A rule with no categories holds for all.
    """

    class Effect(models.TextChoices):
        NEEDS_PERSON = "needs_person", "Needs a person"
        HAND_OVER = "hand_over", "Hand over"
        MUST_SAY = "must_say", "Must say"
        MUST_NOT_SAY = "must_not_say", "Must not say"
        TELL_MODEL = "tell_model", "Tell the model"

    name = models.CharField(max_length=120, unique=True)
    expression = models.TextField()
    effect = models.CharField(max_length=12, choices=Effect)
    text = models.TextField(blank=True)
    categories = models.ManyToManyField(Category, blank=True, related_name="rules")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rule_effect_known", condition=Q(effect__in=["needs_person", "hand_over", "must_say", "must_not_say", "tell_model"])
            ),
            models.CheckConstraint(name="rule_says_something", condition=Q(effect__in=["needs_person", "hand_over"]) | ~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.name


class Guidance(models.Model):
    """Prose that the model reads before it writes: tone, greetings, what the company stands for."""

    title = models.CharField(max_length=120, unique=True)
    text = models.TextField()
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "guidance"

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """How an article, a template, a rule, guidance, a connector or a lookup stood once somebody had saved it.

    `number` counts from 1 for each. Append-only, in the database too; `versions.py` alone writes these rows. `content` holds its fields
    by name. What was deleted keeps its versions; the last one has {"is_deleted": true}.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article", "Article"
        TEMPLATE = "template", "Template"
        RULE = "rule", "Rule"
        GUIDANCE = "guidance", "Guidance"
        CONNECTOR = "connector", "Connector"
        LOOKUP = "lookup", "Lookup"
        CATEGORY = "category", "Category"

    kind = models.CharField(max_length=12, choices=Kind)
    of = models.BigIntegerField(help_text="The id of what this is a version of.")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "of", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"Version {self.number} of {self.kind} {self.of}"

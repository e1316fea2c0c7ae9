"""How PostgreSQL's full-text search reads a text in each language."""

from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable, SearchVector, SearchVectorField
from django.db.models import Case, When
from django.db.models.expressions import CombinedExpression

LANGUAGE_CONFIGS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
"""PostgreSQL's own text search configurations, by ISO 639-1 code."""
WHATEVER = "simple"
"""The configuration for every other language: words as they are written."""


def config(language: str) -> str:
    """The text search configuration for `language` (ISO 639-1)."""
    return LANGUAGE_CONFIGS.get(language, WHATEVER)


def by_language() -> Case:
    """The words of a row's title and body, read in the row's language. The title weighs more."""
    read = (When(language=language, then=_words(name)) for language, name in LANGUAGE_CONFIGS.items())
    return Case(*read, default=_words(WHATEVER), output_field=SearchVectorField())


def in_any_language(text: str) -> SearchQueryCombinable:
    """A query for all words of `text`, read as each language would."""
    names = sorted({WHATEVER, *LANGUAGE_CONFIGS.values()})
    return reduce(or_, (SearchQuery(text, config=name) for name in names))


def _words(name: str) -> CombinedExpression:
    return SearchVector("title", config=name, weight="A") + SearchVector("body", config=name, weight="C")

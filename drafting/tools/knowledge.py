"""Articles and templates: what the company says in general; no customer's data.

Each answer names the version that it is taken from as "v3": a bare 3 would trace any 3 in a draft.
"""

from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import Case, F, QuerySet, TextField, When
from django.db.models.functions import Length

from drafting import versions
from drafting.errors import NotFound
from drafting.models import Article, ReplyTemplate, Version
from drafting.tools import words
from drafting.tools.base import Scope
from inbox import text_search

LISTED = 3
WHOLE = 3_000
"""Characters up to which an article is told as a whole; of longer ones the passages around the words asked for."""


def articles(scope: Scope, query: str) -> list[dict[str, Any]]:
    """Articles about `query` by full-text search, in the customer's language where there are any, else in the mailbox's."""
    for language in dict.fromkeys((scope.language, scope.fallback_language, "en")):
        if found := _search(query, language=language):
            return [_told(each) for each in found]
    raise NotFound(f"No article is about {query[:80]!r}.")


def templates(scope: Scope, query: str) -> list[dict[str, Any]]:
    """The approved wordings for the mail's category, in the customer's language where there are any, else in the mailbox's."""
    if scope.category is None:
        raise NotFound("The mail has no category yet.")
    active = ReplyTemplate.objects.filter(category=scope.category, is_active=True)
    active = active.annotate(version=versions.newest_number(Version.Kind.TEMPLATE))
    for language in dict.fromkeys((scope.language, scope.fallback_language, "en")):
        found = active.filter(language=language).order_by("name")[:LISTED]
        if found:
            return [
                {"id": each.pk, "name": each.name, "language": each.language, "version": _version(each), "body": each.body}
                for each in found
            ]
    raise NotFound("There are no templates for this kind of mail.")


def about(query: str, *, language: str) -> QuerySet[Article]:
    """The active articles in `language` that have any word of `query`, the most fitting first. Read through the index `article_words`."""
    terms = words.words(query)
    if not terms:
        return Article.objects.none()
    asked = _asked(terms, language)
    found = Article.objects.filter(is_active=True, language=language, search=asked)
    return found.annotate(rank=SearchRank(F("search"), asked)).order_by("-rank", "slug")


def _search(query: str, *, language: str) -> list[Any]:
    terms = words.words(query)
    if not terms:
        return []
    told = Case(When(length__lte=WHOLE, then="body"), default=_passages(terms, language), output_field=TextField())
    found = about(query, language=language).annotate(length=Length("body"))
    return list(found.annotate(told=told, version=versions.newest_number(Version.Kind.ARTICLE)).defer("body", "search")[:LISTED])


def _asked(terms: list[str], language: str) -> SearchQuery:
    return words.any_word(terms, config=text_search.config(language))


def _passages(terms: list[str], language: str) -> SearchHeadline:
    return SearchHeadline(
        "body",
        _asked(terms, language),
        config=text_search.config(language),
        start_sel="",
        stop_sel="",
        min_words=60,
        max_words=120,
        max_fragments=3,
        fragment_delimiter=" … ",
    )


def _told(each: Any) -> dict[str, Any]:
    told = {"id": each.slug, "language": each.language, "title": each.title, "version": _version(each), "body": each.told}
    return told | ({"is_excerpt": True} if each.length > WHOLE else {})


def _version(each: Any) -> str:
    return f"v{each.version or 0}"

"""Articles and templates: what the company says in general; no customer's data."""

from typing import Any

from django.contrib.postgres.search import SearchRank, SearchVector

from drafting.errors import NotFound
from drafting.models import Article, ReplyTemplate
from drafting.tools import words
from drafting.tools.base import Scope

LISTED = 3


def articles(scope: Scope, query: str) -> list[dict[str, Any]]:
    """Articles about `query` by full-text search, in the customer's language where there are any, else in the mailbox's."""
    for language in dict.fromkeys((scope.language, scope.fallback_language, "en")):
        if found := _search(query, language=language):
            return [{"id": each.slug, "language": each.language, "title": each.title, "body": each.body} for each in found]
    raise NotFound(f"No article is about {query[:80]!r}.")


def templates(scope: Scope, query: str) -> list[dict[str, Any]]:
    """The approved wordings for the mail's category, in the customer's language where there are any, else in the mailbox's."""
    if scope.category is None:
        raise NotFound("The mail has no category yet.")
    for language in dict.fromkeys((scope.language, scope.fallback_language, "en")):
        found = ReplyTemplate.objects.filter(category=scope.category, language=language, is_active=True).order_by("name")[:LISTED]
        if found:
            return [{"id": each.pk, "name": each.name, "language": each.language, "body": each.body} for each in found]
    raise NotFound("There are no templates for this kind of mail.")


def _search(query: str, *, language: str) -> list[Article]:
    terms = words.words(query)
    if not terms:
        return []
    config = words.LANGUAGE_CONFIGS.get(language, "simple")
    vector = SearchVector("title", config=config, weight="A") + SearchVector("body", config=config, weight="C")
    asked = words.any_word(terms, config=config)
    ranked = Article.objects.filter(is_active=True, language=language).annotate(words=vector, rank=SearchRank(vector, asked))
    return list(ranked.filter(words=asked).order_by("-rank", "slug")[:LISTED])
